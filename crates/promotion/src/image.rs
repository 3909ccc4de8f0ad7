//! Images of a kustomization: what an entry says, and what an argument wants.

use crate::PromotionError;
use crate::edit::{Field, read_list};
use serde::Serialize;
use std::fmt;
use trueup_manifest::{EcoString, Value};

/// What an image is replaced with: the part of an entry of `images` that a promotion moves. Absent is not set.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Reference {
    /// The name of the image that is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_name: Option<EcoString>,
    /// Its tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_tag: Option<EcoString>,
    /// Its digest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<EcoString>,
}

impl Reference {
    /// Returns the tag, else the digest: the version, for people.
    pub fn version(&self) -> Option<&str> {
        self.new_tag.as_deref().or(self.digest.as_deref())
    }

    /// Returns the fields of an entry that say it, in kustomize's order.
    pub(crate) fn fields(&self) -> [(&'static str, Option<EcoString>); 3] {
        [
            ("newName", self.new_name.clone()),
            ("newTag", self.new_tag.clone()),
            ("digest", self.digest.clone()),
        ]
    }
}

impl fmt::Display for Reference {
    /// Writes `name:tag@digest`, as much of it as is set.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.new_name.as_deref().unwrap_or_default())?;
        if let Some(tag) = &self.new_tag {
            write!(f, ":{tag}")?;
        }
        match &self.digest {
            Some(digest) => write!(f, "@{digest}"),
            None => Ok(()),
        }
    }
}

/// One entry of `images`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Image {
    /// The name that is looked for.
    pub name: EcoString,
    /// What replaces it.
    #[serde(flatten)]
    pub reference: Reference,
    /// What is put behind the tag that is found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag_suffix: Option<EcoString>,
}

/// Reads the images of a kustomization, in its order, every name once: of an entry that is repeated the first one counts, as to kustomize.
///
/// # Errors
/// A text that is no kustomization, and an `images` that is no list of images. A tag may be a number that somebody forgot to quote.
pub fn images(text: &str) -> Result<Vec<Image>, PromotionError> {
    let mut images: Vec<Image> = Vec::new();
    for entry in read_list(text, Field::Images)? {
        let image = Image::of(&entry);
        if !images.iter().any(|known| known.name == image.name) {
            images.push(image);
        }
    }
    Ok(images)
}

impl Image {
    pub(crate) fn of(entry: &Value) -> Self {
        let text = |key: &str| entry.get(key).and_then(scalar_text);
        let reference =
            Reference { new_name: text("newName"), new_tag: text("newTag"), digest: text("digest") };
        Self { name: text("name").unwrap_or_default(), reference, tag_suffix: text("tagSuffix") }
    }
}

/// Returns the text of a scalar as it is written; `None` for null and for the empty text, which mean the same to kustomize.
fn scalar_text(value: &Value) -> Option<EcoString> {
    let text = if value.is_null() { None } else { value.scalar_text() };
    text.filter(|text| !text.is_empty())
}

/// What is to become of a part of an image's entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Part {
    /// It goes.
    #[default]
    Absent,
    /// It stays as it is: `*`.
    Kept,
    /// It becomes this.
    Set(EcoString),
}

impl Part {
    fn of(text: &str) -> Self {
        match text {
            "" => Self::Absent,
            "*" => Self::Kept,
            text => Self::Set(text.into()),
        }
    }

    fn over(&self, current: Option<&EcoString>) -> Option<EcoString> {
        match self {
            Self::Absent => None,
            Self::Kept => current.cloned(),
            Self::Set(text) => Some(text.clone()),
        }
    }
}

/// An image and what is to become of its entry: what [`crate::Edit::image`] reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageChange {
    pub(crate) name: EcoString,
    new_name: Part,
    new_tag: Part,
    digest: Part,
}

impl ImageChange {
    /// Reads `name=new:tag@digest`, `name:tag` or `name@digest`; `*` keeps a part.
    pub(crate) fn parse(argument: &str) -> Result<Self, PromotionError> {
        let (name, new_name, rest) = match argument.split_once('=') {
            Some((name, new)) => (name, Part::of(new.get(..name_end(new)).unwrap_or_default()), new),
            None => (argument.get(..name_end(argument)).unwrap_or_default(), Part::Absent, argument),
        };
        let (named, digest) = rest.split_once('@').unwrap_or((rest, ""));
        let tag = named.get(name_end(named)..).and_then(|tag| tag.strip_prefix(':')).unwrap_or_default();
        let change = Self { name: name.into(), new_name, new_tag: Part::of(tag), digest: Part::of(digest) };
        let nothing =
            [&change.new_name, &change.new_tag, &change.digest].iter().all(|part| **part == Part::Absent);
        if name.is_empty() || nothing {
            return Err(PromotionError::ImageArgument(argument.into()));
        }
        Ok(change)
    }

    /// Changes an image to exactly a reference.
    pub(crate) fn to(name: &EcoString, reference: &Reference) -> Self {
        let part = |text: &Option<EcoString>| text.clone().map_or(Part::Absent, Part::Set);
        Self {
            name: name.clone(),
            new_name: part(&reference.new_name),
            new_tag: part(&reference.new_tag),
            digest: part(&reference.digest),
        }
    }

    pub(crate) fn over(&self, current: &Reference) -> Reference {
        Reference {
            new_name: self.new_name.over(current.new_name.as_ref()),
            new_tag: self.new_tag.over(current.new_tag.as_ref()),
            digest: self.digest.over(current.digest.as_ref()),
        }
    }
}

/// Returns where the name of a reference ends: at `@`, or at the first colon behind the last slash, which a port is not.
fn name_end(reference: &str) -> usize {
    let named = reference.split_once('@').map_or(reference, |(named, _)| named);
    let path = named.rfind('/').map_or(0, |slash| slash + 1);
    let colon = named.get(path..).and_then(|last| last.find(':'));
    colon.map_or(named.len(), |colon| path + colon)
}
