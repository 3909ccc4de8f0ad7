//! Ignore rules.

use super::{assert_all, object, rules, same, value};
use serde_json::Value as Json;
use trueup_diff::rules::{IgnoreRule, Overrides, Trusted, normalize_trusted};
use trueup_diff::{ObjectKey, respect_ignored};
use trueup_manifest::Value;
use trueup_schema::{TypeRef, kubernetes, openapi, smd};

pub(crate) fn run(op: &str, input: &Json, expect: &Json) -> Result<(), String> {
    match op {
        "normalize" => normalize(input, expect),
        "lookup" => lookup(input, expect),
        "managed_fields" => managed_fields(input, expect),
        "normalize_pair" => pair(input, expect),
        "respect" => {
            let rules = rules(&input["ignoreDifferences"], &input["overrides"])?;
            let document = object(&input["openapi"]);
            let schema = document.as_ref().map(|document| openapi::parse([document]));
            let target =
                respect_ignored(&value(&input["target"]), &value(&input["live"]), &rules, schema.as_ref());
            assert_all("target", &target.map_err(|error| error.to_string())?, &expect["target"])
        }
        _ => Err(format!("skip: {op}")),
    }
}

fn normalize(input: &Json, expect: &Json) -> Result<(), String> {
    let rules = rules(&input["ignoreDifferences"], &input["overrides"]);
    if expect["config_error"] == true {
        return rules.map_or(Ok(()), |_| Err("the rules were built".into()));
    }
    let normalized = rules?.normalize(&value(&input["object"]));
    assert_all("object", &normalized.object, &expect["assert"])?;
    if let Some(expected) = expect.get("object") {
        same("object", &normalized.object, expected)?;
    }
    let errors: Vec<&String> = normalized.notes.iter().filter_map(|note| note.error.as_ref()).collect();
    if let Some(part) = expect["patch_error_contains"].as_str()
        && !errors.iter().any(|error| error.contains(part))
    {
        return Err(format!("errors: {errors:?}"));
    }
    if let Some(count) = expect["logged_errors"].as_u64()
        && errors.len() as u64 != count
    {
        return Err(format!("errors: {errors:?}"));
    }
    Ok(())
}

fn lookup(input: &Json, expect: &Json) -> Result<(), String> {
    let ignores = input["ignoreDifferences"].as_array().into_iter().flatten();
    let ignores: Vec<IgnoreRule> = ignores.map(|rule| IgnoreRule::from_value(&value(rule))).collect();
    let overrides = Overrides::from_value(&object(&input["overrides"]).unwrap_or_default());
    let text = |key: &str| input["resource"][key].as_str().unwrap_or_default().into();
    let key = ObjectKey {
        group: text("group"),
        kind: text("kind"),
        namespace: text("namespace"),
        name: text("name"),
    };
    let found = trueup_diff::rules::lookup(&key, &ignores, &overrides);
    if expect["found"] != found.is_some() {
        return Err(format!("found: {found:?}"));
    }
    let Some(merged) = found else { return Ok(()) };
    let lists = [
        ("jsonPointers", merged.json_pointers),
        ("jqPathExpressions", merged.jq_path_expressions),
        ("managedFieldsManagers", merged.managed_fields_managers),
    ];
    for (name, mut actual) in lists {
        let Some(expected) = expect[name].as_array() else { continue };
        let mut expected: Vec<&str> = expected.iter().filter_map(Json::as_str).collect();
        if expect["unordered"] == true {
            actual.sort();
            expected.sort_unstable();
        }
        if actual != expected {
            return Err(format!("{name}: {actual:?} instead of {expected:?}"));
        }
    }
    Ok(())
}

fn managed_fields(input: &Json, expect: &Json) -> Result<(), String> {
    let (Some(config), Some(live)) = (object(&input["config"]), object(&input["live"])) else {
        return if expect["noop"] == true { Ok(()) } else { Err("absent".into()) };
    };
    let managers: Vec<_> = input["trusted_managers"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Json::as_str)
        .map(Into::into)
        .collect();
    let result = normalize_trusted(&config, &live, &managers, named_type(input["type"].as_str()));
    let Trusted { config: new_config, live: new_live, .. } = result.map_err(|error| error.to_string())?;
    if expect["noop"] == true && (new_config != config || new_live != live) {
        return Err("something changed".into());
    }
    assert_all("config", &new_config, &expect["config"])?;
    assert_all("live", &new_live, &expect["live"])
}

fn named_type(name: Option<&str>) -> TypeRef<'static> {
    let own = |name: &str| name.strip_prefix("io.k8s.api.").map(|name| name.replacen('.', "/", 1));
    let found = name.and_then(own).and_then(|name| kubernetes::schema().type_named(&name));
    found.unwrap_or_else(smd::deduced)
}

fn pair(input: &Json, expect: &Json) -> Result<(), String> {
    let given = &input["options"];
    let rules = rules(&given["ignoreDifferences"], &given["overrides"])?;
    let (config, live) = (value(&input["config"]), value(&input["live"]));
    let merged = rules.lookup(&ObjectKey::of(&config)).unwrap_or_default();
    let trusted = normalize_trusted(&config, &live, &merged.managed_fields_managers, smd::deduced());
    let trusted = trusted.map_err(|error| error.to_string())?;
    let (new_config, new_live) =
        (rules.normalize(&trusted.config).object, rules.normalize(&trusted.live).object);
    let unchanged = |new: &Value, old: &Value| new == old;
    if expect["unchanged"] == true && !(unchanged(&new_config, &config) && unchanged(&new_live, &live)) {
        return Err("something changed".into());
    }
    assert_all("config", &new_config, &expect["config"])?;
    assert_all("live", &new_live, &expect["live"])
}
