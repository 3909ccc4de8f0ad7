//! What objects say of each other's secrets.

use super::configuration::containers;
use crate::finding::{Finding, Rule};
use std::collections::{BTreeMap, BTreeSet};
use trueup_manifest::{EcoString, Object, Value};

/// A Secret, by namespace and name.
type Name = (EcoString, EcoString);

/// The keys of a Secret; `None` when they are known in the cluster only.
type Keys = Option<BTreeSet<EcoString>>;

/// Checks objects against each other, as they are built: two ExternalSecrets that write one Secret, and workloads that refer to a
/// Secret or a key that no Secret, SealedSecret or ExternalSecret among the objects makes. References that are optional are not
/// looked at. The document of a finding is the position of its object.
///
/// ```
/// use trueup_manifest::yaml::{self, ParseOptions};
/// use trueup_secrets::{Rule, cross_references};
///
/// let pod = "kind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: c, envFrom: [{secretRef: {name: db}}]}]}\n";
/// let findings = cross_references(&yaml::parse_stream(pod.as_bytes(), &ParseOptions::kyaml())?);
/// assert_eq!((findings[0].rule, findings[0].keys[0].as_str()), (Rule::SecretKeyNotProvided, "db"));
/// # Ok::<(), yaml::ParseError>(())
/// ```
pub fn cross_references(objects: &[Value]) -> Vec<Finding> {
    let mut provided: BTreeMap<Name, Keys> = BTreeMap::new();
    let mut targets: BTreeSet<Name> = BTreeSet::new();
    let mut findings = Vec::new();
    for (position, value) in objects.iter().enumerate() {
        let Some((name, keys)) = made_by(value) else { continue };
        let owns = value.at(&["spec", "target", "creationPolicy"]).and_then(Value::as_str) != Some("Merge");
        if Object::new(value).kind() == "ExternalSecret" && owns && !targets.insert(name.clone()) {
            findings.push(about(
                value,
                position,
                Finding::new(Rule::EsDuplicateTarget).keys([name.1.clone()]),
            ));
        }
        match (provided.entry(name).or_insert_with(|| Some(BTreeSet::new())), keys) {
            (Some(known), Some(keys)) => known.extend(keys),
            (known, _) => *known = None,
        }
    }
    for (position, value) in objects.iter().enumerate() {
        let namespace = EcoString::from(Object::new(value).namespace());
        let is_missing =
            |(name, key): &(EcoString, EcoString)| match provided.get(&(namespace.clone(), name.clone())) {
                None => true,
                Some(None) => false,
                Some(Some(keys)) => !key.is_empty() && !keys.contains(key),
            };
        let missing: BTreeSet<EcoString> = references(value)
            .into_iter()
            .filter(is_missing)
            .map(|(name, key)| if key.is_empty() { name } else { EcoString::from(format!("{name}/{key}")) })
            .collect();
        if !missing.is_empty() {
            findings.push(about(value, position, Finding::new(Rule::SecretKeyNotProvided).keys(missing)));
        }
    }
    findings.sort_by_key(|finding| (finding.document, finding.rule));
    findings
}

fn about(value: &Value, position: usize, mut finding: Finding) -> Finding {
    let object = Object::new(value);
    finding.document = Some(position);
    finding.kind = Some(object.kind().into());
    finding.name = Some(object.name().into());
    finding
}

/// Returns the Secret that an object is or makes, and its keys.
fn made_by(value: &Value) -> Option<(Name, Keys)> {
    let object = Object::new(value);
    let keys = |path: &[&str]| {
        value.at(path).and_then(Value::as_map).map(|map| map.keys().cloned().collect::<BTreeSet<_>>())
    };
    let union = |paths: [&[&str]; 2]| Some(paths.iter().filter_map(|path| keys(path)).flatten().collect());
    let text = |path: &[&str]| value.at(path).and_then(Value::as_str).filter(|text| !text.is_empty());
    let (name, keys) = match (object.group(), object.kind()) {
        ("", "Secret") => (object.name(), union([&["data"], &["stringData"]])),
        ("bitnami.com", "SealedSecret") => {
            (object.name(), union([&["spec", "encryptedData"], &["spec", "template", "data"]]))
        }
        ("external-secrets.io", "ExternalSecret") => {
            let entries = value.at(&["spec", "data"]).and_then(Value::as_seq).unwrap_or_default();
            let fetched = value.at(&["spec", "dataFrom"]).and_then(Value::as_seq).unwrap_or_default();
            let template = value.at(&["spec", "target", "template"]);
            let listed = entries
                .iter()
                .filter_map(|entry| entry.get("secretKey").and_then(Value::as_eco_str).cloned());
            let is_known = fetched.is_empty() && template.is_none();
            (text(&["spec", "target", "name"]).unwrap_or(object.name()), is_known.then(|| listed.collect()))
        }
        _ => return None,
    };
    Some(((object.namespace().into(), name.into()), keys))
}

/// Returns the Secrets, and keys of them where one is told, that the pods of an object need.
fn references(value: &Value) -> Vec<(EcoString, EcoString)> {
    let mut found = Vec::new();
    let mut add = |reference: Option<&Value>, name: &str, key: &str| {
        let Some(reference) =
            reference.filter(|reference| reference.get("optional") != Some(&Value::from(true)))
        else {
            return;
        };
        let text =
            |key: &str| EcoString::from(reference.get(key).and_then(Value::as_str).unwrap_or_default());
        let name = text(name);
        if !name.is_empty() {
            let key = if key.is_empty() { EcoString::new() } else { text(key) };
            found.push((name, key));
        }
    };
    containers(value.get("spec"), &mut |container| {
        for variable in container.get("env").and_then(Value::as_seq).unwrap_or_default() {
            add(variable.at(&["valueFrom", "secretKeyRef"]), "name", "key");
        }
        for source in container.get("envFrom").and_then(Value::as_seq).unwrap_or_default() {
            add(source.get("secretRef"), "name", "");
        }
    });
    for path in
        [&["spec"][..], &["spec", "template", "spec"], &["spec", "jobTemplate", "spec", "template", "spec"]]
    {
        let volumes =
            value.at(path).and_then(|pod| pod.get("volumes")).and_then(Value::as_seq).unwrap_or_default();
        volumes.iter().for_each(|volume| add(volume.get("secret"), "secretName", ""));
    }
    found
}
