//! A plan: what it changes, and what has drifted.

use crate::changes::{LeafChange, Sides, Step};
use crate::error::{TerraformError, read};
use crate::exact::{Layout, to_text};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use trueup_manifest::{EcoString, Limits, Map, Value};

/// What a plan says. It holds no sensitive value: neither what it shows nor what it prints for debugging does.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlanSummary {
    /// What follows from it.
    pub verdict: Verdict,
    /// What `terraform plan -detailed-exitcode` returns: 0, 1 or 2.
    pub exit_code: u8,
    /// False for a plan that leaves something out (`-target`, or an error): it proves nothing about that.
    pub complete: bool,
    /// Whether planning failed.
    pub errored: bool,
    /// How many entries there are of each kind, moves and imports counted on top.
    pub counts: BTreeMap<&'static str, usize>,
    /// The objects on which something is to be done, in document order.
    pub resources: Vec<ResourceChange>,
    /// The objects that have changed outside of Terraform, in document order.
    pub drift: Vec<DriftedResource>,
    /// The outputs that change, by name.
    pub outputs: Vec<OutputChange>,
    /// What checks found.
    pub checks: Vec<CheckResult>,
    /// What is put off to a later plan.
    pub deferred: Vec<DeferredChange>,
    /// The version of Terraform that wrote the plan, if it says.
    pub terraform_version: Option<EcoString>,
}

/// What follows from a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Nothing is to be done and nothing has drifted.
    InSync,
    /// Something is to be done; nothing has drifted.
    Changes,
    /// Something has drifted that an apply would not touch. An exit code of 0 does not tell.
    DriftOnly,
    /// Something has drifted, and something is to be done.
    Drifted,
    /// Planning failed.
    Errored,
}

impl Verdict {
    /// Returns its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::InSync => "in-sync",
            Self::Changes => "changes",
            Self::DriftOnly => "drift-only",
            Self::Drifted => "drifted",
            Self::Errored => "errored",
        }
    }
}

/// What is done with an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChangeKind {
    /// Nothing.
    NoOp,
    /// It is created.
    Create,
    /// Its data is read.
    Read,
    /// It is changed in place.
    Update,
    /// It is deleted.
    Delete,
    /// It is deleted and created again.
    ReplaceDeleteFirst,
    /// It is created again, then deleted.
    ReplaceCreateFirst,
    /// It is left as it is, and no longer known to Terraform.
    Forget,
    /// The old one is no longer known to Terraform, and a new one is created.
    CreateAndForget,
    /// Something that this crate does not know.
    Unknown,
}

impl ChangeKind {
    fn of(change: &Value) -> Self {
        let actions = change.get("actions").and_then(Value::as_seq).unwrap_or_default();
        let names: Vec<&str> = actions.iter().map(|action| action.as_str().unwrap_or_default()).collect();
        match names.as_slice() {
            ["no-op"] => Self::NoOp,
            ["create"] => Self::Create,
            ["read"] => Self::Read,
            ["update"] => Self::Update,
            ["delete"] => Self::Delete,
            ["delete", "create"] => Self::ReplaceDeleteFirst,
            ["create", "delete"] => Self::ReplaceCreateFirst,
            ["forget"] => Self::Forget,
            ["create", "forget"] => Self::CreateAndForget,
            _ => Self::Unknown,
        }
    }

    /// Returns its name; both orders of a replacement are one.
    pub fn name(self) -> &'static str {
        match self {
            Self::NoOp => "no-op",
            Self::Create => "create",
            Self::Read => "read",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::ReplaceDeleteFirst | Self::ReplaceCreateFirst => "replace",
            Self::Forget => "forget",
            Self::CreateAndForget => "create-and-forget",
            Self::Unknown => "unknown",
        }
    }

    /// Returns what comes first in a replacement.
    pub fn order(self) -> Option<&'static str> {
        match self {
            Self::ReplaceDeleteFirst => Some("delete-first"),
            Self::ReplaceCreateFirst => Some("create-first"),
            _ => None,
        }
    }
}

/// What is done with one object.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ResourceChange {
    /// Its address.
    pub address: EcoString,
    /// The key of an object that was replaced before and is still there; it shares its address with its successor.
    pub deposed: Option<EcoString>,
    /// What is done.
    pub kind: ChangeKind,
    /// Terraform's word for why.
    pub action_reason: Option<EcoString>,
    /// Its address before it was moved.
    pub previous_address: Option<EcoString>,
    /// The id under which it is imported; empty if that is not known yet.
    pub importing: Option<EcoString>,
    /// What is different before and after.
    pub changes: Vec<LeafChange>,
    /// The values because of which it is replaced.
    pub replace_paths: Vec<Vec<Step>>,
}

