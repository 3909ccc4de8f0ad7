//! Random applications: what they desire, what is live, and how they are synced.

use crate::rng::Rng;
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeSet;
use trueup_manifest::EcoString;
use trueup_manifest::argocd::ManagedNamespaceMetadata;
use trueup_sync::{Propagation, Settings};

/// The namespace of every application.
pub(crate) const NAMESPACE: &str = "shop";

/// What a cluster knows of a kind.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kind {
    pub(crate) group: &'static str,
    pub(crate) version: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) namespaced: bool,
    /// Whether its objects have a health.
    pub(crate) has_health: bool,
}

const fn kind(
    group: &'static str,
    version: &'static str,
    kind: &'static str,
    namespaced: bool,
    has_health: bool,
) -> Kind {
    Kind { group, version, kind, namespaced, has_health }
}

/// The kinds that objects are made of; the last one is known to a cluster only sometimes.
pub(crate) const KINDS: [Kind; 14] = [
    kind("", "v1", "Namespace", false, false),
    kind("", "v1", "ConfigMap", true, false),
    kind("", "v1", "Secret", true, false),
    kind("", "v1", "Service", true, true),
    kind("", "v1", "Pod", true, true),
    kind("", "v1", "PersistentVolumeClaim", true, true),
    kind("apps", "v1", "Deployment", true, true),
    kind("apps", "v1", "StatefulSet", true, true),
    kind("batch", "v1", "Job", true, true),
    kind("networking.k8s.io", "v1", "Ingress", true, true),
    kind("rbac.authorization.k8s.io", "v1", "ClusterRole", false, false),
    kind("apiextensions.k8s.io", "v1", "CustomResourceDefinition", false, false),
    kind("shop.example", "v1", "Gadget", true, true),
    kind("widgets.example", "v1", "Widget", true, true),
];

/// An application, the cluster it finds and the luck it has.
#[derive(Clone, Debug)]
pub(crate) struct Scenario {
    pub(crate) seed: u64,
    pub(crate) settings: Settings,
    pub(crate) desired: Vec<Json>,
    pub(crate) live: Vec<Json>,
    /// Whether it desires its own namespace.
    pub(crate) desires_namespace: bool,
    /// Whether the cluster knows the kind `Widget` before its definition is there.
    pub(crate) knows_widgets: bool,
    /// How often something fails, in percent.
    pub(crate) faults: u64,
    /// How often a live hook is not seen, and how often somebody deletes an object, in percent.
    pub(crate) trouble: u64,
    /// After how many calls prunes are confirmed, and the operation is asked to stop.
    pub(crate) confirmed_after: usize,
    pub(crate) terminated_after: Option<usize>,
    /// Why the application's namespace cannot be read.
    pub(crate) namespace_error: Option<&'static str>,
}

/// Makes a scenario from a seed.
pub(crate) fn generate(seed: u64) -> Scenario {
    let mut rng = Rng(seed);
    let settings = settings(&mut rng);
    let rich = rng.chance(20);
    let (mut desired, mut live) = (Vec::new(), Vec::new());
    // Names are unique: the reference leaves the order of equal names open.
    let mut names = BTreeSet::new();
    let count = rng.below(if rich { 40 } else { 10 });
    for index in 0..count {
        let object = resource(&mut rng, index);
        let name = object.pointer("/metadata/name").and_then(Json::as_str).unwrap_or_default();
        if !names.insert(name.to_owned()) {
            continue;
        }
        let (wanted, there) = (rng.chance(70), rng.chance(55));
        if there {
            live.push(as_live(&mut rng, &object));
        }
        if wanted {
            desired.push(object);
        }
    }
    let terminated_after = rng.chance(12).then(|| 1 + rng.below(5) as usize);
    for index in 0..rng.below(if rich { 10 } else { 4 }) {
        // How a hook of several phases ends when it is terminated depends, in the reference, on memory that its tasks share.
        let hook = hook(&mut rng, index, terminated_after.is_none());
        if rng.chance(25) && hook.pointer("/metadata/name").is_some() {
            live.push(as_live(&mut rng, &hook));
        }
        if rng.chance(90) {
            desired.push(hook);
        }
    }
    if rng.chance(30) {
        desired.push(definition(&mut rng));
    }
    shuffle(&mut rng, &mut desired);
    disown_namespace(&desired, &mut live);
    let knows_widgets = rng.chance(85);
    live.retain(|object| knows_widgets || object.get("kind").and_then(Json::as_str) != Some("Widget"));
    Scenario {
        seed,
        settings,
        desires_namespace: desired.iter().any(is_namespace),
        desired,
        live,
        knows_widgets,
        faults: *rng.pick(&[0, 0, 0, 3, 10, 30]).unwrap_or(&0),
        trouble: *rng.pick(&[0, 0, 3, 10]).unwrap_or(&0),
        confirmed_after: rng.below(4) as usize,
        terminated_after,
        namespace_error: rng.chance(2).then_some("forbidden"),
    }
}

