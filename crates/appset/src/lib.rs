//! Argo CD ApplicationSets, offline and with reasons.
//!
//! Give it an ApplicationSet and the facts it asks for (clusters, git revisions, pull requests, …), and it answers with the
//! Applications that Argo CD 3.6 would generate, each with the generator, row, file and parameters it comes from:
//!
//! - [`needs`] lists the facts to fetch, [`evaluate`] gives the Applications, [`explain`] says why one is there or not;
//! - [`validate`] finds what Argo CD would refuse, [`overlaps`] where several sets get into each other's way,
//!   [`reconcile::plan`] decides what to create, update and delete;
//! - [`rollout`] takes the steps of a RollingSync, [`status`] gives the conditions and health, [`requeue_after`] the time.
//!
//! Promises: the first error is the result, in Argo CD's words, as in the controller. What is not known is never taken for
//! empty: nothing is deleted on its account. No I/O, no clock, no global state; no input makes it panic; sizes are limited
//! by [`Limits`].
//!
//! It stands on `trueup-manifest` (documents), `trueup-template` (Go templates) and `trueup-patch` (`templatePatch`).
//!
//! ```
//! use trueup_appset::{Cluster, MemoryFacts};
//! use trueup_manifest::FileTree;
//! use trueup_manifest::yaml::{self, ParseOptions};
//!
//! let application_set = yaml::parse(br#"
//! metadata: {name: services, namespace: argocd}
//! spec:
//!   goTemplate: true
//!   generators:
//!   - matrix:
//!       generators:
//!       - git: {repoURL: "https://git.example.com/config.git", revision: main, directories: [{path: services/*}]}
//!       - list: {elements: [{env: staging}, {env: production}]}
//!   template:
//!     metadata: {name: "{{ .path.basename }}-{{ .env }}"}
//!     spec:
//!       project: default
//!       source: {repoURL: "https://git.example.com/config.git", path: "{{ .path.path }}/{{ .env }}"}
//!       destination: {name: in-cluster, namespace: "{{ .path.basename }}"}
//! "#, &ParseOptions::kubernetes())?;
//! let tree = FileTree::from_files([("services/cart/kustomization.yaml", ""), ("services/user/kustomization.yaml", "")])?;
//! let facts = MemoryFacts::new().with_tree("https://git.example.com/config.git", "main", tree);
//!
//! let evaluation = trueup_appset::evaluate(&application_set, &facts)?;
//! let names: Vec<&str> = evaluation.applications.iter().map(|application| application.name()).collect();
//! assert_eq!(names, ["cart-staging", "cart-production", "user-staging", "user-production"]);
//! assert_eq!(
//!     evaluation.applications[1].origin.to_string(),
//!     "spec.generators[0].matrix (directory services/cart × element 1)"
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]

mod error;
mod evaluate;
mod explain;
mod facts;
mod generators;
mod glob;
mod model;
mod names;
mod options;
mod overlap;
pub mod parameters;
mod patch;
mod project;
pub mod reconcile;
pub mod render;
mod requeue;
pub mod rollout;
mod security;
pub mod status;
mod template;
mod unrecognized;
mod validate;
mod yaml_text;

pub use error::Error;
pub use evaluate::{
    Evaluation, Excluded, Generated, GeneratorYield, evaluate, evaluate_with, first_needs, needs,
    parameter_sets,
};
pub use explain::{Explanation, Fate, FieldReason, ParameterReason, Presence, explain};
pub use facts::{
    Answer, Cluster, Fact, Facts, GitContent, MemoryFacts, Need, PullRequest, PullRequestError, Repository,
};
pub use generators::{append_values, filter_pull_requests, filter_repositories, interpolate};
pub use model::normalize_spec;
pub use names::{branch_slug, normalize};
pub use options::{FileGlobbing, Limits, Options};
pub use overlap::{SetEvaluation, overlaps};
pub use patch::apply_template_patch;
pub use render::Use;
pub use requeue::{AFTER_ERROR, DEFAULT as DEFAULT_REQUEUE, requeue_after};
pub use template::{merge_templates, render_application};
pub use unrecognized::{UnrecognizedGenerators, unrecognized_generators};
pub use validate::{Validation, validate, validate_applications, validation_needs};

/// Quotes a text as Go's `%q` does for plain ones.
fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c.is_ascii_control() => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
