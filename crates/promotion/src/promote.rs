//! Promotions: what one environment runs becomes what the next one runs.

use crate::PromotionError;
use crate::edit::set_image;
use crate::image::{Image, ImageChange, Reference, images};
use serde::Serialize;
use trueup_manifest::{Diagnostic, EcoString};

/// Which images a promotion takes. By default it takes those that the target names already.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PromoteOptions {
    /// The only ones, whether or not the target names them.
    pub only: Option<Vec<EcoString>>,
    /// Whether those that the target does not name are taken, too.
    pub include_new: bool,
}

impl PromoteOptions {
    /// Takes only these.
    #[must_use]
    pub fn only<N: Into<EcoString>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.only = Some(names.into_iter().map(Into::into).collect());
        self
    }

    /// Takes also what the target does not name.
    #[must_use]
    pub fn with_new(mut self) -> Self {
        self.include_new = true;
        self
    }
}

/// A target after a promotion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Promotion {
    /// The text of the target.
    pub text: String,
    /// What changed, in the order of the source.
    pub changes: Vec<ImageChanged>,
    /// What is worth knowing.
    pub notes: Vec<Diagnostic>,
}

/// An image that a promotion changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ImageChanged {
    /// Its name.
    pub name: EcoString,
    /// What it was replaced with; nothing for an image that the target did not name.
    pub before: Option<Reference>,
    /// What it is replaced with.
    pub after: Reference,
}

/// Brings the images of one kustomization to those of another, as text: see [`crate::edit`].
///
/// An image gets the tag and the digest of the source, both, either or neither as it has them there, and its new name if it has
/// one, else it keeps the target's. Where they agree already, nothing changes.
///
/// ```
/// use trueup_promotion::{PromoteOptions, promote};
///
/// let staging = "images:\n- {name: web, newTag: v2}\n- {name: job, newTag: v7}\n";
/// let production = "images:\n- name: web\n  newName: eu.example.com/web # the mirror\n  newTag: v1\n";
/// let promotion = promote(staging, production, &PromoteOptions::default())?;
/// assert_eq!(promotion.text, production.replace("v1", "v2"));
/// assert_eq!(promotion.changes[0].after.to_string(), "eu.example.com/web:v2");
/// # Ok::<(), trueup_promotion::PromotionError>(())
/// ```
///
/// # Errors
/// What [`crate::edit`] says of either text; an image of `only` that the source does not hold; an image without tag and digest;
/// an image with a tag suffix on either side.
pub fn promote(from: &str, to: &str, options: &PromoteOptions) -> Result<Promotion, PromotionError> {
    let (source, target) = (images(from)?, images(to)?);
    let only = options.only.as_deref();
    if let Some(missing) = only.unwrap_or_default().iter().find(|name| find(&source, name).is_none()) {
        return Err(PromotionError::ImageNotInSource(missing.clone()));
    }
    let is_taken = |image: &&Image| match only {
        Some(names) => names.contains(&image.name),
        None => options.include_new || find(&target, &image.name).is_some(),
    };
    let mut promotion = Promotion { text: to.to_owned(), changes: Vec::new(), notes: Vec::new() };
    for image in source.iter().filter(is_taken) {
        let current = find(&target, &image.name);
        let after = promoted(image, current)?;
        let before = current.map(|image| image.reference.clone());
        if before.as_ref() == Some(&after) {
            continue;
        }
        let (text, notes) = set_image(&promotion.text, &ImageChange::to(&image.name, &after))?;
        promotion.text = text;
        promotion.notes.extend(notes);
        promotion.changes.push(ImageChanged { name: image.name.clone(), before, after });
    }
    Ok(promotion)
}

fn find<'a>(images: &'a [Image], name: &str) -> Option<&'a Image> {
    images.iter().find(|image| image.name == name)
}

fn promoted(image: &Image, current: Option<&Image>) -> Result<Reference, PromotionError> {
    if image.tag_suffix.is_some() || current.is_some_and(|current| current.tag_suffix.is_some()) {
        return Err(PromotionError::Unsupported {
            field: "tagSuffix".into(),
            reason: "a suffix says nothing without the tag that it is put behind",
            at: trueup_manifest::Position::default(),
        });
    }
    if image.reference.version().is_none() {
        return Err(PromotionError::NothingToPromote(image.name.clone()));
    }
    let own = || current.and_then(|current| current.reference.new_name.clone());
    let new_name = image.reference.new_name.clone().or_else(own);
    Ok(Reference { new_name, ..image.reference.clone() })
}
