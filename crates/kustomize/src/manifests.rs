//! What a build gives.

use crate::declared::Declared;
use crate::error::{Error, ErrorKind, Result};
use crate::go_syntax::go_syntax;
use crate::resource::{Resource, meta_text, text_field};
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

    /// Returns `NAMESPACE/KIND/NAME`, without the first part where there is none.
    pub fn label(&self) -> String {
        label(self.value())
    }

    /// The name that it had in its file.
    fn first_name(&self) -> EcoString {
        self.versions().first().map(|first| meta_text(&first.value, "name")).unwrap_or_default()
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

/// `NAMESPACE/KIND/NAME` of a document, without the first part where there is none.
pub(crate) fn label(value: &Value) -> String {
    let namespace = meta_text(value, "namespace");
    let front = if namespace.is_empty() { String::new() } else { format!("{namespace}/") };
    format!("{front}{}/{}", text_field(value, "kind"), meta_text(value, "name"))
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

    /// Returns the manifest that `KIND/NAME` or `NAMESPACE/KIND/NAME` names, by the name that it has. In a traced build, the name
    /// in its file does as well if nothing has it in the end. Kinds are found in any case.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when there is none, or more than one.
    pub fn find(&self, object: &str) -> Result<&Manifest, Error> {
        let parts: Vec<&str> = object.split('/').collect();
        let (namespace, kind, name) = match *parts {
            [kind, name] => (None, kind, name),
            [namespace, kind, name] => (Some(namespace), kind, name),
            _ => {
                let message = format!("`{object}` is not KIND/NAME or NAMESPACE/KIND/NAME");
                return Err(Error::new(ErrorKind::NotFound, message));
            }
        };
        let is_meant = |manifest: &&Manifest| {
            manifest.kind().eq_ignore_ascii_case(kind)
                && namespace.is_none_or(|namespace| manifest.namespace() == namespace)
        };
        let meant: Vec<&Manifest> = self.list.iter().filter(is_meant).collect();
        let named = |has: fn(&Manifest) -> EcoString| -> Vec<&Manifest> {
            meant.iter().copied().filter(|manifest| has(manifest) == name).collect()
        };
        let mut found = named(Manifest::name);
        if found.is_empty() {
            found = named(Manifest::first_name);
        }
        match *found {
            [only] => Ok(only),
            [] => Err(Error::new(ErrorKind::NotFound, format!("the build has no `{object}`"))),
            _ => {
                let several: Vec<String> = found.iter().map(|manifest| manifest.label()).collect();
                let message = format!("`{object}` may be any of {}", several.join(", "));
                Err(Error::new(ErrorKind::NotFound, message))
            }
        }
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