/// Whether an object is the application's own namespace.
fn is_namespace(object: &Json) -> bool {
    object.get("kind").and_then(Json::as_str) == Some("Namespace")
        && object.pointer("/metadata/name").and_then(Json::as_str) == Some(NAMESPACE)
}

/// The application's namespace is its own only if it desires it: Argo CD creates it without tracking it.
fn disown_namespace(desired: &[Json], live: &mut [Json]) {
    if desired.iter().any(is_namespace) {
        return;
    }
    for object in live.iter_mut().filter(|object| is_namespace(object)) {
        if let Some(app) = object.pointer_mut("/metadata/labels/app") {
            *app = "other".into();
        }
    }
}

fn settings(rng: &mut Rng) -> Settings {
    let propagations = [Propagation::Foreground, Propagation::Background, Propagation::Orphan];
    let metadata = ManagedNamespaceMetadata {
        labels: [("team".into(), "shop".into())].into_iter().collect(),
        ..ManagedNamespaceMetadata::default()
    };
    let revisions = ["0123456789abcdef", "main", "", "1234567", "12345678"];
    Settings {
        namespace: NAMESPACE.into(),
        revision: (*rng.pick(&revisions).unwrap_or(&"")).into(),
        prune: rng.chance(80),
        dry_run: rng.chance(6),
        force: rng.chance(8),
        validate: !rng.chance(8),
        skip_hooks: rng.chance(6),
        prune_last: rng.chance(15),
        replace: rng.chance(8),
        server_side_apply: rng.chance(20),
        skip_dry_run_on_missing: rng.chance(10),
        apply_out_of_sync_only: rng.chance(15),
        propagation: rng.pick(&propagations).copied().unwrap_or_default(),
        default_prune: rng
            .chance(10)
            .then(|| (*rng.pick(&["confirm", "false", "true", "x"]).unwrap_or(&"")).into()),
        migrate_from: (!rng.chance(10)).then(|| "kubectl-client-side-apply".into()),
        create_namespace: rng.chance(30),
        namespace_metadata: rng.chance(30).then_some(metadata),
        ..Settings::default()
    }
}

fn resource(rng: &mut Rng, index: u64) -> Json {
    let kind = rng.pick(&KINDS).copied().unwrap_or(KINDS[1]);
    let mut annotations = Map::new();
    if rng.chance(60) {
        annotations.insert("argocd.argoproj.io/sync-wave".into(), wave(rng).into());
    } else if rng.chance(10) {
        annotations.insert("helm.sh/hook-weight".into(), wave(rng).into());
    }
    if rng.chance(30) {
        annotations.insert("argocd.argoproj.io/sync-options".into(), options(rng).into());
    }
    if rng.chance(2) {
        annotations.insert("argocd.argoproj.io/hook".into(), "Skip".into());
    }
    if rng.chance(1) {
        annotations.insert("denied".into(), "not permitted in project".into());
    }
    let names = [format!("r{index}"), NAMESPACE.to_owned(), format!("team-{}", index % 3)];
    let name = if kind.kind == "Namespace" { rng.pick(&names) } else { names.first() };
    object(rng, kind, name.map_or("x", String::as_str), annotations)
}

