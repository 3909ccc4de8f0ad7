//! External Secrets.

use super::Subject;
use super::sealed::literals;
use crate::finding::{Finding, Rule};
use std::collections::BTreeMap;
use trueup_manifest::{EcoString, Value};

pub(super) fn findings(subject: &Subject<'_>) -> Vec<Finding> {
    let spec = match subject.kind.as_str() {
        "ExternalSecret" => subject.value.get("spec"),
        "ClusterExternalSecret" => subject.value.at(&["spec", "externalSecretSpec"]),
        _ => return Vec::new(),
    };
    let mut findings = Vec::new();
    let version = subject.version.split_once('/').map_or("", |(_, version)| version);
    if version != "v1" {
        let mut finding = Finding::new(Rule::EsApiVersionNotServed);
        finding.version = Some(version.into());
        findings.push(finding);
    }
    let nothing = Value::default();
    let spec = spec.unwrap_or(&nothing);
    findings.extend(entries(spec));
    findings.extend(policies(spec));
    let literal = literals(spec.at(&["target", "template", "data"]));
    if !literal.is_empty() {
        findings.push(Finding::new(Rule::EsTemplateLiteral).keys(literal));
    }
    findings
}

fn items<'a>(spec: &'a Value, key: &str) -> &'a [Value] {
    spec.get(key).and_then(Value::as_seq).unwrap_or_default()
}

fn text<'a>(value: &'a Value, path: &[&str]) -> &'a str {
    value.at(path).and_then(Value::as_str).unwrap_or_default()
}

/// Checks what is asked for, and of whom.
fn entries(spec: &Value) -> Vec<Finding> {
    let (data, from) = (items(spec, "data"), items(spec, "dataFrom"));
    let mut findings = Vec::new();
    if data.is_empty() && from.is_empty() {
        findings.push(Finding::new(Rule::EsEmpty));
    }
    let key_of = |entry: &Value| EcoString::from(text(entry, &["secretKey"]));
    let has_default = !text(spec, &["secretStoreRef", "name"]).is_empty();
    let has_store = |entry: &Value| {
        has_default
            || !text(entry, &["sourceRef", "storeRef", "name"]).is_empty()
            || entry.at(&["sourceRef", "generatorRef"]).is_some_and(Value::is_map)
    };
    let homeless: Vec<EcoString> = data.iter().filter(|entry| !has_store(entry)).map(key_of).collect();
    if !homeless.is_empty() || from.iter().any(|entry| !has_store(entry)) {
        findings.push(Finding::new(Rule::EsMissingStore).keys(homeless));
    }
    if invalid_store_kind(spec.get("secretStoreRef"))
        || data.iter().chain(from).any(|entry| invalid_store_kind(entry.at(&["sourceRef", "storeRef"])))
    {
        findings.push(Finding::new(Rule::EsInvalidStoreKind));
    }
    let is_keyless = |entry: &&Value| {
        text(entry, &["remoteRef", "key"]).is_empty()
            && !entry.at(&["sourceRef", "generatorRef"]).is_some_and(Value::is_map)
    };
    let keyless: Vec<EcoString> = data.iter().filter(is_keyless).map(key_of).collect();
    let extracts = from.iter().filter_map(|entry| entry.get("extract"));
    if !keyless.is_empty() || extracts.into_iter().any(|extract| text(extract, &["key"]).is_empty()) {
        findings.push(Finding::new(Rule::EsMissingRemoteKey).keys(keyless));
    }
    findings.extend(duplicates(spec, data));
    let given = |entry: &Value| {
        let generator = entry.at(&["sourceRef", "generatorRef"]);
        [entry.get("extract"), entry.get("find"), generator]
            .into_iter()
            .flatten()
            .filter(|value| !value.is_null())
            .count()
    };
    if from.iter().any(|entry| given(entry) != 1) {
        findings.push(Finding::new(Rule::EsDataFromExactlyOne));
    }
    findings
}

fn invalid_store_kind(store: Option<&Value>) -> bool {
    let kind = store.and_then(|store| store.get("kind")).filter(|kind| !kind.is_null());
    kind.is_some_and(|kind| !matches!(kind.as_str(), Some("SecretStore" | "ClusterSecretStore" | "")))
}

/// Finds keys that several entries give, which the operator refuses unless it deletes or merges.
fn duplicates(spec: &Value, data: &[Value]) -> Option<Finding> {
    if !matches!(text(spec, &["target", "deletionPolicy"]), "" | "Retain") {
        return None;
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for entry in data {
        *counts.entry(text(entry, &["secretKey"])).or_default() += 1;
    }
    let repeated: Vec<&str> =
        counts.into_iter().filter(|(_, count)| *count > 1).map(|(key, _)| key).collect();
    (!repeated.is_empty()).then(|| Finding::new(Rule::EsDuplicateKey).keys(repeated))
}

/// Checks the policies and whether they go together.
fn policies(spec: &Value) -> Vec<Finding> {
    let mut findings = Vec::new();
    let creation = text(spec, &["target", "creationPolicy"]);
    let deletion = text(spec, &["target", "deletionPolicy"]);
    let creation_known = matches!(creation, "" | "Owner" | "Orphan" | "Merge" | "None" | "CreateOrMerge");
    let deletion_known = matches!(deletion, "" | "Delete" | "Merge" | "Retain");
    if !creation_known {
        findings.push(Finding::new(Rule::EsInvalidCreationPolicy));
    }
    if !deletion_known {
        findings.push(Finding::new(Rule::EsInvalidDeletionPolicy));
    }
    let goes = match deletion {
        "Delete" => matches!(creation, "" | "Owner" | "Orphan"),
        "Merge" => creation != "None",
        _ => true,
    };
    if creation_known && !goes {
        findings.push(Finding::new(Rule::EsInvalidPolicyCombination));
    }
    if !matches!(text(spec, &["refreshPolicy"]), "" | "CreatedOnce" | "Periodic" | "OnChange") {
        findings.push(Finding::new(Rule::EsInvalidRefreshPolicy));
    }
    if let Some(interval) = spec.get("refreshInterval").filter(|interval| !interval.is_null())
        && !interval.as_str().is_some_and(is_duration)
    {
        findings.push(Finding::new(Rule::EsInvalidRefreshInterval));
    }
    findings
}

/// Returns true for a duration as Go writes it: `1h30m`, `1.5s`, `0`.
fn is_duration(text: &str) -> bool {
    let mut rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    if rest == "0" {
        return true;
    }
    let mut any = false;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let Some((number, behind)) = rest.split_at_checked(end) else { return false };
        let well = number.contains(|c: char| c.is_ascii_digit()) && number.matches('.').count() <= 1;
        let unit = ["ns", "us", "µs", "μs", "ms", "s", "m", "h"].iter().find_map(|unit| {
            let after = behind.strip_prefix(unit)?;
            (!after.starts_with(|c: char| c.is_alphabetic())).then_some(after)
        });
        let Some(after) = unit.filter(|_| well) else { return false };
        (rest, any) = (after, true);
    }
    any
}
