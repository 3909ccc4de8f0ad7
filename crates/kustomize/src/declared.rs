//! Where a manifest is declared.

use crate::node;
use crate::resource::text_field;
use ecow::EcoString;
use trueup_manifest::Value;
use trueup_manifest::yaml::{self, ParseOptions, PathStep};

/// The file that declares a manifest: its own, or the kustomization whose generator makes it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Declared {
    /// The URL of the tree that the file is in; empty for the tree of the build.
    pub repository: EcoString,
    /// The file, as a path in its tree.
    pub file: EcoString,
    place: Place,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    /// The position among the file's manifests.
    Document(usize),
    /// An entry of a kustomization's list.
    Entry(&'static str, usize),
}

impl Declared {
    /// Returns the declaration that is a manifest of a file itself, by its position among the file's manifests, from 0.
    pub fn document(repository: EcoString, file: EcoString, position: usize) -> Self {
        Self { repository, file, place: Place::Document(position) }
    }

    /// Whether the file holds the manifest itself.
    pub(crate) fn is_document(&self) -> bool {
        matches!(self.place, Place::Document(_))
    }

    pub(crate) fn entry(
        repository: EcoString,
        file: EcoString,
        field: &'static str,
        position: usize,
    ) -> Self {
        Self { repository, file, place: Place::Entry(field, position) }
    }

    /// Returns the line in the file's text at which it begins, from 1; nothing if that cannot be told.
    ///
    /// The text is scanned again for it: a build keeps no lines.
    pub fn line(&self, text: &[u8]) -> Option<usize> {
        let (document, path) = match &self.place {
            Place::Entry(field, position) => (0, vec![PathStep::from(*field), PathStep::from(*position)]),
            Place::Document(position) => document(text, *position)?,
        };
        yaml::locate(text, document, &path).map(|(key, _)| key.start.line)
    }
}

/// The document, and the path in it, of the manifest at a position.
fn document(text: &[u8], position: usize) -> Option<(usize, Vec<PathStep>)> {
    let documents = yaml::parse_stream(text, &ParseOptions::kyaml()).ok()?;
    let is_list = |document: &Value| text_field(document, "kind").ends_with("List");
    match documents.as_slice() {
        [only] if is_list(only) => return Some((0, vec!["items".into(), position.into()])),
        // Which item of which list it was is not known any more.
        several if several.iter().any(is_list) => return None,
        _ => {}
    }
    let full = documents.iter().enumerate().filter(|(_, document)| !node::is_empty(document));
    full.map(|(at, _)| (at, Vec::new())).nth(position)
}
