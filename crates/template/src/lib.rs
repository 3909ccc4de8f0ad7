#![forbid(unsafe_code)]
//! Go's `text/template` with the sprig functions, exactly.
mod argocd;
mod builtins;
mod env;
mod error;
mod exec;
pub mod fasttemplate;
mod function;
mod go;
mod helm;
mod options;
mod parse;
mod sprig;
mod template;
mod value;
mod yaml;

pub use error::{Error, ErrorKind, Position};
pub use function::{Functions, Ty};
pub use go::regex::Regex;
pub use go::semver::Version;
pub use go::time::Time;
pub use options::{Clock, Limits, MissingKey, Options, Random, Seed};
pub use template::{Parsed, Template, TemplateSet};
pub use value::{Elem, IntType, Kind, List, Map, MapElem, Numbers, Object, Runes, Text, UintType, Value};
