//! Comparing everything an Application wants with everything there is.

mod desired;
mod orphans;

pub use desired::{DesiredSet, desired_set};
pub use orphans::{OrphanRule, orphan_warning, orphaned};

use crate::error::DiffError;
use crate::last_applied::last_applied;
use crate::mask::holds_secrets;
use crate::object::{LAST_APPLIED, ObjectKey, annotation, has_option, kind_of};
use crate::pair::{Compared, Input, Options, compare};
use crate::report::{Report, report};
use crate::rules::Rules;
use crate::schemas::Schemas;
use crate::tracking::Tracking;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use trueup_manifest::{Cancelled, Diagnostic, EcoString, Value};
use trueup_schema::{Schema, kubernetes};

const COMPARE_OPTIONS: &str = "argocd.argoproj.io/compare-options";

/// How one object stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum State {
    /// As desired.
    Synced,
    /// There, but different.
    Modified,
    /// Desired, but not there.
    Missing,
    /// There, but not desired.
    Extra,
    /// It takes no part: a hook, a copy of another object, or skipped on request.
    Uncounted,
    /// It could not be compared.
    Failed,
}

/// The status Argo CD gives a resource or an Application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum SyncStatus {
    /// As desired.
    Synced,
    /// Not as desired.
    OutOfSync,
    /// Not known.
    Unknown,
}

/// One object of a comparison.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Resource {
    /// Who it is.
    #[serde(flatten)]
    pub key: ObjectKey,
    /// How it stands.
    pub state: State,
    /// The status; nothing for what takes no part.
    pub status: Option<SyncStatus>,
    /// Whether a sync with pruning would delete it.
    pub requires_pruning: bool,
    /// Whether it is a hook.
    pub hook: bool,
    /// Whether an extra one is to be overlooked (`IgnoreExtraneous`).
    pub ignore_extraneous: bool,
    /// What differs; nothing when it is synced and no rule did anything.
    pub report: Option<Report>,
    /// Why it could not be compared.
    pub diagnostics: Vec<Diagnostic>,
}

/// How many objects stand how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Summary {
    /// Objects as desired.
    pub synced: usize,
    /// Objects that differ.
    pub modified: usize,
    /// Objects that are not there.
    pub missing: usize,
    /// Objects that are not desired.
    pub extra: usize,
    /// Objects that take no part.
    pub uncounted: usize,
    /// Objects that could not be compared.
    pub failed: usize,
}

/// A whole comparison.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Comparison {
    /// The status of the Application.
    pub status: SyncStatus,
    /// Every object: the desired ones in their order, then the others by key.
    pub resources: Vec<Resource>,
    /// How many stand how.
    pub summary: Summary,
    /// What is wrong with the input as a whole.
    pub diagnostics: Vec<Diagnostic>,
}

/// Compares all desired objects with all live ones, paired by group, kind, namespace and name.
///
/// Bad input costs only the object it is in: that one is `Failed` with a diagnostic, and its status unknown.
///
/// ```
/// use trueup_diff::{Options, SyncStatus, compare, rules::Rules};
/// let object = |json: &str| serde_json::from_str::<trueup_manifest::Value>(json).unwrap();
/// let wanted = object(r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"k":"new"}}"#);
/// let there = object(r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"k":"old"}}"#);
/// let comparison = compare(&[wanted], &[there], &Rules::default(), &Options::default());
/// assert_eq!(comparison.status, SyncStatus::OutOfSync);
/// assert_eq!(comparison.resources[0].report.as_ref().unwrap().changes[0].path, "data.k");
/// ```
pub fn compare_all(desired: &[Value], live: &[Value], rules: &Rules, options: &Options<'_>) -> Comparison {
    let mut diagnostics: Vec<Diagnostic> = rules.problems().map(|problem| problem.diagnostic()).collect();
    let (wanted, order) = by_key(desired, "desired", &mut diagnostics);
    let (there, _) = by_key(live, "live", &mut diagnostics);
    let dry_runs: BTreeMap<ObjectKey, &Value> =
        options.dry_runs.iter().map(|object| (ObjectKey::of(object), object)).collect();
    let mut taken = BTreeSet::new();
    let mut inputs: Vec<(&ObjectKey, Input<'_>)> = Vec::with_capacity(wanted.len());
    for key in &order {
        let config = wanted.get(key).copied();
        let at = config.and_then(|config| place_of(config, key, &there, options));
        let live = at.as_ref().and_then(|at| there.get(at).copied());
        let dry_run = dry_runs.get(key).or_else(|| dry_runs.get(at.as_ref()?)).copied();
        taken.extend(at);
        inputs.push((key, Input { config, live, dry_run }));
    }
    let extra = there.iter().filter(|(key, _)| !taken.contains(*key));
    inputs.extend(extra.map(|(key, live)| (key, Input { live: Some(*live), ..Input::default() })));
    let resources = inputs.into_iter().map_while(|(key, input)| {
        options.cancel.step().ok()?;
        Some(resource(key, input, rules, options))
    });
    let mut resources: Vec<Resource> = resources.collect();
    resources.extend(unkeyed(desired, "desired").chain(unkeyed(live, "live")));
    let summary = summarize(&resources);
    let mut status = overall(&resources);
    if options.cancel.is_cancelled() {
        // What was not compared may differ.
        status = SyncStatus::Unknown;
        diagnostics.push(Diagnostic::error(Cancelled::CODE, Cancelled.to_string()));
    }
    Comparison { status, resources, summary, diagnostics }
}

/// Compares one object, which may be absent on one side.
///
/// # Errors
/// Both sides absent, a side that is no object, objects that cannot be merged.
pub fn compare_one(
    input: Input<'_>,
    rules: &Rules,
    options: &Options<'_>,
) -> Result<(bool, Report), DiffError> {
    let compared = compare(input, rules, options)?;
    let schemas = Schemas { host: options.schema };
    Ok((compared.pair.modified(), report(&compared, input.live, &options.hidden_annotations, &schemas)))
}

/// Computes what a live object would become, as it is: **not masked**, for applying and not for showing.
///
/// # Errors
/// As [`compare_one`].
pub fn predict(input: Input<'_>, rules: &Rules, options: &Options<'_>) -> Result<Compared, DiffError> {
    compare(input, rules, options)
}

/// Returns under which key the live object stands.
///
/// Of a kind whose scope nobody knows the desired object may have been given a namespace that there is none of.
fn place_of(
    config: &Value,
    key: &ObjectKey,
    there: &BTreeMap<ObjectKey, &Value>,
    options: &Options<'_>,
) -> Option<ObjectKey> {
    if there.contains_key(key) {
        return Some(key.clone());
    }
    let known = |schema: &Schema| schema.kind_of(config).is_some_and(|kind| kind.is_namespaced().is_some());
    if key.namespace.is_empty() || known(kubernetes::schema()) || options.schema.is_some_and(known) {
        return None;
    }
    let without = ObjectKey { namespace: EcoString::new(), ..key.clone() };
    there.contains_key(&without).then_some(without)
}

type Keyed<'v> = (BTreeMap<ObjectKey, &'v Value>, Vec<ObjectKey>);

