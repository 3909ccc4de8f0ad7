//! The manifests of a build, each with where it comes from.

use crate::api::{Error, diagnostics};
use std::borrow::Cow;
use std::sync::Arc;
use trueup_kustomize::Declared;
use trueup_manifest::{Diagnostic, EcoString, FileTree, Value, yaml};

/// Manifests in order, and what was worth knowing about them.
#[derive(Clone, Debug, Default)]
pub struct Manifests(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    list: Vec<Manifest>,
    warnings: Vec<Diagnostic>,
}

/// One manifest.
#[derive(Clone, Debug)]
pub struct Manifest {
    value: Value,
    origin: Origin,
}

/// Where a manifest is declared.
#[derive(Clone, Debug, Default)]
pub(crate) enum Origin {
    /// Nobody knows.
    #[default]
    Unknown,
    /// As people read it.
    Place(Arc<str>),
    /// In a file of a tree; its line is looked for when somebody asks.
    Declared(FileTree, Declared),
}

impl Manifest {
    pub(crate) fn new(value: Value, origin: Origin) -> Self {
        Self { value, origin }
    }

    /// Returns a manifest that came back from plain data, such as a pickle, with its origin.
    pub fn restore(value: Value, origin: &str) -> Self {
        let origin = if origin.is_empty() { Origin::Unknown } else { Origin::Place(origin.into()) };
        Self { value, origin }
    }

    /// Returns the object.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Returns the file, with its line if it is known, that declares it; empty if nobody knows.
    pub fn origin(&self) -> Cow<'_, str> {
        match &self.origin {
            Origin::Unknown => Cow::Borrowed(""),
            Origin::Place(place) => Cow::Borrowed(place),
            Origin::Declared(tree, declared) => {
                let repository = declared.repository.as_str();
                let tree = if repository.is_empty() { Some(tree) } else { tree.mounted(repository) };
                let line = tree.and_then(|tree| declared.line(tree.read(&declared.file).ok()?));
                let separator = if repository.is_empty() { "" } else { " " };
                Cow::Owned(format!("{repository}{separator}{}", place(&declared.file, line)))
            }
        }
    }

    /// Returns it as kustomize writes manifests.
    ///
    /// # Errors
    /// A value that YAML cannot hold.
    pub fn to_yaml(&self) -> Result<String, Error> {
        Ok(yaml::to_string(&self.value)?)
    }
}

impl Manifests {
    /// Returns manifests with what is worth knowing about them.
    pub fn new(list: Vec<Manifest>, warnings: Vec<Diagnostic>) -> Self {
        Self(Arc::new(Inner { list, warnings }))
    }

    /// Returns manifests that came back from plain data, such as a pickle, with their warnings.
    ///
    /// # Errors
    /// Warnings that are no diagnostics.
    pub fn restore(list: Vec<Manifest>, warnings: &Value) -> Result<Self, Error> {
        let warnings = warnings.as_seq().unwrap_or_default().iter().map(diagnostics::from_value);
        Ok(Self::new(list, warnings.collect::<Result<_, _>>()?))
    }

    /// Returns the manifests in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Manifest> {
        self.0.list.iter()
    }

    /// Returns the manifest at a position.
    pub fn get(&self, position: usize) -> Option<&Manifest> {
        self.0.list.get(position)
    }

    /// Returns how many there are.
    pub fn len(&self) -> usize {
        self.0.list.len()
    }

    /// Returns true if there is none.
    pub fn is_empty(&self) -> bool {
        self.0.list.is_empty()
    }

    /// Returns the objects in order.
    pub fn values(&self) -> impl Iterator<Item = Value> + '_ {
        self.iter().map(|manifest| manifest.value.clone())
    }

    /// Returns what was worth knowing.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.0.warnings
    }

    /// Returns exactly what `kustomize build` prints for them.
    ///
    /// # Errors
    /// A value that YAML cannot hold.
    pub fn to_yaml(&self) -> Result<String, Error> {
        let mut text = String::new();
        for (at, manifest) in self.iter().enumerate() {
            if at > 0 {
                text.push_str("---\n");
            }
            yaml::write(&manifest.value, &mut text)?;
        }
        Ok(text)
    }
}

/// Writes a file and a position in it as people read it.
pub(crate) fn place(file: &EcoString, line: Option<usize>) -> Arc<str> {
    match line {
        Some(line) => format!("{file}:{line}").into(),
        None => file.as_str().into(),
    }
}
