//! Secrets as they are.

use super::{Subject, has_plugin, is_placeholder, is_something};
use crate::finding::{Finding, Rule};
use crate::sops::{Metadata, is_encrypted_value};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use std::collections::BTreeSet;
use trueup_manifest::{EcoString, Value};

/// Where `kubectl apply` and `kubecfg` keep a copy of what they applied.
pub(super) const COPIES: [&str; 2] =
    ["kubectl.kubernetes.io/last-applied-configuration", "kubecfg.ksonnet.io/last-applied-configuration"];

pub(super) fn findings(subject: &Subject<'_>, metadata: Option<&Metadata>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut plain: BTreeSet<EcoString> = BTreeSet::new();
    let mut not_base64: BTreeSet<EcoString> = BTreeSet::new();
    let plugin = has_plugin(subject.object);
    for field in ["data", "stringData"] {
        let Some(map) = subject.value.get(field).and_then(Value::as_map) else { continue };
        for (key, value) in map.iter().filter(|(_, value)| is_something(value)) {
            let text = value.as_str();
            if text.is_some_and(|text| is_encrypted_value(text) || is_placeholder(text, plugin)) {
                continue;
            }
            // What SOPS should have encrypted is a finding about SOPS.
            if !metadata.is_some_and(|metadata| metadata.rule.covers(&[field, key])) {
                plain.insert(key.clone());
            }
            if field == "data" && !text.is_some_and(is_base64) {
                not_base64.insert(key.clone());
            }
        }
    }
    if !plain.is_empty() {
        findings.push(Finding::new(Rule::PlaintextSecret).keys(plain));
    }
    if !not_base64.is_empty() {
        findings.push(Finding::new(Rule::SecretDataNotBase64).keys(not_base64));
    }
    let copies = COPIES.into_iter().filter(|key| subject.object.annotation(key).is_some());
    let copies: Vec<&str> = copies.collect();
    if !copies.is_empty() {
        findings.push(Finding::new(Rule::SecretInAnnotation).keys(copies));
    }
    findings
}

/// Returns true for what Go's decoder takes: padded, with line breaks anywhere.
fn is_base64(text: &str) -> bool {
    let joined: String = text.chars().filter(|c| !matches!(c, '\n' | '\r')).collect();
    BASE64_STANDARD.decode(joined).is_ok()
}