/// An object that has changed outside of Terraform. Its changes run from what was known to what is there.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DriftedResource {
    /// What changed.
    pub change: ResourceChange,
    /// Whether an apply does something with the object.
    pub reverted_by_plan: bool,
    /// The values on which the plan depends.
    pub relevant_attributes: Vec<Vec<Step>>,
}

/// What becomes of an output.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OutputChange {
    /// Its name.
    pub name: EcoString,
    /// What is done.
    pub kind: ChangeKind,
    /// What is different before and after.
    pub changes: Vec<LeafChange>,
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckResult {
    /// Its address.
    pub address: EcoString,
    /// `pass`, `fail`, `error` or `unknown`.
    pub status: EcoString,
    /// What it said.
    pub problems: Vec<EcoString>,
}

/// A change that is put off to a later plan.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeferredChange {
    /// The address of the object.
    pub address: EcoString,
    /// Terraform's word for why.
    pub reason: EcoString,
}

/// Summarizes what `terraform show -json PLANFILE` writes.
///
/// Only changes are read: `variables`, `planned_values`, `prior_state` and `configuration` hold secrets in clear.
///
/// ```
/// use trueup_manifest::Limits;
/// use trueup_terraform::{Verdict, summarize};
///
/// let plan = br#"{"format_version": "1.2", "applyable": true, "complete": true, "errored": false, "resource_changes": [
///     {"address": "db.main", "change": {"actions": ["update"], "before": {"size": 2, "password": "old"},
///      "after": {"size": 3, "password": "new"}, "before_sensitive": {}, "after_sensitive": {"password": true}}}]}"#;
/// let summary = summarize(plan, &Limits::default())?;
/// assert_eq!((summary.verdict, summary.exit_code), (Verdict::Changes, 2));
/// assert_eq!(summary.to_string(), "changes: 0 to add, 1 to change, 0 to destroy\n  update db.main\n    password  (sensitive)\n    size  2 → 3\n");
/// # Ok::<(), trueup_terraform::TerraformError>(())
/// ```
///
/// # Errors
/// [`TerraformError`] for what is no JSON, no plan, or a plan of another major format version. No message repeats a value.
pub fn summarize(plan: &[u8], limits: &Limits) -> Result<PlanSummary, TerraformError> {
    let plan = read(plan, "plan", limits)?;
    check_format(&plan)?;
    let entries: Vec<ResourceChange> = list(&plan, "resource_changes")?.iter().map(resource).collect();
    let mut summary = PlanSummary {
        verdict: Verdict::InSync,
        exit_code: 0,
        complete: flag(&plan, "complete").unwrap_or(true),
        errored: flag(&plan, "errored").unwrap_or(false),
        counts: counts(&entries),
        drift: drift(&plan, &entries)?,
        resources: entries.into_iter().filter(|entry| !entry.is_plain()).collect(),
        outputs: outputs(&plan)?,
        checks: list(&plan, "checks")?.iter().map(check).collect(),
        deferred: list(&plan, "deferred_changes")?.iter().map(deferred).collect(),
        terraform_version: text(&plan, "terraform_version"),
    };
    let is_pending = !summary.resources.is_empty() || !summary.outputs.is_empty();
    let is_refresh_only = plan.get("resource_changes").is_none() && !summary.drift.is_empty();
    let applyable = flag(&plan, "applyable").unwrap_or(is_pending || is_refresh_only);
    summary.exit_code = match (summary.errored, applyable) {
        (true, _) => 1,
        (false, true) => 2,
        (false, false) => 0,
    };
    summary.verdict = match (summary.errored, summary.drift.is_empty(), is_pending) {
        (true, ..) => Verdict::Errored,
        (_, false, true) => Verdict::Drifted,
        (_, false, false) => Verdict::DriftOnly,
        (_, true, true) => Verdict::Changes,
        (_, true, false) if summary.exit_code == 2 => Verdict::Changes,
        (_, true, false) => Verdict::InSync,
    };
    Ok(summary)
}

fn check_format(plan: &Value) -> Result<(), TerraformError> {
    if plan.as_map().is_none() {
        return Err(TerraformError::Shape { what: "plan", path: "the document".into(), wanted: "map" });
    }
    let version = text(plan, "format_version").unwrap_or_default();
    if version.split('.').next() != Some("1") {
        // Whatever else stands there is not repeated.
        let is_version = version.len() < 20 && version.chars().all(|c| c.is_ascii_digit() || c == '.');
        let version = if is_version { version } else { EcoString::new() };
        return Err(TerraformError::UnsupportedFormat { version });
    }
    let of_a_plan = [
        "resource_changes",
        "resource_drift",
        "output_changes",
        "planned_values",
        "configuration",
        "applyable",
        "errored",
    ];
    if of_a_plan.iter().any(|key| plan.get(key).is_some()) { Ok(()) } else { Err(TerraformError::NotAPlan) }
}

