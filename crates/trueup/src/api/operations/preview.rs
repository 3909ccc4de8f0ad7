//! The whole job.

use super::appset::ClusterFact;
use super::table;
use crate::api::handles::{Content, Document, Tree};
use crate::api::shape::{Empty, Input, Objects, ReportHandle, Type, entries, input, output, words};
use crate::api::{Context, Data, Error};
use crate::report::{
    Action, ApplicationReport, Collision, FieldReport, GuardReport, IgnoredReport, Report, ResourceReport,
    SetBy, StepReport, Summary, SyncState,
};
use crate::{Cluster, PreviewOptions, World, explain, preview};
use std::collections::BTreeMap;
use trueup_kustomize::Explanation;
use trueup_manifest::yaml::{self, ParseOptions};
use trueup_manifest::{Diagnostic, EcoString, FieldPath, FieldPathError, Glob, Location, ResourceKey, Value};
use trueup_sync::PruneGuard;

table! {
    /// Previews a repository: expands its ApplicationSets, renders every Application, compares it with what runs, and plans the sync.
    ///
    /// What goes wrong with one Application is a diagnostic of that Application; the others are previewed all the same. What runs in a
    /// cluster is unknown until it is said, and nothing is planned because of something unknown.
    "preview": Preview => previewed => ReportHandle, parallel;
    /// Returns why a field of a manifest has its value, of an Application of a repository: each file and line that set it, and what the
    /// Application itself changes in its kustomization. What a Secret holds is masked.
    "explain": Explain => explained => Explanation;
}

words! { SyncState: "Synced", "OutOfSync", "Unknown" }
words! { Action: "none", "create", "update", "prune", "keep" }

output! {
    /// What set a field: the last that changed it.
    struct SetBy: SetBy {
        /// What: `resources`, `images[0]`, `patches[2]`, `template`, `spec.source.kustomize.images`.
        by: EcoString,
        /// The URL of the repository that the file is in, unless it is that of the Application's source.
        repository: EcoString,
        /// The file; empty for what a build does by itself.
        file: EcoString,
        /// The line, from 1, if it can be told.
        line: Option<usize>,
        /// The manifest whose name the field follows, as `KIND/NAME`.
        follows: Option<EcoString>,
    }
}

output! {
    /// One field that differs.
    struct FieldReport: FieldReport {
        /// The path, list items by their key.
        path: EcoString,
        /// What runs; absent if the field is not there.
        live: Value = absent,
        /// What a sync would make of it; absent if it takes the field away.
        desired: Value = absent,
        /// Who last set the live value, when that is known.
        manager: EcoString = absent,
        /// What set the desired value, when that is known.
        set_by: SetBy = absent,
    }
}

output! {
    /// One difference that does not count.
    struct IgnoredReport: IgnoredReport {
        /// The path.
        path: EcoString,
        /// What runs.
        live: Value = absent,
        /// What is declared.
        desired: Value = absent,
        /// The rule that suppressed it.
        rule: EcoString,
    }
}

output! {
    /// One resource that differs from what runs, or would if no rule suppressed it.
    struct ResourceReport: ResourceReport {
        /// The API group; empty for the core group.
        group: EcoString,
        /// The kind.
        kind: EcoString,
        /// The namespace; empty for what lives in none.
        namespace: EcoString,
        /// The name.
        name: EcoString,
        /// The file that declares it, as a path in its repository, or the URL of another one and a path there; empty if nobody knows.
        file: EcoString,
        /// What a sync would do to it.
        action: Action,
        /// The fields that differ.
        fields: Vec<FieldReport>,
        /// The fields that differ but do not count.
        ignored: Vec<IgnoredReport>,
    }
}

output! {
    /// One step of a sync.
    struct StepReport: StepReport {
        /// The stage it is done in, from 1; a stage begins when the one before it is healthy.
        stage: usize,
        /// The phase: `PreSync`, `Sync`, `PostSync`.
        phase: EcoString,
        /// The wave.
        wave: i64,
        /// The API group; empty for the core group.
        group: EcoString,
        /// The kind.
        kind: EcoString,
        /// The namespace; empty for what lives in none.
        namespace: EcoString,
        /// The name.
        name: EcoString,
        /// What is done: `create`, `update`, `replace`, `prune`, `run hook`, `delete and run hook`, `apply over old hook`, `skip`.
        action: EcoString,
        /// Whether it deletes a live resource.
        deletes: bool,
        /// Why it stands here; empty when that goes without saying.
        reason: EcoString,
        /// The stage that must be healthy before; null for the first one.
        waits_for: Option<usize>,
        /// The sync options in force for it.
        options: Vec<EcoString>,
    }
}

