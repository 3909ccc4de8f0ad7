//! What a render may be told.

use crate::capabilities::Capabilities;
use crate::limits::Limits;
use crate::values::UserValues;
use ecow::EcoString;
use std::fmt;
use std::sync::Arc;
use trueup_manifest::{Cancel, Value};
use trueup_template::{Clock, Random};

/// Options of a render. The default is what `helm template` does without flags.
#[derive(Clone)]
#[non_exhaustive]
pub struct Options {
    /// The name of the release (`release-name`).
    pub release_name: EcoString,
    /// Its namespace (`default`).
    pub namespace: EcoString,
    /// As `--is-upgrade`: `.Release.IsUpgrade` is true instead of `.Release.IsInstall`.
    pub is_upgrade: bool,
    /// The values of the user.
    pub values: UserValues,
    /// What the cluster can do.
    pub capabilities: Capabilities,
    /// As `--include-crds`: the files below `crds/` are part of the output.
    pub include_crds: bool,
    /// As `--no-hooks`: hooks are not part of the output.
    pub no_hooks: bool,
    /// As `--skip-tests`: hooks that are tests are not part of the output.
    pub skip_tests: bool,
    /// As `--skip-schema-validation`.
    pub skip_schema_validation: bool,
    /// Answers `lookup`; without it there is nothing to find, as without a cluster.
    pub lookup: Option<Arc<dyn Lookup>>,
    /// The time that templates see; without it those that ask fail.
    pub clock: Option<Arc<dyn Clock>>,
    /// Where random texts come from; without it templates that ask fail.
    pub random: Option<Arc<dyn Random>>,
    /// What loading and rendering may cost.
    pub limits: Limits,
    /// Stops the render.
    pub cancel: Cancel,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            release_name: "release-name".into(),
            namespace: "default".into(),
            is_upgrade: false,
            values: UserValues::default(),
            capabilities: Capabilities::default(),
            include_crds: false,
            no_hooks: false,
            skip_tests: false,
            skip_schema_validation: false,
            lookup: None,
            clock: None,
            random: None,
            limits: Limits::default(),
            cancel: Cancel::default(),
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("release_name", &self.release_name)
            .field("namespace", &self.namespace)
            .field("values", &self.values)
            .field("capabilities", &self.capabilities)
            .finish_non_exhaustive()
    }
}

impl Options {
    /// Sets the name of the release.
    #[must_use]
    pub fn with_release_name(mut self, name: impl Into<EcoString>) -> Self {
        self.release_name = name.into();
        self
    }

    /// Sets the namespace.
    #[must_use]
    pub fn with_namespace(mut self, namespace: impl Into<EcoString>) -> Self {
        self.namespace = namespace.into();
        self
    }

    /// Sets the values of the user.
    #[must_use]
    pub fn with_values(mut self, values: UserValues) -> Self {
        self.values = values;
        self
    }

    /// Sets what the cluster can do.
    #[must_use]
    pub fn with_capabilities(mut self, capabilities: Capabilities) -> Self {
        self.capabilities = capabilities;
        self
    }

    /// Sets whether the files below `crds/` are part of the output.
    #[must_use]
    pub fn with_crds(mut self, include: bool) -> Self {
        self.include_crds = include;
        self
    }

    /// Sets what answers `lookup`.
    #[must_use]
    pub fn with_lookup(mut self, lookup: Arc<dyn Lookup>) -> Self {
        self.lookup = Some(lookup);
        self
    }

    /// Sets what rendering may cost.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }
}

/// Facts about a cluster, for `lookup`.
pub trait Lookup: Send + Sync {
    /// Returns an object, or a list object where the name is empty; `None` if there is none.
    ///
    /// # Errors
    /// A message for people.
    fn lookup(
        &self,
        api_version: &str,
        kind: &str,
        namespace: &str,
        name: &str,
    ) -> Result<Option<Value>, String>;
}
