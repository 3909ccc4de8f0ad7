//! What a change of a repository can reach: kustomizations, Applications, Terraform projects.

mod applications;
mod graph;
mod terraform;

pub use applications::{AffectedApplication, Reason};
pub use terraform::{TerraformImpact, TerraformProject};

use crate::World;
use applications::Side;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use trueup_manifest::{Diagnostic, EcoString, FileTree, normalize_path};

/// How an impact is looked for.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ImpactOptions {
    /// The changed files, from the root, deleted ones among them; with `None` those in which the two trees differ.
    pub changed: Option<Vec<EcoString>>,
}

/// What a change can reach, and why. It errs on the side of too much: what is not here is not reached.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Impact {
    /// The changed files, sorted.
    pub changed: Vec<EcoString>,
    /// The directories whose kustomization reads a changed file, before or after the change.
    pub kustomizations: Vec<ReachedKustomization>,
    /// The Applications that read a changed file or are themselves changed, by name.
    pub applications: Vec<AffectedApplication>,
    /// What the change means for Terraform.
    pub terraform: TerraformImpact,
    /// The changed files that nothing reads: documentation, workflows, manifests that nobody lists.
    pub unclaimed: Vec<EcoString>,
    /// What could not be found out.
    pub diagnostics: Vec<Diagnostic>,
}

/// A directory whose kustomization reads a changed file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ReachedKustomization {
    /// The directory.
    pub directory: EcoString,
    /// The changed file, then each directory that reads the one before; the shortest way.
    pub via: Vec<EcoString>,
}

/// Returns what a change from one tree to another can reach.
///
/// `world` is that of [`preview`](crate::preview()): where one of its repositories is the tree after the change, or before it, it is the
/// one that changes. What Argo CD would make of the ApplicationSets is compared before and after, so an Application that comes or
/// goes with a directory is there, and whether its resources would be deleted.
///
/// Reading is decided on both trees: a patch that is removed reaches what read it before. Files are compared by what they hold.
///
/// ```
/// use trueup::{ImpactOptions, World, impact};
/// use trueup::manifest::FileTree;
///
/// let before = FileTree::from_files([
///     ("base/kustomization.yaml", "resources: [web.yaml]\n"),
///     ("base/web.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n"),
///     ("over/kustomization.yaml", "resources: [../base]\n"),
/// ])?;
/// let after = before.with_file("base/web.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: shop}\n")?;
/// let impact = impact(&before, &after, &World::default(), &ImpactOptions::default());
/// assert_eq!(impact.changed, ["base/web.yaml"]);
/// assert_eq!(impact.kustomizations[1].via, ["base/web.yaml", "base", "over"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn impact(before: &FileTree, after: &FileTree, world: &World, options: &ImpactOptions) -> Impact {
    let mut diagnostics = Vec::new();
    let changed = match &options.changed {
        Some(changed) => normalized(changed),
        None => differing(before, after),
    };
    let new = Side::new(after, world, before, &changed, &mut diagnostics);
    let old = (!before.same(after)).then(|| Side::new(before, world, after, &changed, &mut Vec::new()));
    let old = old.as_ref().unwrap_or(&new);
    let (applications, read) = applications::affected(old, &new, &changed);
    let is_unclaimed = |path: &&EcoString| {
        !read.contains(*path)
            && ![old, &new].iter().any(|side| side.graph.reads(path) || side.terraform.has(path))
    };
    let unclaimed = changed.iter().filter(is_unclaimed).cloned().collect();
    let terraform = terraform::terraform(after, &changed, &mut diagnostics);
    Impact {
        kustomizations: kustomizations(old, &new),
        applications,
        terraform,
        unclaimed,
        diagnostics,
        changed,
    }
}

fn kustomizations(old: &Side<'_>, new: &Side<'_>) -> Vec<ReachedKustomization> {
    let mut all: BTreeMap<&EcoString, &graph::Way> = old.reached.iter().collect();
    all.extend(&new.reached);
    let reached = |(directory, via): (&EcoString, &graph::Way)| ReachedKustomization {
        directory: directory.clone(),
        via: via.clone(),
    };
    all.into_iter().map(reached).collect()
}

/// Paths as trees have them, sorted; what leads out of the tree is none of it.
fn normalized(paths: &[EcoString]) -> Vec<EcoString> {
    let paths: BTreeSet<EcoString> = paths.iter().filter_map(|path| normalize_path(path).ok()).collect();
    paths.into_iter().filter(|path| !path.is_empty()).collect()
}

/// The files that only one of two trees has, or that hold something else in the other.
fn differing(before: &FileTree, after: &FileTree) -> Vec<EcoString> {
    let old: BTreeMap<_, _> = before.files_below("").into_iter().collect();
    let new: BTreeMap<_, _> = after.files_below("").into_iter().collect();
    let paths: BTreeSet<&EcoString> = old.keys().chain(new.keys()).copied().collect();
    let differs = |path: &&EcoString| match (old.get(*path), new.get(*path)) {
        (Some(old), Some(new)) => old != new,
        _ => true,
    };
    paths.into_iter().filter(differs).cloned().collect()
}
