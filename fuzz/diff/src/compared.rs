//! Questions about objects as they are wanted and as they are.

use crate::managed;
use crate::question::Question;
use crate::rng::Rng;
use crate::rules;
use crate::values::{Maker, kind};
use std::sync::OnceLock;
use trueup_diff::rules::Rules;
use trueup_diff::{Input, Options, predict};
use trueup_manifest::{Map, Value, json};
use trueup_patch::structured::Typed;
use trueup_schema::{Schema, TypeRef, kubernetes};

const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";
const TRACKING: &str = "argocd.argoproj.io/tracking-id";
const INSTANCE: &str = "app.kubernetes.io/instance";

/// Returns the custom kinds that the reference is told of, too.
pub(crate) fn widgets() -> &'static Value {
    static WIDGETS: OnceLock<Value> = OnceLock::new();
    WIDGETS.get_or_init(|| {
        json::parse(include_bytes!("../widgets.json"), &json::JsonOptions::default()).unwrap_or_default()
    })
}

static HOST: OnceLock<Schema> = OnceLock::new();

/// Takes the schema that the reference is told of.
pub(crate) fn set_host(document: &Value) {
    let _ = HOST.set(trueup_schema::openapi::parse([document]));
}

/// Returns the schema of the cluster, custom kinds included; of those only when nothing was said about the cluster.
pub(crate) fn host() -> &'static Schema {
    HOST.get_or_init(|| trueup_schema::openapi::parse([widgets()]))
}

pub(crate) fn question(rng: &mut Rng, op: &'static str) -> Question {
    match op {
        "health" => health(rng),
        "mask" => mask(rng),
        "track" => track(rng),
        _ => pair(rng, op),
    }
}

/// Makes an object of a built-in or custom kind, and returns its type where there is one.
fn object(rng: &mut Rng, oddity: usize) -> (Value, Option<TypeRef<'static>>) {
    match rng.below(10) {
        0 => (Maker::new(rng, oddity).custom("example.io/v1", "Thing"), None),
        1 => {
            let ty = host().kind("example.io/v1", "Widget").map(|kind| kind.ty());
            let mut maker = Maker::new(rng, oddity);
            let mut object = maker.custom("example.io/v1", "Widget");
            let spec = ty.and_then(|ty| ty.field("spec")).map(|field| maker.field(&field, 1));
            if let Some(map) = object.as_map_mut() {
                map.retain(|key, _| matches!(key, "apiVersion" | "kind" | "metadata"));
                map.insert("spec", spec.unwrap_or_default());
            }
            (object, ty)
        }
        _ => {
            let kind = kind(rng);
            (Maker::new(rng, oddity).object(kind), Some(kind.ty()))
        }
    }
}

fn version(rng: &mut Rng, value: &Value, ty: Option<TypeRef<'_>>, likely: &[usize], oddity: usize) -> Value {
    let likely = rng.pick(likely);
    Maker::new(rng, oddity).mutated(value, ty, likely, 0)
}

