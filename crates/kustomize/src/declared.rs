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
    /// A field of a kustomization, or an entry of its list.
    Field(&'static str, Option<usize>),
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
        position: Option<usize>,
    ) -> Self {
        Self { repository, file, place: Place::Field(field, position) }
    }

    /// Returns the field of the kustomization that declares it, and its entry if it is a list: `images[0]`. Nothing for a
    /// manifest of a file.
    pub fn field(&self) -> Option<EcoString> {
        match self.place {
            Place::Document(_) => None,
            Place::Field(field, None) => Some(field.into()),
            Place::Field(field, Some(position)) => Some(ecow::eco_format!("{field}[{position}]")),
        }
    }

    /// The way to the field in the kustomization.
    pub(crate) fn entry_path(&self) -> Vec<PathStep> {
        match self.place {
            Place::Document(_) => Vec::new(),
            Place::Field(field, position) => {
                std::iter::once(PathStep::from(field)).chain(position.map(PathStep::Index)).collect()
            }
        }
    }

    /// Returns the line of a field of a manifest that the file holds, or of what is around it, as far as that is written there.
    pub fn line_below(&self, text: &[u8], steps: &[PathStep]) -> Option<usize> {
        let Place::Document(position) = self.place else { return self.line(text) };
        let (document, mut path) = document(text, position)?;
        let around = path.len();
        path.extend_from_slice(steps);
        loop {
            if let Some((key, _)) = yaml::locate(text, document, &path) {
                return Some(key.start.line);
            }
            if path.len() <= around {
                return None;
            }
            path.pop();
        }
    }

    /// Returns the line in the file's text at which it begins, from 1; nothing if that cannot be told.
    ///
    /// The text is scanned again for it: a build keeps no lines.
    pub fn line(&self, text: &[u8]) -> Option<usize> {
        let (document, path) = match &self.place {
            Place::Field(..) => (0, self.entry_path()),
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
