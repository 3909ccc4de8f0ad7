//! Normal forms and masks.

use super::{assert_all, object, rules, same, value};
use serde_json::Value as Json;
use trueup_diff::mask::mask;
use trueup_diff::normalize::{normalize, normalize_secret, strip_namespace};
use trueup_diff::typed::{canonical_quantity, retype, subtract_extra};
use trueup_manifest::Value;

pub(crate) fn run(op: &str, input: &Json, expect: &Json) -> Result<(), String> {
    let given = || value(&input["object"]);
    let checked = |actual: &Value| {
        assert_all("object", actual, &expect["assert"])?;
        expect.get("object").map_or(Ok(()), |expected| same("object", actual, expected))
    };
    match op {
        "retype" => checked(&retype(&given())),
        "quantity" => {
            let text = input["value"].as_str().map_or_else(|| input["value"].to_string(), str::to_owned);
            let actual = canonical_quantity(&text);
            if actual.as_deref() == expect["value"].as_str() { Ok(()) } else { Err(format!("{actual:?}")) }
        }
        "secret" => checked(&normalize_secret(&given())),
        "strip_namespace" => checked(&strip_namespace(&given())?),
        "role" => checked(&normalize(&given(), input["ignoreAggregatedRoles"] == true)),
        "known_types" => {
            let rules = rules(&Json::Null, &input["overrides"]);
            if expect["config_error"] == true {
                return rules.map_or(Ok(()), |_| Err("the rules were built".into()));
            }
            checked(&rules?.normalize(&given()).object)
        }
        "remove_extra" => {
            let (config, live) = (value(&input["config"]), value(&input["live"]));
            let (Some(config), Some(live)) = (config.as_map(), live.as_map()) else {
                return Err("maps".into());
            };
            same("result", &subtract_extra(config, live).into(), &expect["result"])
        }
        _ => Err(format!("skip: {op}")),
    }
}

pub(crate) fn hide(input: &Json, expect: &Json) -> Result<(), String> {
    let hidden: Vec<_> = input["hide_annotations"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Json::as_str)
        .map(Into::into)
        .collect();
    let (target, live) = mask(object(&input["target"]).as_ref(), object(&input["live"]).as_ref(), &hidden);
    for (name, side) in [("target", target), ("live", live)] {
        let applied = side.as_ref().and_then(|side| {
            let text =
                side.at(&["metadata", "annotations"])?.get(trueup_diff::LAST_APPLIED)?.as_str()?.to_owned();
            serde_json::from_str::<Value>(&text).ok()
        });
        let data = |object: &Option<Value>| {
            object.as_ref().and_then(|object| object.get("data").cloned()).unwrap_or_default()
        };
        let annotations =
            side.as_ref().and_then(|side| side.at(&["metadata", "annotations"]).cloned()).unwrap_or_default();
        let parts =
            [("data", data(&side)), ("last_applied_data", data(&applied)), ("annotations", annotations)];
        for (part, actual) in parts {
            if let Some(expected) = expect.get(format!("{name}_{part}")) {
                // Of annotations, those that matter are given.
                if part != "annotations" || !super::holds_all(&actual, &value(expected)) {
                    same(&format!("{name}_{part}"), &actual, expected)?;
                }
            }
        }
    }
    Ok(())
}
