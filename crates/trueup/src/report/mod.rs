//! What a preview found, as data: for programs as it is, for people as text or Markdown.

mod clean;
mod markdown;
mod text;

pub use clean::{is_hidden, visible};
pub use text::{Colours, TextOptions};

use serde::Serialize;
use trueup_manifest::{Diagnostic, EcoString, ResourceKey, Value};

/// What a preview of a repository found.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Report {
    /// A name for the repository, for headings.
    pub repository: String,
    /// How many ApplicationSets were evaluated.
    pub application_sets: usize,
    /// How many objects were rendered.
    pub objects: usize,
    /// What the Applications add up to.
    pub summary: Summary,
    /// Objects that more than one Application wants or has, sorted by cluster and object.
    pub collisions: Vec<Collision>,
    /// The Applications, sorted by name.
    pub applications: Vec<ApplicationReport>,
    /// What concerns no single Application.
    pub diagnostics: Vec<Diagnostic>,
}

/// An object that more than one Application wants or has: each of them would undo what the others do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Collision {
    /// The cluster.
    pub cluster: EcoString,
    /// Which object it is.
    #[serde(flatten)]
    pub key: ResourceKey,
    /// The Applications that desire it, and the one that the live object says it belongs to; sorted.
    pub applications: Vec<EcoString>,
}

/// What a preview found about one Application.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ApplicationReport {
    /// The name.
    pub name: EcoString,
    /// The AppProject.
    pub project: EcoString,
    /// The destination cluster: its name if known, else its server.
    pub cluster: EcoString,
    /// The destination namespace.
    pub namespace: EcoString,
    /// What declared it: an ApplicationSet and the row that made it, or the file it stands in.
    pub origin: String,
    /// `Synced`, `OutOfSync`, or `Unknown` when it could not be rendered or its cluster is not known.
    pub sync: SyncState,
    /// Its health as Argo CD words it: that of its worst live resource. Empty when nobody said what runs.
    pub health: EcoString,
    /// The objects that brought that health about: `apps/Deployment:namespace/name`. Empty when it is healthy.
    pub health_causes: Vec<String>,
    /// The resources that differ or are suppressed, sorted by kind and name.
    pub resources: Vec<ResourceReport>,
    /// The steps of the sync, in order.
    pub plan: Vec<StepReport>,
    /// The live resources that the plan deletes, in its order.
    pub deletions: Vec<ResourceKey>,
    /// How many live resources it has.
    pub live: usize,
    /// What the guard says about the deletions; nothing if there is no guard.
    pub guard: Option<GuardReport>,
    /// Why a sync would not begin: the guard, a sync window, a shared resource.
    pub blocked: Vec<String>,
    /// Where the order of the plan contradicts what its objects need.
    pub conflicts: Vec<String>,
    /// What is wrong with it.
    pub diagnostics: Vec<Diagnostic>,
}

/// What the guard says about the deletions of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct GuardReport {
    /// How many live resources may be deleted.
    pub allowed: usize,
    /// Whether the plan is refused.
    pub refused: bool,
}

/// Whether live equals desired.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum SyncState {
    /// Live equals desired.
    Synced,
    /// Something differs.
    OutOfSync,
    /// Nobody can tell.
    #[default]
    Unknown,
}

/// One resource that differs from what runs, or would if no rule suppressed it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ResourceReport {
    /// Which resource it is.
    #[serde(flatten)]
    pub key: ResourceKey,
    /// The file that declares it, as a path in its repository, or the URL of another one and a path there; empty if nobody knows.
    pub file: EcoString,
    /// What a sync would do to it.
    pub action: Action,
    /// The fields that differ.
    pub fields: Vec<FieldReport>,
    /// The fields that differ but do not count.
    pub ignored: Vec<IgnoredReport>,
}

/// What a sync would do to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Action {
    /// Nothing: the differences are all suppressed.
    None,
    /// It is created.
    Create,
    /// It is changed.
    Update,
    /// It is deleted.
    Prune,
    /// It is no longer desired but stays; the plan says why.
    Keep,
}

/// One field that differs.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct FieldReport {
    /// The path, list items by their key: `spec.template.spec.containers[app].image`.
    pub path: String,
    /// What runs; absent if the field is not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub live: Option<Value>,
    /// What a sync would make of it; absent if it takes the field away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub desired: Option<Value>,
    /// Who last set the live value, when that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manager: Option<EcoString>,
    /// What set the desired value, when that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set_by: Option<SetBy>,
}

