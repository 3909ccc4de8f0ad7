//! Random applications.

use super::Rng;
use trueup_manifest::argocd::{ManagedNamespaceMetadata, SyncOperationResource};
use trueup_manifest::{Map, Object, ResourceKey, Value};
use trueup_sync::*;

/// An application and the cluster it finds.
#[derive(Clone, Debug)]
pub struct App {
    /// The seed it was made from.
    pub seed: u64,
    /// Its name.
    pub name: String,
    /// How its sync is set.
    pub settings: Settings,
    /// What it desires: resources and hooks.
    pub desired: Vec<Value>,
    /// What of it is live.
    pub live: Vec<Value>,
    /// What belongs to others.
    pub foreign: Vec<Value>,
    /// How often something fails, in percent.
    pub fault_percent: u64,
    /// Whether the end may not depend on the time that things take.
    pub compare: bool,
    /// After how many calls somebody confirms prunes.
    pub approved_after: usize,
}

impl App {
    /// Returns true if somebody else has this object.
    pub fn is_foreign(&self, key: &ResourceKey) -> bool {
        self.foreign.iter().any(|object| Object::new(object).key() == *key)
    }

    /// Returns true if this object was there at the beginning.
    pub fn had(&self, key: &ResourceKey) -> bool {
        self.live.iter().any(|object| Object::new(object).key() == *key)
    }

    /// Returns the key of its namespace.
    pub fn namespace_key(&self) -> ResourceKey {
        ResourceKey {
            kind: "Namespace".into(),
            name: self.settings.namespace.clone(),
            ..ResourceKey::default()
        }
    }
}

const KINDS: [(&str, &str); 8] = [
    ("v1", "ConfigMap"),
    ("v1", "Service"),
    ("v1", "Pod"),
    ("apps/v1", "Deployment"),
    ("batch/v1", "Job"),
    ("rbac.authorization.k8s.io/v1", "ClusterRole"),
    ("shop.example/v1", "Widget"),
    ("v1", "Namespace"),
];

fn settings(rng: &mut Rng) -> Settings {
    let metadata = ManagedNamespaceMetadata {
        labels: [("team".into(), "shop".into())].into_iter().collect(),
        ..ManagedNamespaceMetadata::default()
    };
    Settings {
        namespace: "shop".into(),
        revision: "0123456789abcdef".into(),
        prune: rng.chance(80),
        dry_run: rng.chance(6),
        force: rng.chance(10),
        skip_hooks: rng.chance(5),
        prune_last: rng.chance(20),
        replace: rng.chance(15),
        server_side_apply: rng.chance(20),
        apply_out_of_sync_only: rng.chance(15),
        create_namespace: rng.chance(40),
        namespace_metadata: rng.chance(10).then_some(metadata),
        default_prune: rng.chance(10).then(|| rng.pick(&["confirm", "false", "true"]).into()),
        guard: PruneGuard {
            max_percent: rng.chance(10).then(|| rng.below(90) as u32),
            max_count: rng.chance(10).then(|| rng.below(4) as usize),
        },
        ..Settings::default()
    }
}

/// Makes an application from a seed.
pub fn random_app(seed: u64) -> App {
    let mut rng = Rng(seed);
    let mut app = App {
        seed,
        name: "me".into(),
        settings: settings(&mut rng),
        desired: Vec::new(),
        live: Vec::new(),
        foreign: Vec::new(),
        fault_percent: rng.pick(&[0, 0, 2, 8, 30]),
        compare: rng.chance(70),
        approved_after: rng.below(6) as usize,
    };
    for index in 0..rng.below(14) {
        let object = resource(&mut rng, index);
        app.place(&mut rng, object);
    }
    if rng.chance(25) {
        let definition = definition(&mut rng);
        app.place(&mut rng, definition);
    }
    for index in 0..rng.below(5) {
        let hook = hook(&mut rng, index);
        let named = !Object::new(&hook).name().is_empty();
        if named && rng.chance(25) {
            let mut old = hook.clone();
            own(&mut old, if rng.chance(96) { "me" } else { "somebody" });
            if rng.chance(40) {
                hold(&mut old);
            }
            let mine = Object::new(&old).label("app") == Some("me");
            if mine { app.live.push(old) } else { app.foreign.push(old) }
        }
        app.desired.push(hook);
    }
    if rng.chance(8) && !app.desired.is_empty() {
        app.select(&mut rng);
    }
    app
}

impl App {
    /// An object is desired, live, both, or somebody else's.
    fn place(&mut self, rng: &mut Rng, mut object: Value) {
        let live = rng.chance(50);
        if live {
            let mut old = object.clone();
            own(&mut old, "me");
            self.live.push(old);
        }
        let foreign = !live && rng.chance(8);
        if foreign {
            own(&mut object, "somebody");
            self.foreign.push(object.clone());
        }
        // What is live and not desired is to be pruned.
        if rng.chance(if foreign { 30 } else { 70 }) {
            self.desired.push(unowned(object));
        }
    }

