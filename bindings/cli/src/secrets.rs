//! `trueup secrets`: what must not be in Git.

use crate::arguments::{Plain, Secrets};
use crate::output::{Console, Failure, Finding, absolute, json_style};
use trueup::manifest::{EcoString, Map, Value, json, to_value};
use trueup::secrets::{Policy, gate_tree};
use trueup_host::{ReadOptions, read_directory};

pub(crate) fn run(command: &Secrets, console: &mut Console<'_>) -> Result<Finding, Failure> {
    let root = absolute(&command.directory)?;
    let tree = read_directory(&root, &ReadOptions::default())
        .map_err(|error| Failure::message("cli/read", error.to_string()))?;
    let policy = match command.age_recipient.as_slice() {
        [] => Policy::default(),
        recipients => Policy::default().allow_age_recipients(recipients.iter().map(String::as_str)),
    };
    let found = gate_tree(&tree, &policy);
    let text = match command.output {
        Plain::Text => as_text(&found),
        Plain::Json => as_json(&found)?,
    };
    console.print(&text)?;
    let counts = |finding: &trueup::secrets::Finding| finding.is_error() || command.strict;
    match found.iter().flat_map(|(_, findings)| findings).any(counts) {
        true => Ok(Finding::Differences),
        false => Ok(Finding::Nothing),
    }
}

type Found = [(EcoString, Vec<trueup::secrets::Finding>)];

/// One line a finding. Lines of the files are not shown: that is where the secrets are.
fn as_text(found: &Found) -> String {
    let line = |path: &EcoString, finding: &trueup::secrets::Finding| {
        let place = finding.line.map_or_else(|| path.to_string(), |line| format!("{path}:{line}"));
        format!("{place}: {}\n", finding.diagnostic(path.clone()))
    };
    found
        .iter()
        .flat_map(|(path, findings)| findings.iter().map(move |finding| line(path, finding)))
        .collect()
}

fn as_json(found: &Found) -> Result<String, Failure> {
    let failure = |error: String| Failure::message("cli/json", error);
    let mut files = Vec::new();
    for (path, findings) in found {
        let findings = to_value(findings).map_err(|error| failure(error.to_string()))?;
        files.push(Value::from(Map::from_iter([
            ("path", Value::from(path.as_str())),
            ("findings", findings),
        ])));
    }
    let text = json::to_string_with(&files.into(), &json_style());
    text.map(|text| text + "\n").map_err(|error| failure(error.to_string()))
}
