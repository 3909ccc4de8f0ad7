//! From values back to text.

mod analyze;
mod json_way;
mod out;
mod scalar;
mod sort;
mod tree;
mod v2;
mod v3;

pub(super) use json_way::through_kyaml;
pub(super) use v2::write;
pub use v3::{SequenceIndent, V3Style};
pub(super) use v3::{round_trip, style_of, write_v3};

use super::Generation;

/// How the library at hand writes.
#[derive(Clone, Copy, Debug)]
struct Manner {
    generation: Generation,
    /// Lines are folded behind this column.
    width: usize,
    indent: usize,
    /// Whether `- ` counts as indentation below a key.
    compact: bool,
    /// Whether the value has yet to take the way through JSON.
    through_json: bool,
    /// Whether collections that were written in braces and brackets are so again.
    keep_flow: bool,
    /// Whether keys are sorted and what YAML 1.1 took for something else is quoted.
    go_values: bool,
}

/// Where a node stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Root,
    Item,
    /// A key on one line with its colon.
    SimpleKey,
    /// A key behind `?`.
    ComplexKey,
    MapValue,
}

/// How deep a value may nest to be written.
const MAX_DEPTH: usize = 512;
