//! The whole job: from a repository and what is known of the world to a report.

pub(crate) mod applications;
mod compare;
mod facts;
mod live;
mod plan;
mod project;
mod shared;
mod why;

pub use facts::{WorldFacts, world_facts};

use crate::api::Context;
use crate::discover::discover;
use crate::parallel::each;
use crate::report::Report;
use crate::world::World;
use compare::{Comparer, Previewed, Shared};
use trueup_diff::rules::Settings;
use trueup_health::Checks;
use trueup_manifest::{Diagnostic, FileTree, Glob, Location};

/// What is previewed and how.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct PreviewOptions {
    /// A name for the repository, for headings.
    pub repository: String,
    /// Only Applications whose name matches.
    pub application: Option<Glob>,
    /// How much of an Application a sync may delete; by default anything, as in Argo CD.
    pub guard: trueup_sync::PruneGuard,
    /// Stops the preview, and is told how far it is: phase `preview`, counted in Applications.
    ///
    /// The report of a preview that was stopped is incomplete, and not to be used: ask [`Cancel::is_cancelled`](trueup_manifest::Cancel::is_cancelled).
    pub context: Context,
}

/// Previews a repository: expands its ApplicationSets, renders every Application, compares it with what runs, and plans the sync.
///
/// What goes wrong with one Application is a diagnostic of that Application; the others are previewed all the same. An
/// ApplicationSet that cannot be evaluated, as Argo CD would refuse it, gives no Applications and a diagnostic.
///
/// ```
/// use trueup::{PreviewOptions, World, preview};
/// use trueup_manifest::FileTree;
///
/// let tree = FileTree::from_files([
///     ("apps/web.yaml", "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web}\nspec:\n  project: shop\n  source: {repoURL: r, path: web}\n  destination: {name: production, namespace: web}\n"),
///     ("web/service.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n"),
/// ]).unwrap();
/// let mut world = World::default();
/// world.repositories.push(("r".into(), tree.clone()));
/// let report = preview(&tree, &world, &PreviewOptions::default());
/// // Nobody said what runs in the cluster `production`, so nobody can tell whether it is in sync.
/// assert_eq!(report.summary().unknown, 1);
/// ```
pub fn preview(tree: &FileTree, world: &World, options: &PreviewOptions) -> Report {
    let discovered = discover(tree);
    let mut report = Report { repository: options.repository.clone(), ..Report::default() };
    report.application_sets = discovered.application_sets.len();
    report.diagnostics.extend(discovered.diagnostics.iter().cloned());
    let (settings, checks) = settings(&discovered, world.now, &mut report.diagnostics);
    let mut applications = applications::all(&discovered, world, &mut report.diagnostics);
    if let Some(glob) = &options.application {
        applications.retain(|application| glob.matches(&application.model.metadata.name));
    }
    applications.sort_by(|a, b| a.model.metadata.name.cmp(&b.model.metadata.name));
    let shared = Shared { tree, world, settings: &settings, checks: &checks, discovered: &discovered };
    let comparer = Comparer::new(shared, options.guard, &options.context.cancel);
    let phase = options.context.phase("preview", applications.len());
    let results = each(&applications, |application| {
        if options.context.cancel.step().is_err() {
            return Previewed::default();
        }
        let previewed = comparer.preview(application);
        phase.done(&application.model.metadata.name);
        previewed
    });
    report.objects = results.iter().map(|previewed| previewed.objects).sum();
    report.collisions = shared::collisions(&results);
    report.applications = results.into_iter().map(|previewed| previewed.report).collect();
    report.summary = report.summary();
    report
}

/// What `argocd-cm` says about comparing and about health; what cannot be read of it is a diagnostic.
fn settings(
    discovered: &crate::Discovered,
    now: Option<i64>,
    out: &mut Vec<Diagnostic>,
) -> (Settings, Checks) {
    let Some(found) = &discovered.settings else { return (Settings::default(), Checks::default()) };
    let data = found.object.get("data").cloned().unwrap_or_default();
    let settings = Settings::tolerant(&data);
    let (checks, unusable) = Checks::default().at(now).with_config_map(&data);
    let all = settings.warnings.iter().cloned().chain(unusable);
    out.extend(all.map(|diagnostic| diagnostic.at(Location::file(found.file.clone()))));
    (settings, checks)
}
