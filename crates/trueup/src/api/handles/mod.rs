//! Handles: what is made once and used often. All are frozen, shared by reference count, and may be used from any thread.

mod document;
mod manifests;
mod template;
mod tree;

pub(crate) use document::Content;
pub use document::Document;
pub use manifests::{Manifest, Manifests};
pub(crate) use manifests::{Origin, place};
pub use template::Template;
pub use tree::Tree;