fn list<'a>(plan: &'a Value, key: &str) -> Result<&'a [Value], TerraformError> {
    match plan.get(key) {
        None => Ok(&[]),
        Some(value) if value.is_null() => Ok(&[]),
        Some(value) => value.as_seq().ok_or_else(|| TerraformError::Shape {
            what: "plan",
            path: key.to_owned(),
            wanted: "list",
        }),
    }
}

fn flag(value: &Value, key: &str) -> Option<bool> {
    value.get(key).and_then(Value::as_bool)
}

fn text(value: &Value, key: &str) -> Option<EcoString> {
    value.get(key).and_then(Value::as_eco_str).cloned()
}

fn resource(entry: &Value) -> ResourceChange {
    let change = entry.get("change").unwrap_or(&Value::NULL);
    let importing = change.get("importing").filter(|importing| !importing.is_null());
    ResourceChange {
        address: text(entry, "address").unwrap_or_default(),
        deposed: text(entry, "deposed"),
        kind: ChangeKind::of(change),
        action_reason: text(entry, "action_reason"),
        previous_address: text(entry, "previous_address"),
        importing: importing.map(|importing| text(importing, "id").unwrap_or_default()),
        changes: Sides::of(change).changes(),
        replace_paths: paths(change.get("replace_paths")),
    }
}

/// Reads a list of paths.
fn paths(paths: Option<&Value>) -> Vec<Vec<Step>> {
    let paths = paths.and_then(Value::as_seq).unwrap_or_default();
    paths.iter().map(path).collect()
}

fn path(path: &Value) -> Vec<Step> {
    let step = |step: &Value| match step.as_i64().and_then(|index| usize::try_from(index).ok()) {
        Some(index) => Step::Index(index),
        None => Step::Key(step.as_eco_str().cloned().unwrap_or_default()),
    };
    path.as_seq().unwrap_or_default().iter().map(step).collect()
}

impl ResourceChange {
    /// Tells whether nothing is to be done: no move and no import either.
    fn is_plain(&self) -> bool {
        self.kind == ChangeKind::NoOp && self.previous_address.is_none() && self.importing.is_none()
    }

    pub(crate) fn to_value(&self) -> Map {
        let mut map = Map::new();
        map.insert("address", self.address.clone());
        for (key, value) in [
            ("deposed", self.deposed.clone()),
            ("kind", Some(self.kind.name().into())),
            ("order", self.kind.order().map(EcoString::from)),
            ("action_reason", self.action_reason.clone()),
            ("previous_address", self.previous_address.clone()),
        ] {
            if let Some(value) = value {
                map.insert(key, value);
            }
        }
        if let Some(id) = &self.importing {
            map.insert("importing", Map::from_iter([("id", id.clone())]));
        }
        insert_list(&mut map, "changes", self.changes.iter().map(LeafChange::to_value));
        insert_list(&mut map, "replace_paths", self.replace_paths.iter().map(|path| path_value(path)));
        map
    }
}

fn insert_list(map: &mut Map, key: &str, items: impl Iterator<Item = Value>) {
    let items: Vec<Value> = items.collect();
    if !items.is_empty() {
        map.insert(key, items);
    }
}

fn path_value(path: &[Step]) -> Value {
    path.iter().map(Step::to_value).collect()
}

fn counts(entries: &[ResourceChange]) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for entry in entries {
        let moved = entry.previous_address.is_some().then_some("move");
        let imported = entry.importing.is_some().then_some("import");
        for name in [Some(entry.kind.name()), moved, imported].into_iter().flatten() {
            *counts.entry(name).or_default() += 1;
        }
    }
    counts
}

fn drift(plan: &Value, entries: &[ResourceChange]) -> Result<Vec<DriftedResource>, TerraformError> {
    let touched: BTreeSet<&EcoString> =
        entries.iter().filter(|entry| entry.kind != ChangeKind::NoOp).map(|entry| &entry.address).collect();
    let relevant = list(plan, "relevant_attributes")?;
    let drifted = |entry: &Value| {
        let change = resource(entry);
        let is_it =
            |attribute: &&Value| attribute.get("resource").is_some_and(|of| *of == change.address.as_str());
        let attributes = relevant.iter().filter(is_it);
        DriftedResource {
            reverted_by_plan: touched.contains(&change.address),
            relevant_attributes: attributes
                .map(|attribute| path(attribute.get("attribute").unwrap_or(&Value::NULL)))
                .collect(),
            change,
        }
    };
    Ok(list(plan, "resource_drift")?.iter().map(drifted).collect())
}

