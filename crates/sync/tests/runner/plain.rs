//! Cases of single functions: hooks, order, prune order.

use super::{Checked, Json, annotated, equal, list, same, strings, text, value};
use serde_json::json;
use trueup_manifest::{Gvk, Object, Value};
use trueup_sync::*;

pub(crate) fn check(op: (&str, &str), input: &Json, expect: &Json) -> Checked {
    Some(match op {
        ("hooks", name) => return hooks(name, input, expect),
        ("sync_order", "sort" | "sort_with_deps") => sorted(op.1 == "sort_with_deps", input, expect),
        ("sync_order", "sort_kinds") => {
            let tasks: Vec<Json> = list(&input["kinds"])
                .iter()
                .map(|kind| json!({"phase": "Sync", "target": {"kind": kind}}))
                .collect();
            let order = order(&tasks);
            same(expect, "sorted", strings(order.iter().map(|task| task.kind.as_str())))
        }
        ("sync_order", "kind_weight") => same(expect, "weight", kind_weight(text(input, "kind"))),
        ("sync_order", "steps") => steps(input, expect),
        ("sync_order", "reconcile") => reconciled(input, expect),
        _ => return None,
    })
}

fn hooks(op: &str, input: &Json, expect: &Json) -> Checked {
    let object = annotated(&input["annotations"]);
    Some(match op {
        "classify" => {
            let types = hook_types(&object);
            same(expect, "is_hook", is_hook(&object))
                .and(same(expect, "skip", is_skipped(&object)))
                .and(same(expect, "types", strings(types.iter().map(|kind| kind.as_str()))))
        }
        "phases" => same_set(expect, "phases", phases(&object).iter().map(|phase| phase.as_str())),
        "wave" => same(expect, "wave", wave(&object)),
        "delete_policies" => {
            let policies = delete_policies(&object);
            same(expect, "policies", strings(policies.iter().map(|policy| policy.as_str())))
        }
        "ignored" => same(expect, "ignored", is_ignored(&object)),
        "option_value" | "has_option" => {
            let object = annotated(&json!({"foo": input["annotation"]}));
            let option = text(input, "option");
            same(expect, "value", option_value(&object, "foo", option))
                .and(same(expect, "values", strings(annotation_list(&object, "foo"))))
                .and(same(expect, "has", has_option(&object, "foo", option)))
        }
        "is_delete_hook" => same(expect, "result", is_delete_hook(&object, delete_hook(text(input, "type")))),
        "controller_is_hook" => same(expect, "result", is_any_hook(&object)),
        "partition" => {
            let objects = list(&input["objects"]).iter().map(|object| {
                let mut out = annotated(&object["annotations"]);
                let metadata = out.get_mut("metadata").unwrap().as_map_mut().unwrap();
                metadata.insert("name", text(object, "name"));
                out
            });
            let parts = partition(objects);
            same(expect, "sync", strings(parts.sync.iter().map(|object| Object::new(object).name())))
                .and(same(expect, "has_pre_delete", parts.has_pre_delete))
                .and(same(expect, "has_post_delete", parts.has_post_delete))
        }
        "create_delete_hook" => {
            let target = annotated(&input["target_annotations"]);
            let live: Vec<Value> = Some(&input["live_annotations"])
                .filter(|live| !live.is_null())
                .map(annotated)
                .into_iter()
                .collect();
            let created = list(&input["types"])
                .iter()
                .any(|hook| creates_delete_hook(&target, "", &live, delete_hook(hook.as_str().unwrap())));
            same(expect, "created", created)
        }
        "task" => task(input, expect),
        _ => return None,
    })
}

fn delete_hook(word: &str) -> DeleteHook {
    if word == "PreDelete" { DeleteHook::PreDelete } else { DeleteHook::PostDelete }
}

fn same_set<'a>(expect: &Json, key: &str, actual: impl Iterator<Item = &'a str>) -> Result<(), String> {
    let mut actual: Vec<&str> = actual.collect();
    actual.sort_unstable();
    let mut wanted: Vec<&str> = list(&expect[key]).iter().filter_map(Json::as_str).collect();
    wanted.sort_unstable();
    if wanted == actual { Ok(()) } else { Err(format!("{key}: expected {wanted:?}, got {actual:?}")) }
}

