//! Documents that say they are encrypted by SOPS.

use super::{Policy, is_placeholder, is_something};
use crate::finding::{Finding, Rule};
use crate::sops::{Metadata, is_encrypted_value};
use std::collections::BTreeSet;
use trueup_manifest::yaml::{self, ParseOptions};
use trueup_manifest::{EcoString, Value};

pub(super) fn findings(document: &Value, metadata: &Metadata, policy: &Policy) -> Vec<Finding> {
    let mut findings = Vec::new();
    if metadata.mac.is_none() {
        findings.push(Finding::new(Rule::SopsMissingMac));
    }
    if metadata.has_no_recipients() {
        findings.push(Finding::new(Rule::SopsNoRecipients));
    }
    let mut plain = BTreeSet::new();
    let fields = document.as_map().into_iter().flat_map(|map| map.iter()).filter(|(key, _)| *key != "sops");
    for (key, value) in fields {
        plain_values(value, &mut vec![key.as_str()], metadata, &mut plain);
    }
    if !plain.is_empty() {
        findings.push(Finding::new(Rule::SopsPlaintextValue).keys(plain));
    }
    if let Some(allowed) = &policy.allowed_age_recipients {
        let recipients = metadata.age.iter().map(|entry| &entry.recipient);
        let other: Vec<EcoString> =
            recipients.filter(|recipient| !allowed.contains(recipient)).map(shown).collect();
        if !other.is_empty() {
            findings.push(Finding::new(Rule::SopsRecipientNotAllowed).keys(other));
        }
    }
    findings
}

/// Returns a recipient as it may be shown: whatever is none may be anything.
fn shown(recipient: &EcoString) -> EcoString {
    match crate::age::Recipient::parse(recipient) {
        Ok(_) => recipient.clone(),
        Err(_) => "not a recipient".into(),
    }
}

/// Collects the paths of values that the rules cover and that are not encrypted. Positions in lists are not part of a path.
fn plain_values<'a>(
    value: &'a Value,
    path: &mut Vec<&'a str>,
    metadata: &Metadata,
    found: &mut BTreeSet<EcoString>,
) {
    if let Some(map) = value.as_map() {
        for (key, below) in map.iter() {
            path.push(key);
            plain_values(below, path, metadata, found);
            path.pop();
        }
    } else if let Some(items) = value.as_seq() {
        for item in items {
            plain_values(item, path, metadata, found);
        }
    } else if is_something(value) && metadata.rule.covers(path) {
        let text = value.as_str().unwrap_or_default();
        let dotted = EcoString::from(path.join("."));
        if !is_encrypted_value(text) && !is_placeholder(text, false) {
            found.insert(dotted);
        }
    }
}

/// Returns true for a file that SOPS has encrypted: YAML, JSON or its binary form with metadata and a MAC, or a dotenv file with one.
pub(super) fn is_encrypted_file(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    if text.lines().any(|line| line.strip_prefix("sops_mac=").is_some_and(is_encrypted_value)) {
        let values = text.lines().filter_map(|line| line.split_once('='));
        let mut values = values.filter(|(key, _)| !key.starts_with("sops_") && !key.starts_with('#'));
        return values.all(|(_, value)| value.is_empty() || is_encrypted_value(value));
    }
    let Ok(document) = yaml::parse(bytes, &ParseOptions::kubernetes()) else { return false };
    let Some(sops) = document.get("sops").filter(|sops| sops.is_map()) else { return false };
    let metadata = Metadata::read_leniently(sops);
    let is_sound = metadata.mac.is_some() && !metadata.has_no_recipients();
    is_sound
        && findings(&document, &metadata, &Policy::default()).is_empty()
        && has_encrypted_value(&document)
}

fn has_encrypted_value(value: &Value) -> bool {
    let fields = value.as_map().into_iter().flat_map(|map| map.iter()).filter(|(key, _)| *key != "sops");
    value.as_str().is_some_and(is_encrypted_value)
        || value.as_seq().unwrap_or_default().iter().any(has_encrypted_value)
        || fields.into_iter().any(|(_, below)| has_encrypted_value(below))
}
