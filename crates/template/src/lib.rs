//! Go's `text/template` with the sprig functions, exactly.
//!
//! Parse once ([`Template::parse`], or a [`TemplateSet`] of several texts that call each other), render as often as you like,
//! from any number of threads. What a template may call is a set of [`Functions`]: Go's own, those of sprig 3.3, and on top
//! what Argo CD gives ApplicationSets or Helm gives charts. Values ([`Value`]) carry Go's kinds, since templates can tell an
//! `int` from a `float64`.
//!
//! Promises: the output is Go's, byte for byte, and an error's text is Go's, word for word, with the place in the template
//! and, for a key that is not there, the keys that are. No I/O: the clock and the random source are arguments, and what asks
//! the environment or the network is an error by name. The data stays as it is, whatever functions a template calls. [`Limits`]
//! count steps, bytes and levels; no input makes it panic or hang.
//!
//! It stands on `trueup-manifest` for YAML and the shape of diagnostics.
//!
//! ```
//! use trueup_template::{Functions, Options, Template, Value};
//!
//! let functions = Functions::builtin().with_argocd();
//! let template = Template::parse("name", "{{ .path.basename | trunc 12 }}-{{ .env | default \"dev\" }}", &functions)?;
//! let path = Value::from_iter([("basename", Value::from("payment-service"))]);
//! let data = Value::from_iter([("path", path), ("env", "production".into())]);
//! assert_eq!(template.render(&data, &Options::default())?, "payment-serv-production");
//! # Ok::<(), trueup_template::Error>(())
//! ```

#![forbid(unsafe_code)]

mod argocd;
mod builtins;
mod chart;
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

/// Formats values as Go's `fmt.Sprintf` does; texts longer than 1 MiB are cut to nothing.
///
/// ```
/// use trueup_template::{Value, sprintf};
///
/// assert_eq!(sprintf("%t", &[Value::from(5.0)]), "%!t(float64=5)");
/// ```
pub fn sprintf(format: &str, args: &[Value]) -> String {
    go::fmt::sprintf(format.as_bytes(), args, 1 << 20).map(|text| value::lossy(&text)).unwrap_or_default()
}

pub use error::{Error, ErrorKind, Position};
pub use function::{Functions, Ty};
pub use go::regex::Regex;
pub use go::semver::{Constraints, Version};
pub use go::time::Time;
pub use options::{Clock, Limits, MissingKey, Options, Random, Seed};
pub use template::{Parsed, Session, Template, TemplateSet};
pub use value::{Elem, IntType, Kind, List, Map, MapElem, Numbers, Object, Runes, Text, UintType, Value};
