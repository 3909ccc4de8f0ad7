//! Whether what was restored is what was backed up.

use crate::export::{ExportOptions, is_generated, items, namespace, strip};
use crate::stage::{Stage, stage_of};
use std::collections::BTreeMap;
use trueup_manifest::{Diagnostic, EcoString, Map, Object, ResourceKey, Value};

/// Finalizers with which an Application takes its objects along.
const CASCADING: &str = "resources-finalizer.argocd.argoproj.io";

/// What became of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is as it was backed up.
    Identical,
    /// It is in the backup and not there.
    Missing,
    /// It is there and not in the backup.
    Extra,
    /// It is there with other content: the fields, with dots. Values are not told.
    Differs(Vec<EcoString>),
}

impl Outcome {
    /// Returns the name: `identical`, `missing`, `extra` or `differs`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Identical => "identical",
            Self::Missing => "missing",
            Self::Extra => "extra",
            Self::Differs(_) => "differs",
        }
    }
}

/// What became of one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The object, with its namespace.
    pub key: ResourceKey,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a backup.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verification {
    /// What became of each object, in the order of a restore.
    pub verdicts: Vec<Verdict>,
    /// What is dangerous about bringing what is there to what was backed up.
    pub warnings: Vec<Diagnostic>,
}

impl Verification {
    /// Returns true if everything is there as it was backed up, and nothing else.
    pub fn is_complete(&self) -> bool {
        self.verdicts.iter().all(|verdict| verdict.outcome == Outcome::Identical)
    }
}

/// Compares a backup with what a cluster holds.
///
/// Compared is what a backup keeps, but for the status; what is empty counts as absent, an Application without a project as one of `default`, and a
/// namespace that is not said as that of Argo CD. Applications that an ApplicationSet has made are left out on both sides, and Secrets where the backup
/// holds none.
pub fn verify_restore(backup: &[Value], live: &[Value], options: &ExportOptions) -> Verification {
    let options = ExportOptions { keep_status: false, ..options.clone() };
    let backup = keyed(backup, &options);
    let live = keyed(live, &options);
    let has_secrets = backup.keys().any(|(stage, _)| *stage == Stage::Secrets);
    let mut keys: Vec<_> = backup.keys().chain(live.keys()).collect();
    keys.sort();
    keys.dedup();
    let mut verification = Verification::default();
    for at in keys.into_iter().filter(|(stage, _)| has_secrets || *stage != Stage::Secrets) {
        let outcome = match (backup.get(at), live.get(at)) {
            (Some(wanted), Some(found)) => compare(wanted, found, &options),
            (Some(_), None) => Outcome::Missing,
            (None, found) => {
                verification.warnings.extend(found.and_then(|found| cascades(found, &at.1)));
                Outcome::Extra
            }
        };
        verification.verdicts.push(Verdict { key: at.1.clone(), outcome });
    }
    verification
}

fn keyed<'v>(objects: &'v [Value], options: &ExportOptions) -> BTreeMap<(Stage, ResourceKey), &'v Value> {
    let mut keyed = BTreeMap::new();
    for value in items(objects) {
        let Some(stage) = stage_of(value) else { continue };
        if stage == Stage::Applications && is_generated(value) {
            continue;
        }
        let object = Object::new(value);
        let key = ResourceKey { namespace: namespace(object, options), ..object.key() };
        keyed.entry((stage, key)).or_insert(value);
    }
    keyed
}

fn compare(wanted: &Value, found: &Value, options: &ExportOptions) -> Outcome {
    let mut paths = Vec::new();
    differences(&comparable(wanted, options), &comparable(found, options), "", &mut paths);
    if paths.is_empty() { Outcome::Identical } else { Outcome::Differs(paths) }
}

/// Returns what is compared of an object.
fn comparable(value: &Value, options: &ExportOptions) -> Value {
    let mut kept = strip(value, options);
    if let Some(spec) = kept.get_mut("spec").filter(|_| stage_of(value) == Some(Stage::Applications))
        && let Some(spec) = spec.as_map_mut()
        && spec.get("project").and_then(Value::as_str).unwrap_or_default().is_empty()
    {
        spec.insert("project", "default");
    }
    if let Some(kept) = kept.as_map_mut() {
        // Its version may be another in another cluster.
        kept.remove("apiVersion");
    }
    if let Some(metadata) = kept.get_mut("metadata").and_then(Value::as_map_mut) {
        metadata.remove("namespace");
    }
    kept
}

/// Tells whether a value is what Go's writer leaves out.
fn is_empty(value: &Value) -> bool {
    value.is_null()
        || value.as_bool() == Some(false)
        || value.as_str() == Some("")
        || value.as_i64() == Some(0)
        || value.as_seq().is_some_and(<[Value]>::is_empty)
        || value.as_map().is_some_and(|map| map.values().all(is_empty))
}

fn differences(wanted: &Value, found: &Value, at: &str, paths: &mut Vec<EcoString>) {
    let (Some(ours), Some(theirs)) = (wanted.as_map(), found.as_map()) else {
        if wanted != found && !(is_empty(wanted) && is_empty(found)) {
            paths.push(at.into());
        }
        return;
    };
    let below = |key: &str| if at.is_empty() { key.to_owned() } else { format!("{at}.{key}") };
    let null = Value::NULL;
    let mut keys: Vec<&EcoString> =
        ours.keys().chain(theirs.keys().filter(|key| !ours.contains_key(key))).collect();
    keys.sort();
    for key in keys {
        let side = |map: &Map| map.get(key).cloned().unwrap_or_else(|| null.clone());
        differences(&side(ours), &side(theirs), &below(key), paths);
    }
}

fn cascades(found: &Value, key: &ResourceKey) -> Option<Diagnostic> {
    let finalizers = found.at(&["metadata", "finalizers"]).and_then(Value::as_seq).unwrap_or_default();
    let cascades = finalizers.iter().filter_map(Value::as_str).any(|name| name.starts_with(CASCADING));
    cascades.then(|| {
        let message =
            format!("{key} is not in the backup: deleting it deletes everything that it has deployed");
        Diagnostic::warning("backup/cascading-delete", message)
            .help("remove its finalizer before it is deleted, if what it has deployed is to stay")
    })
}
