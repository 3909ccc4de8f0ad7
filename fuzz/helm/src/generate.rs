//! Small charts that nobody thought of.

use crate::arguments::Arguments;
use crate::compare::Summary;
use std::collections::BTreeMap;
use std::io;

/// A chart with flags.
pub(crate) struct Case {
    pub(crate) files: BTreeMap<String, String>,
    pub(crate) flags: Vec<String>,
}
pub(crate) fn case(_: u64) -> Case {
    Case { files: BTreeMap::new(), flags: Vec::new() }
}
pub(crate) fn run(_: &Arguments) -> io::Result<Summary> {
    Ok(Summary::default())
}