fn pair(rng: &mut Rng, op: &'static str) -> Question {
    // A repository may hold anything; what a cluster holds went through a server.
    let oddity = *rng.choose(&[0, 0, 0, 4, 20]).unwrap_or(&0);
    let (before, ty) = object(rng, 0);
    let mut config = version(rng, &before, ty, &[0, 0, 2, 8, 25], oddity);
    let mut live = version(rng, &before, ty, &[0, 0, 2, 8, 25], 0);
    if rng.chance(60) {
        live = with_defaults(&live);
    }
    other_version(rng, &mut live);
    marks(rng, &mut config, &mut live);
    apply_annotation(rng, &before, ty, &mut live);
    let merge_type = managed::type_of(&config, host());
    if rng.chance(60) {
        let fields = managed::fields(rng, &live, None, merge_type);
        managed::insert(&mut live, fields);
    }
    served(rng, &mut live);
    let mut options = Map::new();
    let mut ignores = rules::ignores(rng, &config, &live);
    // Of a kind that the cluster does not serve Argo CD does not know what a manager owns.
    if host().kind_of(&config).is_none() && config.get("kind").is_some_and(|kind| *kind != "Thing") {
        let rules = ignores.as_seq_mut().into_iter().flatten().filter_map(Value::as_map_mut);
        rules.for_each(|rule| drop(rule.remove("managedFieldsManagers")));
    }
    options.insert("ignore", ignores);
    // Rules of the system are texts: there the kinds that the cluster does not serve go without any.
    let overrides = rules::overrides(rng, &config, &live);
    let served = host().kind_of(&config).is_some() || config.get("kind").is_some_and(|kind| *kind == "Thing");
    options.insert("overrides", if served { overrides } else { Map::new() });
    options.insert("tracking", rng.pick(&["annotation", "annotation", "label", "annotation+label"]));
    options.insert("label", INSTANCE);
    options.insert("aggregated", rng.chance(30));
    let mut question = Question { op, a: config, b: live, ..Question::default() };
    match rng.below(10) {
        0..4 => {}
        4..7 => {
            options.insert("structured", true);
        }
        _ if op == "diff" => {
            question.b = with_defaults(&question.b);
            options.insert("serverSide", true);
            options.insert("ignoreWebhooks", rng.chance(80));
            question.c = dry_run(rng, &question, ty, merge_type);
        }
        _ => {}
    }
    if rng.chance(3) {
        let side = if rng.chance(50) { &mut question.a } else { &mut question.b };
        *side = Value::NULL;
    }
    question.more.insert("options", options);
    question
}

/// Now and then the cluster serves another version of the kind.
fn other_version(rng: &mut Rng, live: &mut Value) {
    let text = |key: &str| live.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (api_version, name) = (text("apiVersion"), text("kind"));
    let Some((group, _)) = api_version.split_once('/').filter(|_| rng.chance(5)) else { return };
    let others = kubernetes::schema().kinds().filter(|kind| kind.name() == name && kind.is_typed());
    let others: Vec<&str> = others
        .map(|kind| kind.api_version())
        .filter(|other| other.split_once('/').is_some_and(|(own, _)| own == group))
        .collect();
    let other = rng.pick(&others);
    if let Some(map) = live.as_map_mut().filter(|_| !other.is_empty()) {
        map.insert("apiVersion", other);
    }
}

/// Returns the object as a server would complete it.
fn with_defaults(object: &Value) -> Value {
    // What stands in for the configuration differs in a place that nothing reads, so that nothing is cut short.
    let mut config = object.clone();
    if let Some(metadata) = config.get_mut("metadata").and_then(Value::as_map_mut) {
        metadata.insert("generateName", "made");
    }
    let input = Input { config: Some(&config), live: Some(object), dry_run: None };
    match predict(input, &Rules::default(), &Options::default()) {
        Ok(compared) if !compared.pair.live.is_null() => compared.pair.live,
        _ => object.clone(),
    }
}

fn annotate(object: &mut Value, section: &str, key: &str, value: Value) {
    let Some(metadata) = object.get_mut("metadata").and_then(Value::as_map_mut) else { return };
    let section = metadata.get_or_insert_with(section, || Map::new().into());
    if let Some(section) = section.as_map_mut() {
        section.insert(key, value);
    }
}

/// Marks of tracking, and options that stand in annotations.
fn marks(rng: &mut Rng, config: &mut Value, live: &mut Value) {
    if rng.chance(40) {
        annotate(config, "annotations", TRACKING, "app:apps/Deployment:ns/n".into());
    }
    if rng.chance(30) {
        annotate(
            live,
            "annotations",
            TRACKING,
            rng.pick(&["app:apps/Deployment:ns/n", "other:/x:y/z", ""]).into(),
        );
    }
    for side in [&mut *config, live] {
        if rng.chance(25) {
            annotate(side, "labels", INSTANCE, rng.pick(&["app", "other", ""]).into());
        }
    }
    if rng.chance(10) {
        let options = rng.pick(&[
            "ServerSideApply=true",
            "Prune=false,ServerSideApply=true",
            "ServerSideApply=false",
            "Replace=true",
        ]);
        annotate(config, "annotations", "argocd.argoproj.io/sync-options", options.into());
    }
}

