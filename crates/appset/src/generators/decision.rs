//! The cluster decision resource generator.

use super::clusters::{LOCAL_NAME, LOCAL_SERVER};
use super::{Context, Sets, row};
use crate::error::Failure;
use crate::facts::Need;
use crate::model::{items, strings, text};
use crate::parameters::{Parameters, Row, string, value_text};
use trueup_manifest::argocd::LabelSelector;
use trueup_manifest::{EcoString, Map, Object, Selector, Value, from_value};
use trueup_template::Value as GoValue;

pub(super) fn generate(context: &Context<'_>, section: &Value, path: &EcoString) -> Sets {
    let clusters = context.require(context.facts.clusters(), || Need::Clusters)?;
    let mut known: Vec<(&EcoString, &EcoString)> =
        clusters.iter().map(|cluster| (&cluster.name, &cluster.server)).collect();
    let (local_name, local_server) = (EcoString::from(LOCAL_NAME), EcoString::from(LOCAL_SERVER));
    if known.iter().all(|(_, server)| **server != local_server) {
        known.push((&local_name, &local_server));
    }
    let config = config(context, section)?;
    let found = resources(context, section, &config)?;
    let match_key = text(&config, &["matchKey"]);
    if match_key.is_empty() {
        return Ok(Vec::new());
    }
    let mut sets = Vec::new();
    for (index, decision) in decisions(&found, &config)?.into_iter().enumerate() {
        let Some(decision) = decision.as_map() else {
            return Err(Failure::Panic(format!(
                "interface conversion: interface {{}} is {}, not map[string]interface {{}}",
                go_type(decision)
            )));
        };
        let wanted = decision.get(match_key).filter(|value| !value.is_null());
        let wanted = wanted.map(|value| value_text(&go_value(value))).filter(|name| !name.is_empty());
        let matching = wanted.and_then(|wanted| known.iter().find(|(name, _)| **name == wanted.as_str()));
        let Some((name, server)) = matching else { continue };
        let parameters = parameters(context, section, decision, name, server)?;
        sets.push(row(path, Row::Decision { cluster: (*name).clone(), index }, parameters));
    }
    Ok(sets)
}

/// Numbers of Kubernetes objects are integers where they are whole, unlike those of plain JSON.
fn go_value(value: &Value) -> GoValue {
    GoValue::from_manifest_with(value, trueup_template::Numbers::Integers)
}

/// Gives the decision resource sections of an interpolated entry, and of the children of its matrix or merge, the selector that they
/// have then: maps and lists that were absent are empty ones in Argo CD's copy, so that a name is always one definition too many.
pub(super) fn interpolated(mut entry: Value) -> Value {
    complete_selector(&mut entry);
    for combination in ["matrix", "merge"] {
        let generators = entry.get_mut(combination).and_then(|section| section.get_mut("generators"));
        for child in generators.and_then(Value::as_seq_mut).into_iter().flatten() {
            complete_selector(child);
        }
    }
    entry
}

fn complete_selector(entry: &mut Value) {
    let section = entry.get_mut("clusterDecisionResource").and_then(Value::as_map_mut);
    let Some(section) = section else { return };
    let selector = section.get_or_insert_with("labelSelector", || Map::new().into());
    if let Some(selector) = selector.as_map_mut() {
        selector.get_or_insert_with("matchLabels", || Map::new().into());
        selector.get_or_insert_with("matchExpressions", || Value::from(Vec::<Value>::new()));
    }
}

fn config(context: &Context<'_>, section: &Value) -> Result<Value, Failure> {
    let name = text(section, &["configMapRef"]);
    let need = || Need::ConfigMap { name: name.into() };
    let data = context.require(context.facts.config_map(name), need)?;
    let missing =
        || Failure::new(format!("error reading configMapRef: configmaps {} not found", crate::quote(name)));
    data.map(Value::from).ok_or_else(missing)
}

