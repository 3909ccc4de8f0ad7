//! Sealed Secrets.

use super::secret::COPIES;
use super::{Subject, is_something};
use crate::finding::{Finding, Rule};
use crate::sealed::{CLUSTER_WIDE, NAMESPACE_WIDE, Scope, looks_sealed};
use trueup_manifest::{EcoString, Object, Value};

pub(super) fn findings(subject: &Subject<'_>) -> Vec<Finding> {
    let spec = subject.value.get("spec").cloned().unwrap_or_default();
    let template = spec.get("template").cloned().unwrap_or_default();
    let mut findings = Vec::new();
    let copies = COPIES.into_iter().filter(|key| Object::new(&template).annotation(key).is_some());
    let copies: Vec<&str> = copies.collect();
    if !copies.is_empty() {
        findings.push(Finding::new(Rule::SecretInAnnotation).keys(copies));
    }
    findings.extend(values(&spec));
    findings.extend(scope(subject.object, Object::new(&template)));
    let own = (subject.object.name(), subject.object.namespace());
    let told = (Object::new(&template).name(), Object::new(&template).namespace());
    if !told.0.is_empty() && told.0 != own.0 || !told.1.is_empty() && told.1 != own.1 {
        findings.push(Finding::new(Rule::SealedTemplateNameIgnored));
    }
    let literal = literals(template.get("data"));
    if !literal.is_empty() {
        findings.push(Finding::new(Rule::SealedTemplateLiteral).keys(literal));
    }
    findings
}

/// Returns the keys of a template's data that are text and no template.
pub(super) fn literals(data: Option<&Value>) -> Vec<EcoString> {
    let map = data.and_then(Value::as_map);
    let is_literal =
        |value: &Value| is_something(value) && !value.as_str().is_some_and(|text| text.contains("{{"));
    let keys = map.into_iter().flat_map(|map| map.iter()).filter(|(_, value)| is_literal(value));
    let mut keys: Vec<EcoString> = keys.map(|(key, _)| key.clone()).collect();
    keys.sort();
    keys
}

fn values(spec: &Value) -> Vec<Finding> {
    let mut findings = Vec::new();
    let sealed = spec.get("encryptedData").and_then(Value::as_map);
    let values = || sealed.into_iter().flat_map(|map| map.iter());
    let is_invalid = |value: &Value| !value.as_str().is_some_and(looks_sealed);
    let mut invalid: Vec<EcoString> =
        values().filter(|(_, value)| is_invalid(value)).map(|(key, _)| key.clone()).collect();
    invalid.sort();
    if !invalid.is_empty() {
        findings.push(Finding::new(Rule::SealedInvalidCiphertext).keys(invalid));
    }
    match spec.get("data").is_some_and(is_something) {
        true => findings.push(Finding::new(Rule::SealedDeprecatedData)),
        false if values().next().is_none() => findings.push(Finding::new(Rule::SealedEmpty)),
        false => {}
    }
    findings
}

fn scope(object: Object<'_>, template: Object<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let is_set = |object: Object<'_>, key| object.annotation(key) == Some("true");
    let scope = Scope::of(object);
    if scope != Scope::ClusterWide && object.namespace().is_empty() {
        findings.push(Finding::new(Rule::SealedScopeNeedsNamespace));
    }
    if is_set(object, CLUSTER_WIDE) && is_set(object, NAMESPACE_WIDE) {
        findings.push(Finding::new(Rule::SealedScopeConflict));
    }
    let tells_one = is_set(template, CLUSTER_WIDE) || is_set(template, NAMESPACE_WIDE);
    if tells_one && Scope::of(template) != scope {
        findings.push(Finding::new(Rule::SealedScopeMismatch));
    }
    findings
}