/// A single task, seen through a plan.
fn task(input: &Json, expect: &Json) -> Result<(), String> {
    let side = |key: &str| input.get(key).filter(|side| !side.is_null()).map(annotated);
    let (target, live) = (side("target_annotations"), side("live_annotations"));
    let object = target.as_ref().or(live.as_ref()).unwrap();
    let policies: Vec<&str> = if is_hook(object) {
        delete_policies(object).iter().map(|policy| policy.as_str()).collect()
    } else {
        Vec::new()
    };
    let hook_type = if is_hook(object) { text(input, "phase") } else { "" };
    let before = live.is_some() && policies.contains(&"BeforeHookCreation");
    same(expect, "hook_type", hook_type)
        .and(same(expect, "has_policy", policies.contains(&text(input, "policy"))))
        .and(same(expect, "delete_before_creation", before))
}

fn order(tasks: &[Json]) -> Vec<Ordered> {
    let to_ordered = |(index, task): (usize, &Json)| {
        let target = value(&task["target"]);
        let object = Object::new(&target);
        Ordered {
            phase: Phase::parse(text(task, "phase")).unwrap_or(Phase::Sync),
            wave: task["wave"].as_i64().unwrap_or_else(|| wave(&target)),
            kind: object.kind().into(),
            name: object.name().into(),
            needs: Some(Needs::of(&target)),
            moved_before: None,
            index,
        }
    };
    let mut ordered: Vec<Ordered> = tasks.iter().enumerate().map(to_ordered).collect();
    sort(&mut ordered);
    ordered
}

fn sorted(with_dependencies: bool, input: &Json, expect: &Json) -> Result<(), String> {
    let tasks = list(&input["tasks"]);
    let ordered = order(tasks);
    let wanted = list(&expect["sorted"]);
    if ordered.len() != wanted.len() {
        return Err(format!("{} tasks instead of {}", ordered.len(), wanted.len()));
    }
    for (place, (task, wanted)) in ordered.iter().zip(wanted).enumerate() {
        let target = &tasks[task.index]["target"];
        let actual = json!({"phase": task.phase.as_str(), "target": target});
        let wave = wanted.get("wave").is_none_or(|wave| wave.as_i64() == Some(task.wave));
        let phase = text(wanted, "phase") == task.phase.as_str();
        if !equal(&wanted["target"], target) || !phase || !wave {
            return Err(format!(
                "place {place} (dependencies: {with_dependencies}): expected {wanted}, got {actual} in wave {}",
                task.wave
            ));
        }
    }
    Ok(())
}

fn steps(input: &Json, expect: &Json) -> Result<(), String> {
    let tasks = list(&input["tasks"]);
    let ends = (tasks.first().unwrap(), tasks.last().unwrap());
    let here = |task: &Json| (text(task, "phase").to_owned(), task["wave"].as_i64().unwrap_or(0));
    // The first and last task of a plan tell whether it has several steps.
    let pairs = tasks.iter().enumerate().map(|(index, task)| {
        let wave = task["wave"].as_i64().unwrap_or(0).to_string();
        let annotations = json!({SYNC_WAVE: wave, HOOK: task["phase"]});
        let mut target = annotated(&annotations);
        target.get_mut("metadata").unwrap().as_map_mut().unwrap().insert("name", format!("t{index}"));
        target
    });
    let observation = Observation { hooks: pairs.collect(), ..Observation::default() };
    let plan = plan(&Settings::default(), &observation, 0, &NoWorld);
    let (first, last) = (plan.steps.first().unwrap(), plan.steps.last().unwrap());
    assert_eq!((first.phase.as_str().to_owned(), first.wave), here(ends.0));
    same(expect, "phase", first.phase.as_str())
        .and(same(expect, "wave", first.wave))
        .and(same(expect, "last_phase", last.phase.as_str()))
        .and(same(expect, "last_wave", last.wave))
        .and(same(expect, "multi_step", plan.groups() > 1))
}

struct Scoped(Scope);

impl World for Scoped {
    fn scope(&self, _: &Gvk) -> Scope {
        self.0.clone()
    }
}

fn reconciled(input: &Json, expect: &Json) -> Result<(), String> {
    let scope = match text(input, "scope") {
        "namespaced" => Scope::Namespaced,
        "cluster" => Scope::Cluster,
        _ => Scope::Unknown,
    };
    let values = |key: &str| -> Vec<Value> { list(&input[key]).iter().map(value).collect() };
    let done = reconcile(&values("targets"), &values("live"), text(input, "namespace"), &Scoped(scope));
    let json = |object: &Option<Value>| serde_json::to_value(object).unwrap();
    let pairs: Json = done
        .pairs
        .iter()
        .map(|pair| json!({"target": json(&pair.target), "live": json(&pair.live)}))
        .collect();
    let hooks = serde_json::to_value(&done.hooks).unwrap();
    same(expect, "pairs", pairs).and(same(expect, "hooks", hooks))
}