/// Returns the objects that the section selects.
fn resources(context: &Context<'_>, section: &Value, config: &Value) -> Result<Vec<Value>, Failure> {
    let (api_version, kind) = (text(config, &["apiVersion"]), text(config, &["kind"]));
    let (group, version) = match api_version.split_once('/') {
        Some((group, version)) if !group.is_empty() && !kind.is_empty() => (group, version),
        _ => return Err("there is a problem with the apiVersion, kind or resourceName provided".into()),
    };
    let name = text(section, &["name"]);
    let selects =
        ["matchLabels", "matchExpressions"].iter().any(|part| section.at(&["labelSelector", part]).is_some());
    if name.is_empty() != selects {
        return Err("there is a problem with the definition of the ClusterDecisionResource generator".into());
    }
    let need =
        || Need::DecisionResources { group: group.into(), version: version.into(), resource: kind.into() };
    let is_empty = items(section, &["labelSelector", "matchExpressions"]).is_empty()
        && strings(section, &["labelSelector", "matchLabels"]).next().is_none();
    if name.is_empty() && is_empty {
        // An empty selector is `<none>` in words, which the API server cannot read.
        let error = "found '<', expected: !, identifier, or 'end of string'";
        return Err(Failure::new(format!("failed to get dynamic resources: {error}")));
    }
    let all = context
        .require(context.facts.decision_resources(group, version, kind), need)?
        .map_err(|error| Failure::new(format!("failed to get dynamic resources: {error}")))?;
    let selector = selector(section)?;
    let is_selected = |object: &&Value| {
        let labels = object.at(&["metadata", "labels"]);
        match name.is_empty() {
            true => selector.matches(|key| labels?.get(key)?.as_str()),
            false => Object::new(object).name() == name,
        }
    };
    let found: Vec<Value> = all.iter().filter(is_selected).cloned().collect();
    if found.is_empty() { Err("no clusterDecisionResources found".into()) } else { Ok(found) }
}

/// A selector that is not valid becomes text that the API server refuses.
fn selector(section: &Value) -> Result<Selector, Failure> {
    let Some(document) = section.get("labelSelector") else { return Ok(Selector::default()) };
    let refused = |error: String| Failure::new(format!("failed to get dynamic resources: {error}"));
    let document: LabelSelector = from_value(document).map_err(|error| refused(error.to_string()))?;
    Selector::from_document(&document).map_err(|error| refused(error.to_string()))
}

/// Collects the decisions of all objects that have a status.
fn decisions<'a>(found: &'a [Value], config: &Value) -> Result<Vec<&'a Value>, Failure> {
    let list_key = match text(config, &["statusListKey"]) {
        "" => "clusters",
        key => key,
    };
    let mut all = Vec::new();
    for object in found {
        let Some(status) = object.get("status").filter(|status| !status.is_null()) else { continue };
        let status = status.as_map().ok_or_else(|| not_a("map[string]interface {}", Some(status)))?;
        if !status.is_empty() {
            let list = status.get(list_key);
            let items = list.and_then(Value::as_seq).ok_or_else(|| not_a("[]interface {}", list))?;
            all.extend(items);
        }
    }
    Ok(all)
}

fn not_a(wanted: &str, found: Option<&Value>) -> Failure {
    let found = found.map_or("nil", go_type);
    Failure::Panic(format!("interface conversion: interface {{}} is {found}, not {wanted}"))
}

fn go_type(value: &Value) -> &'static str {
    match crate::yaml_text::go_kind(value) {
        "null" => "nil",
        "array" => "[]interface {}",
        "object" => "map[string]interface {}",
        "number" if value.as_i64().is_some() => "int64",
        "number" => "float64",
        other => other,
    }
}

fn parameters(
    context: &Context<'_>,
    section: &Value,
    decision: &Map,
    name: &EcoString,
    server: &EcoString,
) -> Result<Parameters, Failure> {
    let mut parameters =
        Parameters::from_iter([("name", string(name.clone())), ("server", string(server.clone()))]);
    for (key, value) in decision {
        parameters.set(key.clone(), string(value_text(&go_value(value))));
    }
    let values: Vec<(&str, &str)> = strings(section, &["values"]).collect();
    if context.is_go() && !values.is_empty() {
        if decision.contains_key("values") {
            // The decision's text is in the place of the map.
            return Err(not_a("map[string]string", Some(&Value::from(""))));
        }
        parameters.set("values", GoValue::string_map(values));
    } else {
        for (key, value) in values {
            parameters.set(format!("values.{key}"), string(value));
        }
    }
    Ok(parameters)
}