    /// Syncs a few resources only: without hooks then.
    fn select(&mut self, rng: &mut Rng) {
        self.settings.skip_hooks = true;
        for object in self.desired.iter().chain(&self.live) {
            let key = Object::new(object).key();
            if rng.chance(40) {
                let resource = SyncOperationResource {
                    group: key.group,
                    kind: key.kind,
                    name: key.name,
                    ..SyncOperationResource::default()
                };
                self.settings.resources.push(resource);
            }
        }
    }
}

fn definition(rng: &mut Rng) -> Value {
    let mut annotations = Map::new();
    if rng.chance(50) {
        annotations.insert(SYNC_WAVE, (rng.below(7) as i64 - 2).to_string());
    }
    let name = "widgets.shop.example";
    let mut definition = object("apiextensions.k8s.io/v1", "CustomResourceDefinition", name, annotations);
    let names = Map::from_iter([("kind", "Widget")]);
    let spec = Map::from_iter([("group", Value::from("shop.example")), ("names", names.into())]);
    definition.as_map_mut().unwrap().insert("spec", spec);
    definition
}

/// Gives an object the finalizer of a hook whose end was not seen.
fn hold(object: &mut Value) {
    let metadata = object.get_mut("metadata").unwrap().as_map_mut().unwrap();
    metadata.insert("finalizers", vec![Value::from(HOOK_FINALIZER)]);
}

fn resource(rng: &mut Rng, index: u64) -> Value {
    let (api_version, kind) = rng.pick(&KINDS);
    let mut annotations = Map::new();
    if rng.chance(60) {
        annotations.insert(SYNC_WAVE, (rng.below(7) as i64 - 2).to_string());
    }
    let options =
        ["Prune=false", "Prune=confirm", "PruneLast=true", "Replace=true", "Force=true", "Validate=false"];
    if rng.chance(25) {
        annotations.insert(SYNC_OPTIONS, rng.pick(&options));
    }
    object(api_version, kind, &format!("r{index}"), annotations)
}

fn hook(rng: &mut Rng, index: u64) -> Value {
    let mut annotations = Map::new();
    let argo = ["PreSync", "Sync", "PostSync", "SyncFail", "PreSync,PostSync", "Sync,SyncFail"];
    let helm = ["pre-install", "post-install,post-upgrade", "pre-upgrade", "test"];
    if rng.chance(75) {
        annotations.insert(HOOK, rng.pick(&argo));
    } else {
        annotations.insert("helm.sh/hook", rng.pick(&helm));
    }
    let policies = ["BeforeHookCreation", "HookSucceeded", "HookFailed", "HookSucceeded,HookFailed"];
    match rng.below(10) {
        0..6 => annotations.insert(HOOK_DELETE_POLICY, rng.pick(&policies)),
        6..8 => {
            let helm = ["hook-succeeded", "before-hook-creation,hook-failed", "hook-succeeded,hook-failed"];
            annotations.insert("helm.sh/hook-delete-policy", rng.pick(&helm))
        }
        _ => None,
    };
    if rng.chance(40) {
        annotations.insert(SYNC_WAVE, (rng.below(4) as i64 - 1).to_string());
    }
    let (api_version, kind) = rng.pick(&[("batch/v1", "Job"), ("v1", "Pod"), ("v1", "ConfigMap")]);
    let mut hook = object(api_version, kind, &format!("h{index}"), annotations);
    if rng.chance(30) {
        let metadata = hook.get_mut("metadata").unwrap().as_map_mut().unwrap();
        metadata.remove("name");
        metadata.insert("generateName", format!("h{index}-"));
    }
    hook
}

fn object(api_version: &str, kind: &str, name: &str, annotations: Map) -> Value {
    let mut metadata = Map::from_iter([("name", name)]);
    if !matches!(kind, "Namespace" | "ClusterRole" | "CustomResourceDefinition") {
        metadata.insert("namespace", "shop");
    }
    metadata.insert("annotations", annotations);
    Map::from_iter([
        ("apiVersion", api_version.into()),
        ("kind", kind.into()),
        ("metadata", Value::from(metadata)),
    ])
    .into()
}

/// Marks an object as belonging to an application.
pub(crate) fn own(object: &mut Value, app: &str) {
    let metadata = object.get_mut("metadata").unwrap().as_map_mut().unwrap();
    metadata.insert("labels", Map::from_iter([("app", app)]));
}

fn unowned(mut object: Value) -> Value {
    object.get_mut("metadata").unwrap().as_map_mut().unwrap().remove("labels");
    object
}
