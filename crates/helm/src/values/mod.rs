//! Values: read from files, set by hand, and merged as Helm merges them.
//!
//! They are Go's maps, shared and changed in place, since templates can see who shares what with whom.

mod coalesce;
mod copy;
mod path;
mod read;
mod user;

pub(crate) use coalesce::{Mode, coalesce_values, merge_tables};
pub(crate) use copy::Budget;
pub(crate) use path::{path_value, table};
pub(crate) use read::read;
pub use user::{UserValues, ValuesFile};
