//! Entries of `spec.generators` that hold no generator Argo CD knows.

use crate::model::text;
use std::collections::BTreeSet;
use trueup_manifest::json::{self, JsonOptions};
use trueup_manifest::{Diagnostic, Value};

/// The generators and the selector: what makes an entry a known one.
const KNOWN: [&str; 10] = [
    "list",
    "clusters",
    "git",
    "scmProvider",
    "clusterDecisionResource",
    "pullRequest",
    "matrix",
    "merge",
    "selector",
    "plugin",
];

/// The annotation in which kubectl keeps what was applied, unknown fields included.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Entries without a known generator: Argo CD only logs them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnrecognizedGenerators {
    set: String,
    any: bool,
    names: BTreeSet<String>,
}

impl UnrecognizedGenerators {
    /// Returns true if there are some.
    pub fn any(&self) -> bool {
        self.any
    }

    /// Returns their names as far as they are known, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// Returns Argo CD's message, if there are some.
    pub fn message(&self) -> Option<String> {
        let head = format!("ApplicationSet {} contains unrecognized generators", self.set);
        let names = self.names().collect::<Vec<_>>().join(", ");
        self.any.then(|| if names.is_empty() { head } else { format!("{head}: {names}") })
    }

    pub(crate) fn diagnostic(&self) -> Option<Diagnostic> {
        let message = self.message()?;
        Some(Diagnostic::warning("appset/unrecognized-generator", message).help("they yield nothing"))
    }
}

/// Returns the entries of an ApplicationSet that hold no known generator.
///
/// Their names are the first keys of the same entries in the annotation in which kubectl keeps what was applied.
pub fn unrecognized_generators(application_set: &Value) -> UnrecognizedGenerators {
    let set = text(application_set, &["metadata", "name"]).to_owned();
    let applied = application_set.at(&["metadata", "annotations", LAST_APPLIED]).and_then(Value::as_str);
    let applied = applied.and_then(|text| json::parse(text.as_bytes(), &JsonOptions::default()).ok());
    let mut found = UnrecognizedGenerators { set, any: false, names: BTreeSet::new() };
    let entries = application_set.at(&["spec", "generators"]).and_then(Value::as_seq).unwrap_or_default();
    for (index, entry) in entries.iter().enumerate() {
        let known = |name: &&str| entry.get(name).is_some_and(|section| !section.is_null());
        if KNOWN.iter().any(known) {
            continue;
        }
        found.any = true;
        let own = entry.as_map().and_then(|map| map.keys().next());
        let applied = applied.as_ref().and_then(|applied| {
            applied.at(&["spec", "generators"])?.item(index)?.as_map()?.keys().next().cloned()
        });
        found.names.extend(applied.or_else(|| own.cloned()).map(String::from));
    }
    found
}
