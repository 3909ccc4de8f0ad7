//! Argo CD's own kinds as typed models: [`Application`], [`ApplicationSet`] and [`AppProject`].
//!
//! Field by field what Argo CD 3.6 knows. Reading is as lenient as Go's decoder (null is absent); what is absent stays absent when written,
//! and what these models do not know is kept in `unknown` and written back.

#![expect(
    missing_docs,
    reason = "the fields are those of Argo CD's API types of the same names, documented there"
)]

mod app_project;
mod application;
mod application_set;
mod generators;
mod meta;
mod operation;
mod scm;
mod source;
mod status;

pub use app_project::*;
pub use application::*;
pub use application_set::*;
pub use generators::*;
pub use meta::*;
pub use operation::*;
pub use scm::*;
pub use source::*;
pub use status::*;

use serde::{Deserialize, Deserializer};

/// Reads null as the default, as Go does.
fn nullable<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Default + Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
