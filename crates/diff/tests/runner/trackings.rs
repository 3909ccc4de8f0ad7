//! Tracking.

use super::value;
use serde_json::Value as Json;
use trueup_diff::ObjectKey;
use trueup_diff::tracking::{
    INSTALLATION_ANNOTATION, Method, TRACKING_ANNOTATION, Tracking, TrackingId, truncate_label,
};
use trueup_manifest::{Map, Value};

pub(crate) fn run(op: &str, input: &Json, expect: &Json) -> Result<(), String> {
    let text = |key: &str| input[key].as_str().unwrap_or_default();
    let tracking = |method: &str| Tracking {
        method: Method::named(method),
        label_key: input["label_key"].as_str().unwrap_or(trueup_diff::tracking::DEFAULT_LABEL).into(),
        installation_id: text("installation_id").into(),
    };
    match op {
        "parse" => parse(text("value"), expect),
        "build" => {
            let mut key = ObjectKey {
                group: text("group").into(),
                kind: text("kind").into(),
                namespace: text("namespace").into(),
                name: text("name").into(),
            };
            if key.namespace.is_empty() {
                key.namespace = text("default_namespace").into();
            }
            equal(
                "value",
                Some(TrackingId { app: text("app").into(), object: key }.to_string()).as_deref(),
                &expect["value"],
            )
        }
        "truncate_label" => match truncate_label(text("value")) {
            Ok(label) => equal("value", Some(label), &expect["value"]),
            Err(error) => equal("error", Some(&error.to_string()), &expect["error"]),
        },
        "get" => {
            let metadata = Map::from_iter([
                ("annotations", value(&input["annotations"])),
                ("labels", value(&input["labels"])),
            ]);
            let object = Map::from_iter([("metadata", metadata)]).into();
            let name = tracking(text("method")).app_name(&object).unwrap_or_default();
            equal("app_name", Some(&name), &expect["app_name"])
        }
        "set" => {
            let tracking = tracking(text("method"));
            let set = tracking.set(&value(&input["object"]), text("app"), text("namespace"));
            if !expect["error"].is_null() {
                return set.map_or(Ok(()), |_| Err("no error".into()));
            }
            let object = set.map_err(|error| error.to_string())?;
            if let Some(labels) = expect.get("labels") {
                super::same(
                    "labels",
                    &object.at(&["metadata", "labels"]).cloned().unwrap_or_default(),
                    labels,
                )?;
            }
            match expect.get("app_name") {
                Some(name) => equal("app_name", tracking.app_name(&object).as_deref(), name),
                None => Ok(()),
            }
        }
        "set_remove" => {
            let set = tracking(input["set_method"].as_str().unwrap_or(text("method")));
            let object = set
                .set(&value(&input["object"]), text("app"), text("namespace"))
                .map_err(|error| error.to_string())?;
            let object = tracking(text("method")).remove(&object);
            removed(&object, &set, expect)
        }
        "normalize" => {
            let live = tracking(text("method")).normalize(&value(&input["config"]), &value(&input["live"]));
            let annotations = live.at(&["metadata", "annotations"]);
            let id = annotations.and_then(|all| all.get(TRACKING_ANNOTATION)).and_then(Value::as_str);
            equal("live_tracking_id", id, &expect["live_tracking_id"])?;
            let label = live
                .at(&["metadata", "labels"])
                .is_some_and(|labels| labels.get(text("label_key")).is_some());
            if expect["live_label_present"] == label { Ok(()) } else { Err(format!("label: {label}")) }
        }
        _ => Err(format!("skip: {op}")),
    }
}

fn removed(object: &Value, tracking: &Tracking, expect: &Json) -> Result<(), String> {
    let has = |section: &str, key: &str| {
        object.at(&["metadata", section]).is_some_and(|all| all.get(key).is_some())
    };
    let presence = [
        ("label_present", has("labels", &tracking.label_key)),
        ("annotation_present", has("annotations", TRACKING_ANNOTATION)),
        ("installation_id_present", has("annotations", INSTALLATION_ANNOTATION)),
    ];
    for (key, present) in presence {
        if let Some(expected) = expect[key].as_bool()
            && expected != present
        {
            return Err(format!("{key}: {present}"));
        }
    }
    match expect.get("labels") {
        Some(labels) => {
            super::same("labels", &object.at(&["metadata", "labels"]).cloned().unwrap_or_default(), labels)
        }
        None => Ok(()),
    }
}

fn parse(text: &str, expect: &Json) -> Result<(), String> {
    let id = match TrackingId::parse(text) {
        Ok(id) => id,
        Err(_) => return if expect["error"] == true { Ok(()) } else { Err("an error".into()) },
    };
    let parts = [
        ("app", &id.app),
        ("group", &id.object.group),
        ("kind", &id.object.kind),
        ("namespace", &id.object.namespace),
        ("name", &id.object.name),
    ];
    parts.into_iter().try_for_each(|(key, actual)| equal(key, Some(actual), &expect[key]))
}

fn equal(what: &str, actual: Option<&str>, expected: &Json) -> Result<(), String> {
    if expected.as_str() == actual {
        Ok(())
    } else {
        Err(format!("{what}: {actual:?} instead of {expected}"))
    }
}