output! {
    /// What the guard says about the deletions of a plan.
    struct GuardReport: GuardReport {
        /// How many live resources may be deleted.
        allowed: usize,
        /// Whether the plan is refused.
        refused: bool,
    }
}

output! {
    /// An object that more than one Application wants or has: each of them would undo what the others do.
    struct Collision: Collision {
        /// The cluster.
        cluster: EcoString,
        /// The API group; empty for the core group.
        group: EcoString,
        /// The kind.
        kind: EcoString,
        /// The namespace; empty for what lives in none.
        namespace: EcoString,
        /// The name.
        name: EcoString,
        /// The Applications that desire it, and the one that the live object says it belongs to; sorted.
        applications: Vec<EcoString>,
    }
}

output! {
    /// How many Applications are in which state.
    struct Summary: Summary {
        /// In sync.
        synced: usize,
        /// Out of sync.
        out_of_sync: usize,
        /// Could not be rendered or compared.
        unknown: usize,
        /// Resources that a sync would create.
        created: usize,
        /// Resources that a sync would change.
        updated: usize,
        /// Resources that a sync would delete.
        pruned: usize,
        /// Applications that are not healthy, of those whose health is known.
        unhealthy: usize,
        /// Applications whose sync would not begin.
        blocked: usize,
    }
}

output! {
    /// What a preview found about one Application.
    struct ApplicationReport: ApplicationReport {
        /// The name.
        name: EcoString,
        /// The AppProject.
        project: EcoString,
        /// The destination cluster: its name if known, else its server.
        cluster: EcoString,
        /// The destination namespace.
        namespace: EcoString,
        /// What declared it: an ApplicationSet and the row that made it, or the file it stands in.
        origin: EcoString,
        /// `Unknown` when it could not be rendered or its cluster is not known.
        sync: SyncState,
        /// Its health as Argo CD words it: that of its worst live resource. Empty when nobody said what runs.
        health: EcoString,
        /// The objects that brought that health about: `apps/Deployment:namespace/name`. Empty when it is healthy.
        health_causes: Vec<EcoString>,
        /// The resources that differ or are suppressed, sorted by kind and name.
        resources: Vec<ResourceReport>,
        /// The steps of the sync, in order.
        plan: Vec<StepReport>,
        /// The live resources that the plan deletes, in its order.
        deletions: Vec<ResourceKey>,
        /// How many live resources it has.
        live: usize,
        /// What the guard says about the deletions; null if there is no guard.
        guard: Option<GuardReport>,
        /// Why a sync would not begin: the guard, a sync window, a shared resource.
        blocked: Vec<EcoString>,
        /// Where the order of the plan contradicts what its objects need.
        conflicts: Vec<EcoString>,
        /// What is wrong with it.
        diagnostics: Vec<Diagnostic>,
    }
}

output! {
    /// What a preview of a repository found.
    struct Report: Report {
        /// A name for the repository, for headings.
        repository: EcoString,
        /// How many ApplicationSets were evaluated.
        application_sets: usize,
        /// How many objects were rendered.
        objects: usize,
        /// What the Applications add up to.
        summary: Summary,
        /// Objects that more than one Application wants or has, sorted by cluster and object.
        collisions: Vec<Collision>,
        /// The Applications, sorted by name.
        applications: Vec<ApplicationReport>,
        /// What concerns no single Application.
        diagnostics: Vec<Diagnostic>,
    }
}

input! {
    /// A repository and what is known besides.
    struct Preview {
        /// The repository.
        tree: Tree,
        /// Other repositories by URL. The repository itself need not be named if `url` is said.
        repositories: BTreeMap<EcoString, Tree> = Empty,
        /// The URLs under which the repository itself is known.
        urls: Vec<EcoString> = Empty,
        /// The clusters that Argo CD knows.
        clusters: Vec<ClusterFact> = Empty,
        /// What runs: objects by cluster name, or the objects of the only cluster.
        live: Option<Live>,
        /// Whether `.trueup/facts.yaml` of the repository counts for what is not said here.
        use_facts_file: bool = true,
        /// A name for the repository, for headings.
        name: EcoString = "repository",
        /// Only Applications whose name matches this glob.
        application: Option<EcoString>,
        /// Refuses a plan that deletes more than this share of an Application's live resources, in percent.
        max_prune_percent: Option<i64>,
        /// Refuses a plan that deletes more than this many live resources of an Application.
        max_prune: Option<i64>,
        /// The time in seconds since 1970, for sync windows.
        now: Option<i64>,
    }
}