fn outputs(plan: &Value) -> Result<Vec<OutputChange>, TerraformError> {
    let outputs = match plan.get("output_changes").filter(|outputs| !outputs.is_null()) {
        None => return Ok(Vec::new()),
        Some(outputs) => outputs.as_map().ok_or_else(|| TerraformError::Shape {
            what: "plan",
            path: "output_changes".into(),
            wanted: "map",
        })?,
    };
    let output = |(name, change): (&EcoString, &Value)| OutputChange {
        name: name.clone(),
        kind: ChangeKind::of(change),
        changes: Sides::of(change).changes(),
    };
    let mut outputs: Vec<OutputChange> =
        outputs.iter().map(output).filter(|output| output.kind != ChangeKind::NoOp).collect();
    outputs.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(outputs)
}

fn check(check: &Value) -> CheckResult {
    let instances = check.get("instances").and_then(Value::as_seq).unwrap_or_default().iter();
    let problems = instances.filter_map(|instance| instance.get("problems")?.as_seq()).flatten();
    CheckResult {
        address: check
            .at(&["address", "to_display"])
            .and_then(Value::as_eco_str)
            .cloned()
            .unwrap_or_default(),
        status: text(check, "status").unwrap_or_default(),
        problems: problems.filter_map(|problem| text(problem, "message")).collect(),
    }
}

fn deferred(deferred: &Value) -> DeferredChange {
    DeferredChange {
        address: deferred
            .get("resource_change")
            .and_then(|change| text(change, "address"))
            .unwrap_or_default(),
        reason: text(deferred, "reason").unwrap_or_default(),
    }
}

impl PlanSummary {
    /// Returns how many objects are added, changed and destroyed, as Terraform's own last line counts them.
    pub fn add_change_destroy(&self) -> [usize; 3] {
        let count = |name| self.counts.get(name).copied().unwrap_or_default();
        let replaced = count("replace");
        [count("create") + replaced + count("create-and-forget"), count("update"), count("delete") + replaced]
    }

    /// Returns the summary as a document; what is empty and need not be said is left out.
    pub fn to_value(&self) -> Value {
        let mut map = Map::new();
        map.insert("verdict", self.verdict.name());
        map.insert("exit_code", i64::from(self.exit_code));
        map.insert("complete", self.complete);
        map.insert("errored", self.errored);
        let counts = self.counts.iter().map(|(name, count)| (*name, *count as u64));
        map.insert("counts", counts.collect::<Map>());
        let line = self.add_change_destroy().map(|count| Value::from(count as u64));
        map.insert("add_change_destroy", line.to_vec());
        map.insert(
            "resources",
            self.resources.iter().map(|entry| entry.to_value().into()).collect::<Value>(),
        );
        map.insert("drift", self.drift.iter().map(DriftedResource::to_value).collect::<Value>());
        map.insert("outputs", self.outputs.iter().map(OutputChange::to_value).collect::<Value>());
        insert_list(&mut map, "checks", self.checks.iter().map(CheckResult::to_value));
        let deferred = |entry: &DeferredChange| {
            Map::from_iter([("address", entry.address.clone()), ("reason", entry.reason.clone())]).into()
        };
        insert_list(&mut map, "deferred", self.deferred.iter().map(deferred));
        map.into()
    }

    /// Returns the summary as JSON on one line, keys sorted, every number as Terraform wrote it.
    pub fn to_json(&self) -> String {
        to_text(&self.to_value(), Layout::Canonical)
    }
}

impl DriftedResource {
    fn to_value(&self) -> Value {
        let mut map = self.change.to_value();
        map.insert("reverted_by_plan", self.reverted_by_plan);
        map.insert(
            "relevant_attributes",
            self.relevant_attributes.iter().map(|path| path_value(path)).collect::<Value>(),
        );
        map.into()
    }
}

impl OutputChange {
    fn to_value(&self) -> Value {
        let mut map = Map::from_iter([("name", self.name.clone()), ("kind", self.kind.name().into())]);
        insert_list(&mut map, "changes", self.changes.iter().map(LeafChange::to_value));
        map.into()
    }
}

impl CheckResult {
    fn to_value(&self) -> Value {
        let mut map = Map::from_iter([("address", self.address.clone()), ("status", self.status.clone())]);
        map.insert("problems", self.problems.iter().map(|problem| problem.clone().into()).collect::<Value>());
        map.into()
    }
}

impl fmt::Display for PlanSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        crate::show::summary(self, f)
    }
}
