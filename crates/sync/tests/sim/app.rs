//! Random applications.

use super::Rng;
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
}

impl App {
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

/// Makes an application from a seed.
pub fn random_app(seed: u64) -> App {
    let mut rng = Rng(seed);
    let settings = Settings {
        namespace: "shop".into(),
        revision: "0123456789abcdef".into(),
        prune: rng.chance(80),
        dry_run: rng.chance(4),
        force: rng.chance(10),
        skip_hooks: rng.chance(5),
        prune_last: rng.chance(20),
        replace: rng.chance(10),
        server_side_apply: rng.chance(20),
        apply_out_of_sync_only: rng.chance(15),
        create_namespace: rng.chance(40),
        default_prune: rng.chance(5).then(|| "confirm".into()),
        ..Settings::default()
    };
    let fault_percent = rng.pick(&[0, 0, 2, 8, 30]);
    let compare = rng.chance(70);
    let (mut desired, mut live, mut foreign) = (Vec::new(), Vec::new(), Vec::new());
    for index in 0..rng.below(14) {
        let mut object = resource(&mut rng, index);
        if rng.chance(50) {
            let mut old = object.clone();
            own(&mut old, "me");
            live.push(old);
        } else if rng.chance(5) {
            own(&mut object, "somebody");
            foreign.push(object.clone());
        }
        match rng.below(10) {
            0..7 => desired.push(unowned(object)),
            // No longer desired: to be pruned.
            _ if live.iter().any(|old| Object::new(old).key() == Object::new(&object).key()) => {}
            _ => {
                own(&mut object, "somebody");
                foreign.push(object);
            }
        }
    }
    for index in 0..rng.below(5) {
        let hook = hook(&mut rng, index);
        if rng.chance(20) && !Object::new(&hook).name().is_empty() {
            let mut old = hook.clone();
            own(&mut old, "me");
            live.push(old);
        }
        desired.push(hook);
    }
    foreign.dedup_by_key(|object| Object::new(object).key());
    App { seed, name: "me".into(), settings, desired, live, foreign, fault_percent, compare }
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
    if rng.chance(70) {
        annotations.insert(HOOK_DELETE_POLICY, rng.pick(&policies));
    }
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
    if !matches!(kind, "Namespace" | "ClusterRole") {
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
