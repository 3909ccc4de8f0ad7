#![forbid(unsafe_code)]
//! Facts about Kubernetes kinds, compiled in as tables or read from OpenAPI documents.
//!
//! Nothing here parses a built-in document at run time. Each consumer has its own tables, because each upstream has its own:
//! kustomize carries Kubernetes 1.21, Argo CD a later one.
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

pub mod kustomize;
