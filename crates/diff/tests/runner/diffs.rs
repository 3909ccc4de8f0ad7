//! Whole comparisons.

use super::{assert_all, object, rules, same, value};
use serde_json::Value as Json;
use trueup_diff::{Input, Options, Strategy, predict, without_owned_ancestors};
use trueup_manifest::Value;
use trueup_patch::structured::{FieldSet, Path, PathElement};
use trueup_schema::{Schema, smd};

pub(crate) fn run(area: &str, input: &Json, expect: &Json) -> Result<(), String> {
    let (config, live, dry_run) =
        (object(&input["config"]), object(&input["live"]), object(&input["dry_run_result"]));
    let given = &input["options"];
    let rules = rules(&given["ignoreDifferences"], &given["overrides"])?;
    let mut options = Options::default();
    options.ignore_aggregated_roles = given["ignoreAggregatedRoles"] == true;
    options.strategy = match area {
        "structured_merge" => Strategy::Structured,
        "server_side_diff" => {
            Strategy::ServerSide { ignore_webhooks: input["ignoreMutationWebhook"] != false }
        }
        _ => Strategy::Apply,
    };
    if let Some(manager) = input["manager"].as_str() {
        options.manager = manager.into();
    }
    let schema = host_schema(input, config.as_ref());
    options.schema = schema.as_ref();
    let pair = Input { config: config.as_ref(), live: live.as_ref(), dry_run: dry_run.as_ref() };
    let compared = predict(pair, &rules, &options).map_err(|error| error.to_string());
    if expect["error"] == true {
        return compared.map_or(Ok(()), |_| Err("no error".into()));
    }
    let pair = compared?.pair;
    if let Some(modified) = expect["modified"].as_bool()
        && modified != pair.modified()
    {
        let json = |value: &Value| trueup_manifest::json::to_string(value).unwrap();
        return Err(format!(
            "modified: {}\n{}\n{}",
            pair.modified(),
            json(&pair.predicted),
            json(&pair.live)
        ));
    }
    for (key, side) in [("predicted", &pair.predicted), ("live", &pair.live)] {
        assert_all(key, side, &expect[key])?;
        if expect[format!("{key}_null")] == true && !side.is_null() {
            return Err(format!("{key} is not null"));
        }
        if let Some(text) = expect["nowhere"].as_str()
            && serde_json::to_string(side).unwrap().contains(text)
        {
            return Err(format!("{key} contains {text}"));
        }
    }
    for (key, side) in [("predicted_live", &pair.predicted), ("normalized_live", &pair.live)] {
        if let Some(expected) = expect.get(key) {
            same(key, side, expected)?;
        }
    }
    Ok(())
}

/// An inline schema names the type of the custom kind it is about.
fn host_schema(input: &Json, config: Option<&Value>) -> Option<Schema> {
    let given = input["schema"].as_object()?;
    let parsed = smd::parse(&value(&Json::Object(given.clone())));
    let name = input["schema"]["types"][0]["name"].as_str()?;
    let config = config?;
    let mut builder = trueup_schema::SchemaBuilder::new();
    let node = builder.import(parsed.type_named(name)?);
    builder.add_kind(config.get("apiVersion")?.as_str()?, config.get("kind")?.as_str()?, node, None);
    Some(builder.finish())
}

pub(crate) fn exclude_owned_ancestors(input: &Json, expect: &Json) -> Result<(), String> {
    let path = |json: &Json| -> Path {
        let steps = json.as_array().into_iter().flatten().filter_map(Json::as_str);
        steps.map(|step| PathElement::Field(step.into())).collect()
    };
    let set = |json: &Json| -> FieldSet { json.as_array().into_iter().flatten().map(path).collect() };
    let actual = without_owned_ancestors(&set(&input["to_remove"]), &set(&input["owned"]));
    if actual == set(&expect["removed"]) { Ok(()) } else { Err(format!("{:?}", actual.paths())) }
}
