//! What an evaluation depends on besides the ApplicationSet and the facts: the controller's settings, and limits.

use std::sync::Arc;
use trueup_manifest::{Cancel, EcoString};
use trueup_template::{Clock, Random};

/// The settings of the ApplicationSet controller, and limits. The defaults are the controller's.
#[derive(Clone)]
#[non_exhaustive]
pub struct Options {
    /// The namespace of Argo CD, which appears in messages (`argocd`).
    pub namespace: EcoString,
    /// How files of the git generator are matched.
    pub file_globbing: FileGlobbing,
    /// Whether directories whose names begin with a dot are found.
    pub include_hidden_directories: bool,
    /// Whether SCM providers and pull requests may be used at all.
    pub scm_providers: bool,
    /// The API URLs that SCM providers may have; empty is every one.
    pub allowed_scm_providers: Vec<EcoString>,
    /// Whether evaluation goes on after an error and lists all of them beside the first, with what did work.
    pub keep_going: bool,
    /// What `now` and friends are in templates. Without it they are errors.
    pub clock: Option<Arc<dyn Clock>>,
    /// Where random functions of templates get their bytes. Without it they are errors.
    pub random: Option<Arc<dyn Random>>,
    /// What one evaluation may cost.
    pub limits: Limits,
    /// Stops the evaluation: asked for each parameter set, each evaluation of a generator, each Application, and inside templates.
    pub cancel: Cancel,
}

/// The pattern language of the git file generator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FileGlobbing {
    /// `git ls-files`, in which `*` crosses slashes.
    #[default]
    Old,
    /// doublestar, as with `--enable-new-git-file-globbing`.
    New,
}

/// What one evaluation may cost; counted, never timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Parameter sets of all generators together, nested ones included (500,000).
    pub max_parameter_sets: usize,
    /// Evaluations of generator sections, one for each row of a matrix' first child (200,000).
    pub max_generator_runs: usize,
    /// What rendering one template may cost.
    pub template: trueup_template::Limits,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_parameter_sets: 500_000,
            max_generator_runs: 200_000,
            template: trueup_template::Limits::default(),
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            namespace: "argocd".into(),
            file_globbing: FileGlobbing::Old,
            include_hidden_directories: false,
            scm_providers: true,
            allowed_scm_providers: Vec::new(),
            keep_going: false,
            clock: None,
            random: None,
            limits: Limits::default(),
            cancel: Cancel::default(),
        }
    }
}

impl Options {
    /// Returns the controller's defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the namespace of Argo CD.
    #[must_use]
    pub fn with_namespace(mut self, namespace: impl Into<EcoString>) -> Self {
        self.namespace = namespace.into();
        self
    }

    /// Sets how files of the git generator are matched.
    #[must_use]
    pub fn with_file_globbing(mut self, globbing: FileGlobbing) -> Self {
        self.file_globbing = globbing;
        self
    }

    /// Goes on after errors.
    #[must_use]
    pub fn keep_going(mut self) -> Self {
        self.keep_going = true;
        self
    }

    /// Sets the limits.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }
}