input! {
    /// A field of a manifest of an Application.
    struct Explain {
        /// The repository.
        tree: Tree,
        /// The Application, by its name.
        application: EcoString,
        /// The manifest: `KIND/NAME` or `NAMESPACE/KIND/NAME`, by the name that it has or the one in its file.
        object: EcoString,
        /// The field, `spec.template.spec.containers[app].image` or a JSON pointer; the whole manifest if it is empty.
        field: EcoString = "",
        /// Other repositories by URL. The repository itself need not be named if `url` is said.
        repositories: BTreeMap<EcoString, Tree> = Empty,
        /// The URLs under which the repository itself is known.
        urls: Vec<EcoString> = Empty,
        /// The clusters that Argo CD knows.
        clusters: Vec<ClusterFact> = Empty,
        /// Whether `.trueup/facts.yaml` of the repository counts for what is not said here.
        use_facts_file: bool = true,
    }
}

fn explained(request: Explain, context: &Context) -> Result<Explanation, Error> {
    let field: FieldPath =
        request.field.parse().map_err(|error: FieldPathError| Error::request(error.to_string()))?;
    let known = Known {
        tree: &request.tree,
        repositories: &request.repositories,
        urls: &request.urls,
        clusters: &request.clusters,
        use_facts_file: request.use_facts_file,
    };
    let world = known.world()?;
    let tree = request.tree.files();
    Ok(explain(tree, &world, &request.application, &request.object, &field, &context.cancel)?)
}

/// What runs, by cluster or in the only one.
#[derive(Clone, Debug)]
pub(crate) enum Live {
    Only(Vec<Value>),
    ByCluster(BTreeMap<EcoString, Objects>),
}

impl Input for Live {
    fn ty() -> Type {
        let Type::Union(mut types) = Objects::ty() else { return Type::Any };
        types.push(BTreeMap::<EcoString, Objects>::ty());
        Type::Union(types)
    }

    fn read(data: Data, at: &dyn Fn() -> String) -> Result<Self, Error> {
        match &data {
            Data::Manifests(_) | Data::List(_) => {
                Objects::read(data, at).map(|objects| Self::Only(objects.0))
            }
            Data::Value(value) if value.is_seq() => {
                Objects::read(data, at).map(|objects| Self::Only(objects.0))
            }
            _ => {
                let by_name = entries(data, at)?.into_iter().map(|(name, objects)| {
                    let objects = Objects::read(objects, &|| format!("{}[{name:?}]", at()))?;
                    Ok((name, objects))
                });
                by_name.collect::<Result<_, Error>>().map(Self::ByCluster)
            }
        }
    }
}

/// Where Argo CD itself runs, when nobody names a cluster.
const LOCAL: (&str, &str) = ("in-cluster", "https://kubernetes.default.svc");

fn previewed(request: Preview, context: &Context) -> Result<ReportHandle, Error> {
    let mut options = PreviewOptions {
        repository: request.name.to_string(),
        context: context.clone(),
        ..PreviewOptions::default()
    };
    options.guard = guard(&request)?;
    if let Some(pattern) = &request.application {
        let glob = Glob::new(pattern, &[]);
        options.application =
            Some(glob.map_err(|error| Error::request(format!("`application` is no glob: {error}")))?);
    }
    let world = world(&request)?;
    let report = preview(request.tree.files(), &world, &options);
    if context.cancel.is_cancelled() {
        return Err(Error::cancelled());
    }
    Ok(ReportHandle(Document::new(Content::Report(report))))
}

fn guard(request: &Preview) -> Result<PruneGuard, Error> {
    fn number<T: TryFrom<i64>>(number: Option<i64>, name: &str) -> Result<Option<T>, Error> {
        let wrong = || Error::request(format!("`{name}` must be a number from 0"));
        number.map(|number| T::try_from(number).map_err(|_| wrong())).transpose()
    }
    Ok(PruneGuard {
        max_percent: number(request.max_prune_percent, "maxPrunePercent")?,
        max_count: number(request.max_prune, "maxPrune")?,
    })
}

/// What a request says of the world.
pub(super) struct Known<'r> {
    pub(super) tree: &'r Tree,
    pub(super) repositories: &'r BTreeMap<EcoString, Tree>,
    pub(super) urls: &'r [EcoString],
    pub(super) clusters: &'r [ClusterFact],
    pub(super) use_facts_file: bool,
}