/// Pairs objects with their keys, in order of first appearance. Of two with one key the last counts.
fn by_key<'v>(objects: &'v [Value], side: &str, diagnostics: &mut Vec<Diagnostic>) -> Keyed<'v> {
    let (mut map, mut order) = (BTreeMap::new(), Vec::new());
    let mut repeated: BTreeMap<ObjectKey, usize> = BTreeMap::new();
    for object in objects.iter().filter(|object| incomplete(object).is_none()) {
        let key = ObjectKey::of(object);
        match map.insert(key.clone(), object) {
            None => order.push(key),
            Some(_) => *repeated.entry(key).or_insert(1) += 1,
        }
    }
    for (key, times) in repeated {
        let message = format!("Resource {key} appeared {times} times among {side} resources.");
        diagnostics.push(Diagnostic::warning("diff/repeated-resource", message));
    }
    (map, order)
}

/// Returns what an object lacks to be told from others.
fn incomplete(object: &Value) -> Option<DiffError> {
    if !object.is_map() {
        return Some(DiffError::NotAnObject(object.type_name()));
    }
    let text = |path: &[&str]| object.at(path).and_then(Value::as_str).is_some_and(|text| !text.is_empty());
    if object.get("metadata").is_some_and(|metadata| !metadata.is_map()) {
        return object.get("metadata").map(|metadata| DiffError::Metadata(metadata.type_name()));
    }
    let needed: [(&[&str], &'static str); 3] =
        [(&["kind"], "kind"), (&["apiVersion"], "apiVersion"), (&["metadata", "name"], "metadata.name")];
    needed.into_iter().find(|(path, _)| !text(path)).map(|(_, name)| DiffError::Missing(name))
}

fn unkeyed<'v>(objects: &'v [Value], side: &'static str) -> impl Iterator<Item = Resource> + 'v {
    objects.iter().enumerate().filter_map(move |(at, object)| {
        let error = incomplete(object)?;
        if is_hook(object) && matches!(error, DiffError::Missing("metadata.name")) && has_name_to_be(object) {
            return Some(hook_to_be(ObjectKey::of(object)));
        }
        let diagnostic = error.diagnostic().because(format!("{side} object {at}"));
        Some(failed(ObjectKey::of(object), diagnostic))
    })
}

fn has_name_to_be(object: &Value) -> bool {
    let prefix = object.at(&["metadata", "generateName"]).and_then(Value::as_str);
    prefix.is_some_and(|prefix| !prefix.is_empty())
}

/// A hook that gets its name when it runs: nothing live can be it.
fn hook_to_be(key: ObjectKey) -> Resource {
    Resource {
        key,
        state: State::Uncounted,
        status: None,
        requires_pruning: false,
        hook: true,
        ignore_extraneous: false,
        report: None,
        diagnostics: Vec::new(),
    }
}

fn failed(key: ObjectKey, diagnostic: Diagnostic) -> Resource {
    Resource {
        key,
        state: State::Failed,
        status: Some(SyncStatus::Unknown),
        requires_pruning: false,
        hook: false,
        ignore_extraneous: false,
        report: None,
        diagnostics: vec![diagnostic],
    }
}

fn resource(key: &ObjectKey, input: Input<'_>, rules: &Rules, options: &Options<'_>) -> Resource {
    let object = input.config.or(input.live);
    let hook = object.is_some_and(is_hook);
    let tracking = options.tracking.clone().unwrap_or_default();
    let own = input.live.is_none_or(|live| self_referenced(&tracking, options, input.config, live));
    let uncounted = hook || input.config.is_some_and(is_skipped) || input.live.is_some_and(is_hook) || !own;
    let requires_pruning = input.config.is_none() && input.live.is_some() && own;
    let ignore_extraneous =
        input.live.is_some_and(|live| has_option(live, COMPARE_OPTIONS, "IgnoreExtraneous"));
    if let Some(error) = rules.invalid(key) {
        return failed(key.clone(), error.diagnostic());
    }
    let compared = match compare(input, rules, options) {
        Ok(compared) => compared,
        Err(error) => return failed(key.clone(), describe(&error, input)),
    };
    let modified = compared.pair.modified();
    let state = match (input.config, input.live) {
        _ if uncounted => State::Uncounted,
        (None, _) => State::Extra,
        (_, None) => State::Missing,
        _ if modified => State::Modified,
        _ => State::Synced,
    };
    let status = match state {
        State::Uncounted => None,
        State::Synced => Some(SyncStatus::Synced),
        _ => Some(SyncStatus::OutOfSync),
    };
    let schemas = Schemas { host: options.schema };
    let telling = state != State::Synced || !compared.notes.is_empty();
    let report = telling.then(|| report(&compared, input.live, &options.hidden_annotations, &schemas));
    Resource {
        key: key.clone(),
        state,
        status,
        requires_pruning,
        hook,
        ignore_extraneous,
        report,
        diagnostics: input.live.and_then(unreadable_annotation).into_iter().collect(),
    }
}

/// What was applied last cannot be read: the comparison does without it, as if it had never been noted down.
fn unreadable_annotation(live: &Value) -> Option<Diagnostic> {
    let error = last_applied(live).err()?;
    let reason = if holds_secrets(live) { "the text is not shown" } else { &error };
    let message = format!("the annotation `{LAST_APPLIED}` cannot be read and is not used: {reason}");
    Some(Diagnostic::warning("diff/bad-last-applied", message))
}

/// An error about a Secret must not quote it.
fn describe(error: &DiffError, input: Input<'_>) -> Diagnostic {
    let secret = [input.config, input.live].into_iter().flatten().any(holds_secrets);
    match secret {
        true => Diagnostic::error(error.code(), "the Secret cannot be compared"),
        false => error.diagnostic(),
    }
}

fn self_referenced(tracking: &Tracking, options: &Options<'_>, config: Option<&Value>, live: &Value) -> bool {
    options.tracking.is_none() || tracking.is_self_reference(config, live)
}

/// Tells whether an object is a hook of Argo CD or Helm.
fn is_hook(object: &Value) -> bool {
    match annotation(object, "argocd.argoproj.io/hook") {
        Some(_) => !is_skipped(object),
        None => annotation(object, "helm.sh/hook").is_some_and(|hook| hook != "crd-install"),
    }
}

fn is_skipped(object: &Value) -> bool {
    annotation(object, "argocd.argoproj.io/hook")
        .is_some_and(|hooks| hooks.split(',').all(|hook| hook.trim() == "Skip"))
}

fn summarize(resources: &[Resource]) -> Summary {
    let mut summary = Summary::default();
    for resource in resources {
        *match resource.state {
            State::Synced => &mut summary.synced,
            State::Modified => &mut summary.modified,
            State::Missing => &mut summary.missing,
            State::Extra => &mut summary.extra,
            State::Uncounted => &mut summary.uncounted,
            State::Failed => &mut summary.failed,
        } += 1;
    }
    summary
}

/// Out of sync if anything is, except extras that are to be overlooked; unknown if anything could not be compared.
fn overall(resources: &[Resource]) -> SyncStatus {
    let counts = |resource: &&Resource| !(resource.requires_pruning && resource.ignore_extraneous);
    let statuses: BTreeSet<SyncStatus> =
        resources.iter().filter(counts).filter_map(|resource| resource.status).collect();
    if statuses.contains(&SyncStatus::Unknown) {
        SyncStatus::Unknown
    } else if statuses.contains(&SyncStatus::OutOfSync) {
        SyncStatus::OutOfSync
    } else {
        SyncStatus::Synced
    }
}

/// Tells whether an object is a list of objects.
pub(crate) fn is_list(object: &Value) -> bool {
    kind_of(object).ends_with("List") && object.get("items").is_some_and(Value::is_seq)
}
