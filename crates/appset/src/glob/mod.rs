//! The three pattern languages of the git generator.

mod doublestar;
mod pathspec;

pub(crate) use doublestar::DoubleStar;
pub(crate) use pathspec::Pathspec;