impl Known<'_> {
    pub(super) fn world(&self) -> Result<World, Error> {
        let mut world = World::default();
        let files = |tree: &Tree| tree.files().clone();
        world.repositories.extend(self.repositories.iter().map(|(url, tree)| (url.clone(), files(tree))));
        world.repositories.extend(self.urls.iter().map(|url| (url.clone(), files(self.tree))));
        let cluster = |fact: &ClusterFact| Cluster {
            name: fact.name.clone(),
            server: fact.server.clone(),
            project: fact.project.clone(),
            labels: fact.labels.clone(),
            annotations: fact.annotations.clone(),
            live: None,
        };
        world.clusters = self.clusters.iter().map(cluster).collect();
        if self.use_facts_file {
            add_facts_file(self.tree, &mut world)?;
        }
        Ok(world)
    }
}

fn world(request: &Preview) -> Result<World, Error> {
    let known = Known {
        tree: &request.tree,
        repositories: &request.repositories,
        urls: &request.urls,
        clusters: &request.clusters,
        use_facts_file: request.use_facts_file,
    };
    let mut world = World { now: request.now, ..known.world()? };
    match &request.live {
        None => {}
        Some(Live::Only(objects)) => only_cluster(&mut world)?.live = Some(objects.clone()),
        Some(Live::ByCluster(by_name)) => {
            for (name, objects) in by_name {
                let known = world.clusters.iter_mut().find(|cluster| cluster.name == *name);
                let cluster = known.ok_or_else(|| {
                    Error::request(format!("`live` names the cluster `{name}`, which `clusters` does not"))
                })?;
                cluster.live = Some(objects.0.clone());
            }
        }
    }
    Ok(world)
}

/// The cluster that a plain list of objects is about.
fn only_cluster(world: &mut World) -> Result<&mut Cluster, Error> {
    if world.clusters.is_empty() {
        let (name, server) = LOCAL;
        world.clusters.push(Cluster { name: name.into(), server: server.into(), ..Cluster::default() });
    }
    let several = world.clusters.len() > 1;
    world.clusters.first_mut().filter(|_| !several).ok_or_else(|| {
        Error::request("`live` must say which objects run in which cluster: there are several")
    })
}

/// Adds what the repository's facts file says about itself and its clusters. Directories outside the tree are the host's to read.
fn add_facts_file(tree: &Tree, world: &mut World) -> Result<(), Error> {
    const FILE: &str = ".trueup/facts.yaml";
    let Ok(bytes) = tree.files().read(FILE) else { return Ok(()) };
    let value = yaml::parse(bytes, &ParseOptions::kubernetes());
    let value = value.map_err(|error| Error::from(error.diagnostic_in(FILE)))?;
    let wrong =
        |message: &str| Error::from(Diagnostic::error("trueup/facts", message).at(Location::file(FILE)));
    for (url, directory) in value.get("repositories").and_then(Value::as_map).into_iter().flatten() {
        let directory =
            directory.as_str().ok_or_else(|| wrong("`repositories` must name a directory for each URL"))?;
        if matches!(directory, "" | "." | "./") && world.repository(url).is_none() {
            world.repositories.push((url.clone(), tree.files().clone()));
        }
    }
    for cluster in value.get("clusters").and_then(Value::as_seq).unwrap_or_default() {
        let mut fields =
            cluster.as_map().cloned().ok_or_else(|| wrong("`clusters` must be a list of maps"))?;
        let live = fields.remove("live");
        let fact = ClusterFact::read(Data::Value(fields.into()), &|| "clusters[]".to_owned())
            .map_err(|error| wrong(error.message()))?;
        if world.clusters.iter().any(|known| known.name == fact.name) {
            continue;
        }
        let directory = live.as_ref().and_then(Value::as_str).unwrap_or_default();
        let live = live_directory(tree, directory)?;
        world.clusters.push(Cluster {
            name: fact.name,
            server: fact.server,
            project: fact.project,
            labels: fact.labels,
            annotations: fact.annotations,
            live,
        });
    }
    Ok(())
}

/// What runs, from a directory of the tree; nothing if it has none of that name.
fn live_directory(tree: &Tree, directory: &str) -> Result<Option<Vec<Value>>, Error> {
    if directory.is_empty() || !tree.files().is_directory(directory) {
        return Ok(None);
    }
    super::yaml::manifests_below(tree, directory, &Context::default())
        .map(|manifests| Some(manifests.into_iter().map(|manifest| manifest.value().clone()).collect()))
}
