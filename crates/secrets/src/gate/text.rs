//! What must not be in any text.

use crate::finding::{Finding, Rule};

/// Searches the lines of a text; the ends are those of its documents, none if it has none.
pub(super) fn findings(text: &str, ends: &[usize]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut start = 0;
    for (line, content) in text.split_inclusive('\n').enumerate() {
        let rules = [
            (Rule::PrivateKeyMaterial, is_private_key(content)),
            (Rule::AgeIdentity, content.trim_start().starts_with("AGE-SECRET-KEY-")),
        ];
        for (rule, _) in rules.iter().filter(|(_, found)| *found) {
            let mut finding = Finding::new(*rule);
            finding.line = Some(line + 1);
            let last = ends.len().checked_sub(1);
            finding.document = last.map(|last| ends.iter().position(|end| start < *end).unwrap_or(last));
            findings.push(finding);
        }
        start += content.len();
    }
    findings
}

fn is_private_key(line: &str) -> bool {
    let label = line.split_once("-----BEGIN ").and_then(|(_, rest)| rest.split_once("-----"));
    label.is_some_and(|(label, _)| label.ends_with("PRIVATE KEY") || label.ends_with("PRIVATE KEY BLOCK"))
}