/// What set a field: the last that changed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SetBy {
    /// What: `resources`, `images[0]`, `patches[2]`, `template`, `spec.source.kustomize.images`.
    pub by: EcoString,
    /// The URL of the repository that the file is in, unless it is that of the Application's source.
    pub repository: EcoString,
    /// The file; empty for what a build does by itself.
    pub file: EcoString,
    /// The line, from 1, if it can be told.
    pub line: Option<usize>,
    /// The manifest whose name the field follows, as `Kind/name`.
    pub follows: Option<EcoString>,
}

impl SetBy {
    /// What is known of it, for people: `file:line`, what it is, and what it follows.
    pub(crate) fn words(&self) -> impl Iterator<Item = String> {
        let repository = if self.repository.is_empty() { "" } else { " " };
        let line = self.line.map_or_else(String::new, |line| format!(":{line}"));
        let place = format!("{}{repository}{}{line}", self.repository, self.file);
        let by = match &self.follows {
            Some(name) => format!("{}, follows {name}", self.by),
            None => self.by.to_string(),
        };
        [place, by].into_iter().filter(|word| !word.is_empty())
    }
}

/// One difference that does not count.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct IgnoredReport {
    /// The path.
    pub path: String,
    /// What runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub live: Option<Value>,
    /// What is declared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub desired: Option<Value>,
    /// The rule that suppressed it.
    pub rule: String,
}

/// One step of a sync.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct StepReport {
    /// The stage it is done in, from 1; a stage begins when the one before it is healthy.
    pub stage: usize,
    /// The phase: `PreSync`, `Sync`, `PostSync`.
    pub phase: EcoString,
    /// The wave.
    pub wave: i64,
    /// Which resource it is about.
    #[serde(flatten)]
    pub key: ResourceKey,
    /// What is done: `create`, `update`, `replace`, `prune`, `run hook`, `delete and run hook`, `apply over old hook`, `skip`.
    pub action: String,
    /// Whether it deletes a live resource.
    pub deletes: bool,
    /// Why it stands here; empty when that goes without saying.
    pub reason: String,
    /// The stage that must be healthy before; nothing for the first one.
    pub waits_for: Option<usize>,
    /// The sync options in force for it.
    pub options: Vec<EcoString>,
}

/// How many Applications are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Summary {
    /// In sync.
    pub synced: usize,
    /// Out of sync.
    pub out_of_sync: usize,
    /// Could not be rendered or compared.
    pub unknown: usize,
    /// Resources that a sync would create.
    pub created: usize,
    /// Resources that a sync would change.
    pub updated: usize,
    /// Resources that a sync would delete.
    pub pruned: usize,
    /// Applications that are not healthy, of those whose health is known.
    pub unhealthy: usize,
    /// Applications whose sync would not begin.
    pub blocked: usize,
}

impl Report {
    /// Counts what the Applications add up to.
    pub fn summary(&self) -> Summary {
        let state = |state| self.applications.iter().filter(|application| application.sync == state).count();
        let resources = || self.applications.iter().flat_map(|application| &application.resources);
        let action = |action| resources().filter(|resource| resource.action == action).count();
        Summary {
            synced: state(SyncState::Synced),
            out_of_sync: state(SyncState::OutOfSync),
            unknown: state(SyncState::Unknown),
            created: action(Action::Create),
            updated: action(Action::Update),
            pruned: self.applications.iter().map(|application| application.deletions.len()).sum(),
            unhealthy: self
                .applications
                .iter()
                .filter(|application| !matches!(application.health.as_str(), "" | "Healthy"))
                .count(),
            blocked: self.applications.iter().filter(|application| !application.blocked.is_empty()).count(),
        }
    }

    /// Returns the Applications whose plan deletes live resources.
    pub fn deleting(&self) -> impl Iterator<Item = &ApplicationReport> {
        self.applications.iter().filter(|application| !application.deletions.is_empty())
    }

    /// Returns true if a sync of everything would change something.
    pub fn has_differences(&self) -> bool {
        self.applications.iter().any(|application| application.sync == SyncState::OutOfSync)
    }

    /// Returns every diagnostic: those of the repository first, then those of each Application.
    pub fn all_diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics
            .iter()
            .chain(self.applications.iter().flat_map(|application| &application.diagnostics))
    }
}

#[cfg(test)]
mod tests;
