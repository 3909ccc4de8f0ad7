//! The pieces of Go's standard library that templates show through.

mod class_names;
pub(crate) mod decimal;
pub(crate) mod duration;
pub(crate) mod encoding;
pub(crate) mod fmt;
mod format;
pub(crate) mod json;
pub(crate) mod layout;
pub(crate) mod number;
pub(crate) mod quote;
pub(crate) mod regex;
pub(crate) mod semver;
pub(crate) mod time;
pub(crate) mod toml;
pub(crate) mod unicode;
mod unicode_tables;
pub(crate) mod url;
