//! The three pattern languages of the git generator.

mod doublestar;
mod path_match;
mod pathspec;

pub(crate) use doublestar::DoubleStar;
pub(crate) use path_match::PathMatch;
pub(crate) use pathspec::Pathspec;
