//! What transformers do to resources.

mod comments;
mod images;
mod labels;
mod names;
mod namespace;
mod references;
mod replacements;
mod replicas;
mod vars;

pub(crate) use images::set_images;
pub use images::split_image;
pub(crate) use labels::set_pairs;
pub(crate) use names::{Affix, rename};
pub(crate) use namespace::{NamespaceOptions, Subjects, set_namespace, set_namespace_of};
pub(crate) use references::fix_references;
pub(crate) use replacements::replace;
pub(crate) use replicas::set_replicas;
pub(crate) use vars::expand;
