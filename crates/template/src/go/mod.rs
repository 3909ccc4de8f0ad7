//! The pieces of Go's standard library that templates show through.

pub(crate) mod duration;
pub(crate) mod encoding;
pub(crate) mod fmt;
mod format;
pub(crate) mod layout;
pub(crate) mod number;
pub(crate) mod quote;
pub(crate) mod semver;
pub(crate) mod time;
pub(crate) mod unicode;
mod unicode_tables;