/// What `kubectl apply` noted down, if it did: an older version, nonsense, something else.
fn apply_annotation(rng: &mut Rng, before: &Value, ty: Option<TypeRef<'_>>, live: &mut Value) {
    if !rng.chance(55) {
        return;
    }
    let text = match rng.below(14) {
        0 => "{broken".to_owned(),
        1 => rng
            .pick(&[
                "",
                "[]",
                "null",
                "{}",
                "1",
                "\"x\"",
                "{\"kind\":\"Pod\"}",
                "{\"kind\":\"List\",\"items\":[]}",
            ])
            .to_owned(),
        2 => json::to_string(&version(rng, before, ty, &[30], 40)).unwrap_or_default(),
        3..7 => json::to_string(&version(rng, before, ty, &[4, 12], 0)).unwrap_or_default(),
        _ => json::to_string(before).unwrap_or_default(),
    };
    annotate(live, "annotations", LAST_APPLIED, text.into());
}

/// What only a server writes.
fn served(rng: &mut Rng, live: &mut Value) {
    let Some(metadata) = live.get_mut("metadata").and_then(Value::as_map_mut) else { return };
    if rng.chance(80) {
        metadata.insert("uid", "u");
        metadata.insert("resourceVersion", "7");
        metadata.insert("generation", 3);
        metadata.insert("creationTimestamp", "2020-01-01T00:00:00Z");
        metadata.insert("namespace", "ns");
    }
}

/// What a server-side apply of the configuration might return.
fn dry_run(rng: &mut Rng, question: &Question, ty: Option<TypeRef<'_>>, merge_type: TypeRef<'_>) -> Value {
    let typed = |value: &Value| Typed::new(value.clone(), merge_type);
    let merged = typed(&question.b).and_then(|live| live.merge(&typed(&question.a)?));
    let mut out = merged.map_or_else(|_| question.a.clone(), Typed::into_value);
    let likely = rng.pick(&[0, 3, 10]);
    out = with_defaults(&Maker::new(rng, 0).mutated(&out, ty, likely, 0));
    if rng.chance(96) {
        let applied = rng.chance(92).then_some(&question.a);
        let fields = managed::fields(rng, &out, applied, merge_type);
        managed::insert(&mut out, fields);
    }
    out
}

fn mask(rng: &mut Rng) -> Question {
    let secret = |rng: &mut Rng| {
        let mut out = Map::from_iter([("apiVersion", "v1"), ("kind", "Secret")]);
        let mut metadata = Map::from_iter([("name", "n")]);
        if rng.chance(50) {
            let notes = ["note", "token"].into_iter().filter(|_| rng.chance(60)).map(|key| (key, "secret"));
            metadata.insert("annotations", notes.collect::<Map>());
        }
        out.insert("metadata", metadata);
        for (section, values) in [("data", ["YQ==", "Yg==", ""]), ("stringData", ["a", "c", ""])] {
            if rng.chance(60) {
                let members = ["a", "b", "c"].into_iter().filter(|_| rng.chance(60));
                let members: Vec<&str> = members.collect();
                out.insert(section, members.into_iter().map(|key| (key, rng.pick(&values))).collect::<Map>());
            }
        }
        Value::from(out)
    };
    let (mut a, mut b) = (secret(rng), secret(rng));
    for side in [&mut a, &mut b] {
        let other = secret(rng);
        if rng.chance(50) {
            let text = if rng.chance(15) {
                "{broken".to_owned()
            } else {
                json::to_string(&other).unwrap_or_default()
            };
            annotate(side, "annotations", LAST_APPLIED, text.into());
        }
    }
    let hidden = ["note", "token", LAST_APPLIED].into_iter().filter(|_| rng.chance(30)).map(Value::from);
    let options = Map::from_iter([("hidden", hidden.collect::<Value>())]);
    let more = Map::from_iter([("options", options)]);
    let b = if rng.chance(8) { Value::NULL } else { b };
    Question { op: "mask", a, b, more, ..Question::default() }
}

