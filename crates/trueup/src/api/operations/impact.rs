//! What a change can reach.

use super::appset::ClusterFact;
use super::preview::Known;
use super::table;
use crate::api::handles::Tree;
use crate::api::shape::{Empty, input, output, words};
use crate::api::{Context, Error};
use crate::{
    AffectedApplication, Impact, ImpactOptions, ReachedKustomization, Reason, TerraformImpact,
    TerraformProject, impact,
};
use std::collections::BTreeMap;
use trueup_manifest::{Diagnostic, EcoString};

table! {
    /// Tells what a change of a repository can reach: kustomizations, Applications and Terraform projects, each with the way there.
    ///
    /// It errs on the side of too much: what is not named is not reached. Without `changed`, files are compared by what they hold.
    "impact": Change => reached => Impact;
}

words! { Reason: "source", "definition", "added", "removed" }

output! {
    /// A directory whose kustomization reads a changed file, before or after the change.
    struct ReachedKustomization: ReachedKustomization {
        /// The directory.
        directory: EcoString,
        /// The changed file, then each directory that reads the one before; the shortest way.
        via: Vec<EcoString>,
    }
}

output! {
    /// An Application that a change concerns.
    struct AffectedApplication: AffectedApplication {
        /// Its name.
        name: EcoString,
        /// Its own namespace; empty for Argo CD's.
        namespace: EcoString,
        /// Why: a source of it reads a changed file, or it is changed itself, comes, or goes.
        reason: Reason,
        /// The changed file, then each directory that reads the one before; empty where no source reads a changed file.
        via: Vec<EcoString>,
        /// What declares it: a file, or an ApplicationSet and the row that makes it.
        origin: EcoString,
        /// Whether it is removed, and what it deployed with it.
        deletes_resources: bool,
    }
}

output! {
    /// A Terraform project that a change reaches.
    struct TerraformProject: TerraformProject {
        /// Its name, or its directory where it has none.
        name: EcoString,
        /// Its directory.
        directory: EcoString,
        /// The changed files that reach it, and by which rule.
        because: Vec<EcoString>,
    }
}

output! {
    /// What a change means for Terraform.
    struct TerraformImpact: TerraformImpact {
        /// The projects that Atlantis plans, in its order.
        projects: Vec<TerraformProject>,
        /// Projects that Atlantis does not plan although they read a changed file, through their modules.
        projects_by_module: Vec<TerraformProject>,
        /// The changed files that only those projects read: patterns of `when_modified` that are missing.
        gaps: Vec<EcoString>,
    }
}

output! {
    /// What a change can reach, and why.
    struct Impact: Impact {
        /// The changed files, sorted.
        changed: Vec<EcoString>,
        /// The directories whose kustomization reads a changed file.
        kustomizations: Vec<ReachedKustomization>,
        /// The Applications that read a changed file or are themselves changed, by name.
        applications: Vec<AffectedApplication>,
        /// What the change means for Terraform.
        terraform: TerraformImpact,
        /// The changed files that nothing reads: documentation, workflows, manifests that nobody lists.
        unclaimed: Vec<EcoString>,
        /// What could not be found out.
        diagnostics: Vec<Diagnostic>,
    }
}

input! {
    /// A repository before and after a change.
    struct Change {
        /// The repository after the change.
        tree: Tree,
        /// The repository before the change; the same one if it is not said.
        base: Option<Tree>,
        /// The changed files, from the root, deleted ones among them; those that differ if they are not said.
        changed: Option<Vec<EcoString>>,
        /// Other repositories by URL.
        repositories: BTreeMap<EcoString, Tree> = Empty,
        /// The URLs under which the repository itself is known.
        urls: Vec<EcoString> = Empty,
        /// The clusters that Argo CD knows.
        clusters: Vec<ClusterFact> = Empty,
        /// Whether `.trueup/facts.yaml` of the repository counts for what is not said here.
        use_facts_file: bool = true,
    }
}

fn reached(request: Change, context: &Context) -> Result<Impact, Error> {
    context.cancel.step()?;
    if request.base.is_none() && request.changed.is_none() {
        return Err(Error::request("say what has changed: `base` or `changed`"));
    }
    let known = Known {
        tree: &request.tree,
        repositories: &request.repositories,
        urls: &request.urls,
        clusters: &request.clusters,
        use_facts_file: request.use_facts_file,
    };
    let world = known.world()?;
    let options = ImpactOptions { changed: request.changed.clone() };
    let after = request.tree.files();
    let before = request.base.as_ref().map_or(after, Tree::files);
    Ok(impact(before, after, &world, &options))
}
