//! What a promotion is called where people review it.

use crate::promote::ImageChanged;
use serde::Serialize;
use trueup_manifest::EcoString;

/// The facts of a pull request that promotes one image.
///
/// ```
/// use trueup_promotion::{PromoteOptions, PullRequest, promote};
///
/// let promotion = promote("images:\n- {name: web, newTag: v2}\n", "images:\n- {name: web, newTag: v1}\n", &PromoteOptions::default());
/// let changed = promotion?.changes.remove(0);
/// let request = PullRequest::new("shop", changed, "staging", "production", ["overlays/production/kustomization.yaml"]);
/// assert_eq!(request.title, "Promote shop:v2 to production");
/// assert_eq!(request.branch, "promote/shop-v2-production");
/// assert_eq!(request.subject, "chore: promote shop:v2 to production");
/// # Ok::<(), trueup_promotion::PromotionError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PullRequest {
    /// The service.
    pub service: EcoString,
    /// The image and what became of it.
    pub image: ImageChanged,
    /// The environment that the reference comes from.
    pub from: EcoString,
    /// The environment that it comes to.
    pub to: EcoString,
    /// The title: `Promote SERVICE:VERSION to ENVIRONMENT`.
    pub title: String,
    /// The branch: `promote/SERVICE-VERSION-ENVIRONMENT`, with `-` for what a branch may not hold.
    pub branch: String,
    /// The subject of the commit: `chore: promote SERVICE:VERSION to ENVIRONMENT`.
    pub subject: String,
    /// The files that change.
    pub paths: Vec<EcoString>,
}

impl PullRequest {
    /// Returns the facts of a promotion of one image. The version is its tag; without one, its digest.
    pub fn new<P: Into<EcoString>>(
        service: impl Into<EcoString>,
        image: ImageChanged,
        from: impl Into<EcoString>,
        to: impl Into<EcoString>,
        paths: impl IntoIterator<Item = P>,
    ) -> Self {
        let (service, from, to) = (service.into(), from.into(), to.into());
        let version = image.after.version().unwrap_or_default().to_owned();
        let mark = if image.after.new_tag.is_some() { ':' } else { '@' };
        let promoted = format!("{service}{mark}{version} to {to}");
        Self {
            title: format!("Promote {promoted}"),
            branch: format!("promote/{}", branch_name(&format!("{service}-{version}-{to}"))),
            subject: format!("chore: promote {promoted}"),
            paths: paths.into_iter().map(Into::into).collect(),
            service,
            image,
            from,
            to,
        }
    }
}

fn branch_name(text: &str) -> String {
    let kept = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '/' | '-');
    text.chars().map(|c| if kept(c) { c } else { '-' }).collect()
}