fn wave(rng: &mut Rng) -> String {
    let odd = ["1.5", "x", "", "+2", "007", "-0", " 1"];
    match rng.chance(4) {
        true => rng.pick(&odd).copied().unwrap_or_default().to_owned(),
        false => (rng.below(8) as i64 - 3).to_string(),
    }
}

fn options(rng: &mut Rng) -> String {
    const OPTIONS: [&str; 16] = [
        "Prune=false",
        "Prune=confirm",
        "Prune=true",
        "PruneLast=true",
        "PruneLast=false",
        "Replace=true",
        "Replace=false",
        "Force=true",
        "Validate=false",
        "ServerSideApply=true",
        "ServerSideApply=false",
        "SkipDryRunOnMissingResource=true",
        "Delete=false",
        "Prune",
        "=",
        "",
    ];
    let count = 1 + rng.below(3);
    let some: Vec<&str> = (0..count).filter_map(|_| rng.pick(&OPTIONS).copied()).collect();
    some.join(rng.pick(&[",", ", ", " ,", ",,"]).copied().unwrap_or(","))
}

fn hook(rng: &mut Rng, index: u64, several_phases: bool) -> Json {
    const ARGO: [&str; 11] = [
        "PreSync",
        "Sync",
        "PostSync",
        "SyncFail",
        "SyncFail",
        "PreSync,PostSync",
        " Sync , SyncFail",
        "PreSync,Skip",
        "PreDelete",
        "garbage",
        "PostSync,PostSync",
    ];
    const HELM: [&str; 7] = [
        "pre-install",
        "post-install,post-upgrade",
        "pre-upgrade",
        "test",
        "crd-install",
        "pre-install,crd-install",
        "pre-delete",
    ];
    const POLICIES: [&str; 6] =
        ["BeforeHookCreation", "HookSucceeded", "HookFailed", "HookSucceeded,HookFailed", "nonsense", ""];
    let mut annotations = Map::new();
    let mut add = |key: &str, value: Option<&&str>| {
        annotations.insert(key.to_owned(), value.copied().unwrap_or_default().into());
    };
    let one_phase = |word: &&&str| several_phases || !word.contains(',');
    if rng.chance(80) {
        add("argocd.argoproj.io/hook", rng.pick(&ARGO).filter(one_phase).or(Some(&"PreSync")));
    }
    if rng.chance(25) {
        add("helm.sh/hook", rng.pick(&HELM).filter(one_phase).or(Some(&"pre-install")));
    }
    if rng.chance(65) {
        add("argocd.argoproj.io/hook-delete-policy", rng.pick(&POLICIES));
    }
    if rng.chance(10) {
        add("helm.sh/hook-delete-policy", rng.pick(&["hook-succeeded", "before-hook-creation,hook-failed"]));
    }
    if rng.chance(40) {
        annotations.insert("argocd.argoproj.io/sync-wave".into(), wave(rng).into());
    }
    if rng.chance(15) {
        annotations.insert("argocd.argoproj.io/sync-options".into(), options(rng).into());
    }
    let of = [KINDS[8], KINDS[8], KINDS[4], KINDS[1], KINDS[10], KINDS[12]];
    let kind = rng.pick(&of).copied().unwrap_or(KINDS[8]);
    let mut hook = object(rng, kind, &format!("h{index}"), annotations);
    // What is no hook cannot ask for a name: it could not be applied.
    let is_hook = hook.pointer("/metadata/annotations/argocd.argoproj.io~1hook").is_some();
    if is_hook
        && rng.chance(25)
        && let Some(metadata) = hook.pointer_mut("/metadata").and_then(Json::as_object_mut)
    {
        metadata.remove("name");
        metadata.insert("generateName".into(), format!("h{index}-").into());
    }
    hook
}