fn track(rng: &mut Rng) -> Question {
    let (a, _) = object(rng, 0);
    let options = Map::from_iter([
        ("tracking", rng.pick(&["annotation", "label", "annotation+label"])),
        ("label", rng.pick(&[INSTANCE, "applications.argoproj.io/app-name", "own/key"])),
        (
            "app",
            rng.pick(&["app", "ns_app", "an-application-whose-name-is-longer-than-what-a-label-may-be-----"]),
        ),
    ]);
    Question { op: "track", a, more: Map::from_iter([("options", options)]), ..Question::default() }
}

fn health(rng: &mut Rng) -> Question {
    let kinds = [
        ("apps/v1", "Deployment"),
        ("apps/v1", "StatefulSet"),
        ("apps/v1", "DaemonSet"),
        ("apps/v1", "ReplicaSet"),
        ("v1", "Pod"),
        ("batch/v1", "Job"),
        ("v1", "Service"),
        ("v1", "PersistentVolumeClaim"),
        ("networking.k8s.io/v1", "Ingress"),
        ("autoscaling/v2", "HorizontalPodAutoscaler"),
        ("autoscaling/v1", "HorizontalPodAutoscaler"),
    ];
    let (api_version, name) = rng.pick(&kinds);
    let Some(kind) = kubernetes::schema().kind(api_version, name) else { return Question::default() };
    let mut maker = Maker::new(rng, 0);
    let mut object = maker.object(kind);
    let status = kind.ty().field("status").map(|field| maker.field(&field, 0));
    if let Some(map) = object.as_map_mut() {
        map.insert("status", status.unwrap_or_default());
    }
    words(rng, &mut object);
    if rng.chance(70) {
        annotate_number(rng, &mut object);
    }
    Question { op: "health", a: object, ..Question::default() }
}

fn annotate_number(rng: &mut Rng, object: &mut Value) {
    let generation = rng.below(3) as i64;
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_map_mut) {
        metadata.insert("generation", generation);
    }
    if let Some(status) = object.get_mut("status").and_then(Value::as_map_mut) {
        status.insert("observedGeneration", generation);
    }
}

/// Gives fields that checks look at the words they look for.
fn words(rng: &mut Rng, value: &mut Value) {
    if let Some(items) = value.as_seq_mut() {
        return items.iter_mut().for_each(|item| words(rng, item));
    }
    let Some(map) = value.as_map_mut() else { return };
    for (key, value) in map.iter_mut() {
        let choices: &[&str] = match key.as_str() {
            "type" => &[
                "Ready",
                "Progressing",
                "ReplicaFailure",
                "Failed",
                "Complete",
                "Suspended",
                "AbleToScale",
                "ScalingActive",
                "ScalingLimited",
                "LoadBalancer",
                "ClusterIP",
                "OnDelete",
                "RollingUpdate",
            ],
            "reason" => &[
                "ProgressDeadlineExceeded",
                "FailedGetScale",
                "InvalidSelector",
                "CrashLoopBackOff",
                "ErrImagePull",
                "Error",
                "OOMKilled",
                "x",
            ],
            "phase" => &["Pending", "Running", "Succeeded", "Failed", "Bound", "Lost", ""],
            "restartPolicy" => &["Always", "OnFailure", "Never"],
            "status" if value.as_str().is_some() => &["True", "False", "Unknown"],
            _ => &[],
        };
        if !choices.is_empty() && value.as_str().is_some() {
            *value = rng.pick(choices).into();
        } else if *value == "soon" {
            *value = "2021-02-03T04:05:06Z".into();
        } else if matches!(
            key.as_str(),
            "replicas"
                | "updatedReplicas"
                | "availableReplicas"
                | "readyReplicas"
                | "numberAvailable"
                | "desiredNumberScheduled"
                | "updatedNumberScheduled"
                | "exitCode"
        ) {
            *value = (rng.below(4) as i64).into();
        } else {
            words(rng, value);
        }
    }
}
