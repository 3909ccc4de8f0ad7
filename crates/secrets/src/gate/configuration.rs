//! Secrets where configuration is: by what they are called.

use super::{Subject, has_plugin, is_placeholder, is_something};
use crate::finding::{Finding, Rule};
use trueup_manifest::{EcoString, Value};

pub(super) fn findings(subject: &Subject<'_>) -> Vec<Finding> {
    let plugin = has_plugin(subject.object);
    let is_plain = |value: &Value| {
        is_something(value) && !value.as_str().is_some_and(|text| is_placeholder(text, plugin))
    };
    let mut findings = Vec::new();
    if subject.is("v1", "ConfigMap") {
        let data = subject.value.get("data").and_then(Value::as_map);
        let keys = data.into_iter().flat_map(|map| map.iter());
        let keys: Vec<EcoString> = keys
            .filter(|(key, value)| is_suspicious(key) && is_plain(value))
            .map(|(key, _)| key.clone())
            .collect();
        if !keys.is_empty() {
            findings.push(Finding::new(Rule::SuspiciousConfigValue).keys(keys));
        }
        return findings;
    }
    let mut keys = Vec::new();
    containers(subject.value.get("spec"), &mut |container| {
        let of = container.get("name").and_then(Value::as_str).unwrap_or_default();
        for variable in container.get("env").and_then(Value::as_seq).unwrap_or_default() {
            let name = variable.get("name").and_then(Value::as_str).unwrap_or_default();
            if is_suspicious(name) && variable.get("value").is_some_and(is_plain) {
                keys.push(EcoString::from(format!("{of}.{name}")));
            }
        }
    });
    if !keys.is_empty() {
        findings.push(Finding::new(Rule::SuspiciousEnvValue).keys(keys));
    }
    findings
}

/// Calls back with every container of the pods that are written at or below a value.
pub(super) fn containers<'a>(value: Option<&'a Value>, found: &mut dyn FnMut(&'a Value)) {
    let Some(value) = value else { return };
    value.as_seq().unwrap_or_default().iter().for_each(|item| containers(Some(item), found));
    for (key, below) in value.as_map().into_iter().flat_map(|map| map.iter()) {
        if matches!(key.as_str(), "containers" | "initContainers" | "ephemeralContainers") {
            below.as_seq().unwrap_or_default().iter().filter(|item| item.is_map()).for_each(&mut *found);
        } else {
            containers(Some(below), found);
        }
    }
}

/// Returns true for a name that secrets have, and that is not the name of where one is.
fn is_suspicious(name: &str) -> bool {
    const SECRET: [&str; 7] = ["password", "passwd", "secret", "token", "apikey", "api_key", "private_key"];
    const PLACE: [&str; 5] = ["_url", "_file", "_path", "_name", "_endpoint"];
    let name = name.to_ascii_lowercase();
    SECRET.iter().any(|word| name.contains(word)) && !PLACE.iter().any(|end| name.ends_with(end))
}
