//! Which environment runs what, and what a promotion would skip.

use crate::PromotionError;
use crate::image::{Image, Reference, images};
use serde::Serialize;
use std::collections::BTreeSet;
use trueup_manifest::{Diagnostic, EcoString};

/// An environment and the images of its overlay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Environment {
    /// Its name, such as `staging`.
    pub name: EcoString,
    /// Its images.
    pub images: Vec<Image>,
}

impl Environment {
    /// Reads the kustomization of an environment.
    ///
    /// # Errors
    /// What [`crate::images`] says of the text.
    pub fn read(name: impl Into<EcoString>, text: &str) -> Result<Self, PromotionError> {
        Ok(Self { name: name.into(), images: images(text)? })
    }
}

/// What the environments of a chain run, in the order in which a version passes through them.
///
/// ```
/// use trueup_promotion::{Chain, Environment};
///
/// let environment = |name, tag| Environment::read(name, &format!("images:\n- {{name: web, newTag: {tag}}}\n"));
/// let chain = Chain::of(&[environment("dev", "v3")?, environment("staging", "v2")?, environment("production", "v1")?]);
/// let newest = chain.held("web", "dev").cloned().unwrap();
/// assert!(chain.check("web", &newest, "staging").is_empty());
/// assert_eq!(chain.check("web", &newest, "production")[0].code, "promotion/skipped-environment");
/// # Ok::<(), trueup_promotion::PromotionError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Chain {
    /// The names of the environments.
    pub environments: Vec<EcoString>,
    /// One row an image, in the order in which they first occur.
    pub rows: Vec<ChainRow>,
}

/// An image through the environments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ChainRow {
    /// The name of the image.
    pub image: EcoString,
    /// What replaces it in each environment; nothing where the environment does not name it.
    pub references: Vec<Option<Reference>>,
}

impl Chain {
    /// Lists what the environments run.
    pub fn of(environments: &[Environment]) -> Self {
        let mut chain = Self {
            environments: environments.iter().map(|environment| environment.name.clone()).collect(),
            rows: Vec::new(),
        };
        for (at, environment) in environments.iter().enumerate() {
            for image in &environment.images {
                if !chain.rows.iter().any(|row| row.image == image.name) {
                    let references = vec![None; environments.len()];
                    chain.rows.push(ChainRow { image: image.name.clone(), references });
                }
                let row = chain.rows.iter_mut().find(|row| row.image == image.name);
                if let Some(reference) = row.and_then(|row| row.references.get_mut(at)) {
                    *reference = Some(image.reference.clone());
                }
            }
        }
        chain
    }

    /// Returns what replaces an image in an environment.
    pub fn held(&self, image: &str, environment: &str) -> Option<&Reference> {
        let at = self.environments.iter().position(|name| name == environment)?;
        self.rows.iter().find(|row| row.image == image)?.references.get(at)?.as_ref()
    }

    /// Returns why a reference should not come to an environment: warnings, for a promotion that should be refused. None is well.
    ///
    /// Each environment takes what the one before it holds: the same tag and digest; names may differ, since registries do.
    pub fn check(&self, image: &str, reference: &Reference, to: &str) -> Vec<Diagnostic> {
        let Some(target) = self.environments.iter().position(|name| name == to) else {
            return vec![Diagnostic::warning(
                "promotion/unknown-environment",
                format!("`{to}` is not in the chain"),
            )];
        };
        let row = self.rows.iter().find(|row| row.image == image);
        let holds = |at: usize| {
            let held = row.and_then(|row| row.references.get(at)).and_then(Option::as_ref);
            held.is_some_and(|held| (&held.new_tag, &held.digest) == (&reference.new_tag, &reference.digest))
        };
        let name = |at: usize| self.environments.get(at).map_or("", EcoString::as_str);
        let version = reference.version().unwrap_or_default();
        match target.checked_sub(1) {
            None => Vec::new(),
            Some(previous) if holds(previous) => Vec::new(),
            Some(previous) => {
                let previous_name = name(previous);
                let warning = match (0..previous).rev().find(|at| holds(*at)) {
                    Some(earlier) => Diagnostic::warning(
                        "promotion/skipped-environment",
                        format!(
                            "`{version}` of `{image}` is in `{}`, and would skip `{previous_name}`",
                            name(earlier)
                        ),
                    ),
                    None => Diagnostic::warning(
                        "promotion/not-in-previous-environment",
                        format!("`{previous_name}` does not hold `{version}` of `{image}`"),
                    ),
                };
                vec![warning.help(format!("promote it to `{previous_name}` first"))]
            }
        }
    }

    /// Returns what is odd about the chain as it is: one tag under several names, which may not be one image.
    pub fn warnings(&self) -> Vec<Diagnostic> {
        self.rows.iter().flat_map(|row| row.references_by_tag()).collect()
    }
}

impl ChainRow {
    fn references_by_tag(&self) -> Vec<Diagnostic> {
        let held = || self.references.iter().flatten();
        let tags: BTreeSet<&EcoString> = held().filter_map(|reference| reference.new_tag.as_ref()).collect();
        let names = |tag: &EcoString| -> BTreeSet<&EcoString> {
            held()
                .filter(|reference| reference.new_tag.as_ref() == Some(tag))
                .map(|reference| reference.new_name.as_ref().unwrap_or(&self.image))
                .collect()
        };
        let several = tags.into_iter().map(|tag| (tag, names(tag))).filter(|(_, names)| names.len() > 1);
        several
            .map(|(tag, names)| {
                let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
                let message = format!("tag `{tag}` of `{}` comes from {}", self.image, names.join(" and "));
                Diagnostic::warning("promotion/several-names", message)
            })
            .collect()
    }
}