fn definition(rng: &mut Rng) -> Json {
    let mut annotations = Map::new();
    if rng.chance(50) {
        annotations.insert("argocd.argoproj.io/sync-wave".into(), wave(rng).into());
    }
    let mut object = object(rng, KINDS[11], "widgets.widgets.example", annotations);
    if let Some(map) = object.as_object_mut() {
        map.insert("spec".into(), json!({"group": "widgets.example", "names": {"kind": "Widget"}}));
    }
    object
}

fn object(rng: &mut Rng, kind: Kind, name: &str, annotations: Map<String, Json>) -> Json {
    let mut metadata = Map::new();
    metadata.insert("name".into(), name.into());
    if kind.namespaced && rng.chance(60) {
        let namespaces = [NAMESPACE.to_owned(), NAMESPACE.to_owned(), format!("team-{}", rng.below(3))];
        metadata.insert("namespace".into(), rng.pick(&namespaces).cloned().unwrap_or_default().into());
    }
    if !annotations.is_empty() {
        metadata.insert("annotations".into(), annotations.into());
    }
    let group = if kind.group.is_empty() { String::new() } else { format!("{}/", kind.group) };
    json!({"apiVersion": format!("{group}{}", kind.version), "kind": kind.kind, "metadata": metadata})
}

/// The object as an earlier sync left it.
fn as_live(rng: &mut Rng, object: &Json) -> Json {
    let mut live = object.clone();
    let name = object.get("kind").and_then(Json::as_str).unwrap_or_default();
    let kind = KINDS.iter().find(|kind| kind.kind == name).copied().unwrap_or(KINDS[1]);
    let is_hook = object.pointer("/metadata/annotations/argocd.argoproj.io~1hook").is_some()
        || object.pointer("/metadata/annotations/helm.sh~1hook").is_some();
    let Some(metadata) = live.pointer_mut("/metadata").and_then(Json::as_object_mut) else { return live };
    if kind.namespaced && !metadata.contains_key("namespace") {
        metadata.insert("namespace".into(), NAMESPACE.into());
    }
    metadata.insert("labels".into(), json!({"app": if is_hook || rng.chance(93) { "me" } else { "other" }}));
    metadata.insert("resourceVersion".into(), rng.below(1_000).to_string().into());
    if !is_hook && kind.kind != "CustomResourceDefinition" && rng.chance(15) {
        let manager = rng.pick(&["kubectl-client-side-apply", "helm"]).copied().unwrap_or_default();
        let operation = rng.pick(&["Update", "Apply"]).copied().unwrap_or_default();
        metadata.insert(
            "managedFields".into(),
            json!([{"manager": manager, "operation": operation, "apiVersion": kind.version, "fieldsType": "FieldsV1", "fieldsV1": {"f:data": {}}}]),
        );
    }
    if is_hook && rng.chance(60) {
        metadata.insert("finalizers".into(), json!(["argocd.argoproj.io/hook-finalizer"]));
    }
    if rng.chance(4) {
        metadata.insert("deletionTimestamp".into(), "2024-01-01T00:00:00Z".into());
    }
    if rng.chance(30) {
        // Options and waves changed since.
        let annotations = metadata.entry("annotations").or_insert_with(|| json!({}));
        if let Some(annotations) = annotations.as_object_mut() {
            annotations.insert("argocd.argoproj.io/sync-options".into(), options(rng).into());
        }
    }
    live
}

fn shuffle(rng: &mut Rng, list: &mut [Json]) {
    for index in (1..list.len()).rev() {
        list.swap(index, rng.below(index as u64 + 1) as usize);
    }
}

/// The kinds that a cluster knows.
pub(crate) fn known_kinds(knows_widgets: bool) -> impl Iterator<Item = &'static Kind> {
    KINDS.iter().filter(move |kind| knows_widgets || kind.kind != "Widget")
}

/// The text of the reference for a kind that the cluster does not know.
pub(crate) fn missing_message(group: &str, version: &str) -> EcoString {
    let group_version = if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") };
    format!(
        "failed to discover server resources for group version {group_version}: the server could not find the requested resource"
    )
    .into()
}
