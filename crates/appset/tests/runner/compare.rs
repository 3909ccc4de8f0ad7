//! How results are compared with expectations.

use serde_json::Value as Json;

/// Compares a result: its error with `error` or `error_contains`, its value with `check`.
pub fn outcome<T>(
    result: Result<T, trueup_appset::Error>,
    expect: &Json,
    check: impl FnOnce(T) -> Result<(), String>,
) -> Result<(), String> {
    match (result, &expect["error"], &expect["error_contains"]) {
        (Ok(value), Json::Null, Json::Null) => check(value),
        (Ok(_), _, _) => Err(format!("no error instead of {expect}")),
        (Err(error), Json::String(whole), _) if error.to_string() == *whole => Ok(()),
        (Err(error), Json::Null, parts) if !parts.is_null() => {
            let parts = parts.as_array().cloned().unwrap_or_else(|| vec![parts.clone()]);
            let text = error.to_string();
            match parts.iter().find(|part| !text.contains(part.as_str().unwrap_or("\u{0}"))) {
                Some(part) => Err(format!("error {text:?} does not contain {part}")),
                None => Ok(()),
            }
        }
        (Err(error), _, _) => Err(format!("error {:?} instead of {expect}", error.to_string())),
    }
}

/// Compares two JSON values: numbers by value.
pub fn same(what: &str, actual: &Json, expected: &Json) -> Result<(), String> {
    if super::value(actual) == super::value(expected) {
        return Ok(());
    }
    Err(format!("{what}: {actual} instead of {expected}"))
}

/// Compares lists, in any order if the case says so (then also inside single lists of clusters).
pub fn same_list(
    what: &str,
    mut actual: Vec<Json>,
    mut expected: Vec<Json>,
    expect: &Json,
) -> Result<(), String> {
    if expect["order"] == "any" {
        let key = |item: &Json| serde_json::to_string(&without_floats(item)).unwrap();
        for list in [&mut actual, &mut expected] {
            for item in list.iter_mut() {
                if let Some(clusters) = item.get_mut("clusters").and_then(Json::as_array_mut) {
                    clusters.sort_by_key(key);
                }
            }
            list.sort_by_key(key);
        }
    }
    same(what, &actual.into(), &expected.into())
}

fn without_floats(json: &Json) -> Json {
    match json {
        Json::Number(number) => number.as_f64().map_or(Json::Null, |float| float.to_string().into()),
        Json::Array(items) => items.iter().map(without_floats).collect(),
        Json::Object(members) => members
            .iter()
            .map(|(key, value)| (key.clone(), without_floats(value)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        other => other.clone(),
    }
}

/// Removes what counts as absent: empty strings, lists and maps, and nulls.
pub fn prune(json: &Json) -> Json {
    let empty = |json: &Json| match json {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Object(members) => members.is_empty(),
        _ => false,
    };
    match json {
        Json::Array(items) => items.iter().map(prune).collect(),
        Json::Object(members) => {
            let members = members.iter().map(|(key, value)| (key.clone(), prune(value)));
            members.filter(|(_, value)| !empty(value)).collect::<serde_json::Map<_, _>>().into()
        }
        other => other.clone(),
    }
}

/// Returns an Application as cases have it: without status and without what is empty.
pub fn application(json: &Json) -> Json {
    let mut json = json.clone();
    if let Some(members) = json.as_object_mut() {
        members.remove("status");
    }
    prune(&json)
}

/// Checks that everything of a pattern is in a value.
pub fn contains(what: &str, actual: &Json, pattern: &Json) -> Result<(), String> {
    match (actual, pattern) {
        (Json::Object(actual), Json::Object(pattern)) => pattern.iter().try_for_each(|(key, pattern)| {
            contains(&format!("{what}.{key}"), actual.get(key).unwrap_or(&Json::Null), pattern)
        }),
        _ => same(what, actual, pattern),
    }
}
