//! What a build gives.

use crate::declared::Declared;
use crate::error::{Error, ErrorKind, Result};
use crate::go_syntax::go_syntax;
use crate::resource::Resource;
use crate::trace::Version;
use ecow::EcoString;
use trueup_manifest::{Diagnostic, Value, yaml};

/// The manifests of a build, in order, and what it warned about.
#[derive(Clone, Debug)]
pub struct Manifests {
    list: Vec<Manifest>,
    warnings: Vec<Diagnostic>,
}

/// One manifest.
#[derive(Clone, Debug)]
pub struct Manifest(Resource);

impl Manifest {
    /// Returns the document.
    pub fn value(&self) -> &Value {
        &self.0.value
    }

    /// Returns `apiVersion`.
    pub fn api_version(&self) -> EcoString {
        self.0.api_version()
    }

    /// Returns `kind`.
    pub fn kind(&self) -> EcoString {
        self.0.kind()
    }

    /// Returns `metadata.name`.
    pub fn name(&self) -> EcoString {
        self.0.name()
    }

    /// Returns the file that declares it, if one does.
    pub fn declared(&self) -> Option<&Declared> {
        self.0.declared.as_deref()
    }

    /// Returns what made it what it is, the first version first; empty unless the build was traced.
    pub fn versions(&self) -> &[Version] {
        self.0.trace.as_deref().map_or(&[], Vec::as_slice)
    }

    /// Returns `metadata.namespace`; empty if there is none.
    pub fn namespace(&self) -> EcoString {
        self.0.namespace()
    }
}

impl Manifests {
    pub(crate) fn new(list: Vec<Resource>, warnings: Vec<Diagnostic>) -> Self {
        Self { list: list.into_iter().map(Manifest).collect(), warnings }
    }

    /// Returns the manifests in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Manifest> {
        self.list.iter()
    }

    /// Returns how many manifests there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Returns true if there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Returns what kustomize prints on the error stream: deprecated fields, unused variables.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// Returns exactly what `kustomize build` prints.
    ///
    /// # Errors
    /// [`ErrorKind::Output`] for a value that JSON or YAML cannot hold.
    pub fn to_yaml(&self) -> Result<String, Error> {
        /// What a small manifest takes.
        const SMALL: usize = 512;
        let mut text = String::with_capacity(self.list.len() * SMALL);
        for (at, manifest) in self.list.iter().enumerate() {
            if at > 0 {
                text.push_str("---\n");
            }
            yaml::write(manifest.value(), &mut text).map_err(|error| {
                let document = go_syntax(manifest.value());
                Error::new(ErrorKind::Output, format!("{document}: {error}"))
            })?;
        }
        Ok(text)
    }
}
