#![forbid(unsafe_code)]
//! Facts about Kubernetes kinds: what type a field has, by which keys a list merges, where an object lives.
//!
//! One [`Schema`] shape serves the built-in tables ([`kubernetes`]), CRDs and OpenAPI documents ([`openapi`]) and
//! structured-merge-diff schemas ([`smd`]). A [`TypeRef`] is a cursor into it: two words, freely copied.
//!
//! ```
//! let deployment = trueup_schema::kubernetes::schema().kind("apps/v1", "Deployment").unwrap();
//! let pod = deployment.ty().walk(&["spec", "template", "spec"]).unwrap();
//! let containers = pod.field("containers").unwrap();
//! assert_eq!(containers.merge_key(), Some("name"));
//! assert!(containers.ty().item().unwrap().field("image").is_some());
//! ```
//!
//! kustomize carries the facts of an older Kubernetes and reads them in its own way, so it has its own tables:
//!
//! ```
//! use trueup_schema::kustomize::Schema;
//!
//! let schema = Schema::built_in();
//! assert!(schema.is_cluster_scoped("v1", "Namespace"));
//! let pod = schema.type_of("v1", "Pod").unwrap();
//! let containers = pod.field("spec").and_then(|spec| spec.field("containers")).unwrap();
//! assert_eq!(containers.merge_keys().as_ref(), ["name"]);
//! ```
//!
//! Stands on `trueup-manifest` only. Nothing here is computed from a clock, a file or a network.

mod build;
mod cursor;
pub mod kubernetes;
pub mod kustomize;
mod model;
pub mod openapi;
pub mod smd;
pub mod time;

pub use build::{NewField, Node, SchemaBuilder};
pub use cursor::{Field, Kind, ListType, MapType, TypeRef};
pub use model::{PatchStrategy, Relation, Scalar, Schema, Shape};
