//! What differs.

use super::source::application;
use super::table;
use crate::api::handles::{Content, Document};
use crate::api::shape::{ComparisonHandle, Empty, Object, Objects, answer, choice, input, output, words};
use crate::api::{Context, Error};
use trueup_diff::rules::{IgnoreRule, RuleId, RuleNote, Rules, Settings};
use trueup_diff::{
    Change, ChangeKind, Comparison, Options, Report, Resource, State, Strategy, Summary, SyncStatus, compare,
    desired_set, mask, respect_ignored,
};
use trueup_manifest::{Diagnostic, EcoString, Value};
use trueup_schema::openapi;

table! {
    /// Compares everything that is desired with everything there is, as Argo CD does, object by object and field by field.
    ///
    /// With an Application, its ignore rules, its tracking and its sync options count. Secrets are masked in whatever is shown.
    "diff.compare": Compare => compared => ComparisonHandle;
    /// Masks the secrets of an object; given both sides, equal values get equal masks and different ones different masks.
    "diff.mask": Mask => masked => Masked;
    /// Returns the object to apply under the sync option `RespectIgnoreDifferences=true`: what rules ignore stays as it is live.
    "diff.respect": Respect => respected => Object;
}

words! { SyncStatus: "Synced", "OutOfSync", "Unknown" }
words! { State: "synced", "modified", "missing", "extra", "uncounted", "failed" }
words! { ChangeKind: "added", "removed", "changed" }

output! {
    /// One field that differs.
    struct Change: Change {
        /// Where: `spec.template.spec.containers[app].image`.
        path: EcoString,
        /// What happened to it.
        kind: ChangeKind,
        /// The live value, if there is one.
        live: Value = absent,
        /// The desired value, if there is one.
        desired: Value = absent,
        /// The managers that own the field in the live object, as far as it says.
        managers: Vec<EcoString> = absent,
    }
}

output! {
    /// Where a rule stands.
    struct RuleId: RuleId {
        /// `application` or `system`.
        origin: EcoString,
        /// The place, such as `spec.ignoreDifferences[0].jsonPointers[1]`.
        place: EcoString,
        /// The rule itself.
        rule: EcoString,
    }
}

output! {
    /// What a rule did to an object.
    struct RuleNote: RuleNote {
        /// The rule.
        rule: RuleId,
        /// JSON pointers to what it took out of the comparison.
        removed: Vec<EcoString>,
        /// Why it could not be applied.
        error: Option<EcoString>,
    }
}

output! {
    /// What differs in one object. Secrets are masked.
    struct ObjectReport: Report {
        /// What the live object would become; null when nothing is desired.
        predicted: Value,
        /// The live object; null when there is none.
        live: Value,
        /// JSON Patch operations that lead from live to predicted.
        patch: Vec<Object>,
        /// A unified text diff in YAML.
        text: EcoString,
        /// Each field that differs.
        changes: Vec<Change>,
        /// What rules took out of the comparison, and which.
        suppressed: Vec<RuleNote>,
    }
}

output! {
    /// One object of a comparison.
    struct ComparedResource: Resource {
        /// The API group; empty for the core group.
        group: EcoString,
        /// The kind.
        kind: EcoString,
        /// The namespace; empty for what lives in none.
        namespace: EcoString,
        /// The name.
        name: EcoString,
        /// How it stands.
        state: State,
        /// The status; null for what takes no part.
        status: Option<SyncStatus>,
        /// Whether a sync with pruning would delete it.
        requires_pruning: bool,
        /// Whether it is a hook.
        hook: bool,
        /// Whether an extra one is to be overlooked.
        ignore_extraneous: bool,
        /// What differs; null when it is synced and no rule did anything.
        report: Option<Report>,
        /// Why it could not be compared.
        diagnostics: Vec<Diagnostic>,
    }
}

output! {
    /// How many objects stand how.
    struct ComparisonSummary: Summary {
        /// Objects as desired.
        synced: usize,
        /// Objects that differ.
        modified: usize,
        /// Objects that are not there.
        missing: usize,
        /// Objects that are not desired.
        extra: usize,
        /// Objects that take no part.
        uncounted: usize,
        /// Objects that could not be compared.
        failed: usize,
    }
}

output! {
    /// A whole comparison.
    struct Comparison: Comparison {
        /// The status of the Application.
        status: SyncStatus,
        /// Every object: the desired ones in their order, then the others.
        resources: Vec<Resource>,
        /// How many stand how.
        summary: Summary,
        /// What is wrong with the input as a whole.
        diagnostics: Vec<Diagnostic>,
    }
}

choice! {
    /// Which diff is used.
    enum Diff {
        /// Three-way where the live object says what was applied last, else two-way.
        Apply = "apply",
        /// A server-side apply that is computed here.
        Structured = "structured",
        /// A server-side apply that the caller ran dry: see `dryRuns`.
        ServerSide = "server-side",
    }
}

input! {
    /// Both sides of a comparison.
    struct Compare {
        /// Everything that is desired.
        desired: Objects,
        /// Everything there is.
        live: Objects,
        /// The Application, whose rules count.
        application: Option<Object>,
        /// The `data` of the ConfigMap `argocd-cm`, which has the rules of the system.
        settings: Option<Object>,
        /// Entries as in `spec.ignoreDifferences`, besides those of the Application.
        ignore_differences: Vec<Object> = Empty,
        /// Which diff is used; as the Application asks for if it is absent.
        strategy: Option<Diff>,
        /// CustomResourceDefinitions and OpenAPI documents, which tell the types and scopes of custom kinds.
        schemas: Vec<Object> = Empty,
        /// What server-side apply dry runs of the desired objects returned, for the server-side diff.
        dry_runs: Vec<Object> = Empty,
        /// The API server of the cluster, by which kinds are excluded.
        cluster: EcoString = "",
        /// Annotations of Secrets that are masked, too.
        hidden_annotations: Vec<EcoString> = Empty,
    }
}

fn compared(request: Compare, context: &Context) -> Result<ComparisonHandle, Error> {
    let settings = match &request.settings {
        Some(data) => Settings::tolerant(&data.0),
        None => Settings::default(),
    };
    let schema = openapi::parse(request.schemas.iter().map(|document| &document.0));
    let dry_runs: Vec<Value> = request.dry_runs.into_iter().map(|object| object.0).collect();
    let mut options = Options::default();
    options.cancel = context.cancel.clone();
    options.ignore_aggregated_roles = settings.ignore_aggregated_roles;
    options.schema = Some(&schema);
    options.dry_runs = &dry_runs;
    options.hidden_annotations = request.hidden_annotations;
    let mut ignores: Vec<Value> = Vec::new();
    let mut diagnostics = settings.warnings.clone();
    let (mut desired, mut live) = (request.desired.0, request.live.0);
    if let Some(object) = &request.application {
        let application = application(object)?;
        let namespace = application.spec.destination.namespace.as_str();
        let name = &application.metadata.name;
        let set = desired_set(&desired, name, namespace, &settings.tracking, Some(&schema));
        (desired, options.tracking) = (set.objects, Some(settings.tracking.clone()));
        diagnostics.extend(set.diagnostics);
        options.strategy = Strategy::for_application(&object.0, false);
        let rules = object.0.at(&["spec", "ignoreDifferences"]).and_then(Value::as_seq);
        ignores.extend(rules.unwrap_or_default().iter().cloned());
    }
    if request.settings.is_some() {
        diagnostics.extend(settings.filters.retain(&mut desired, &request.cluster));
        live.retain(|object| !settings.filters.excludes_object(object, &request.cluster));
    }
    ignores.extend(request.ignore_differences.into_iter().map(|rule| rule.0));
    match request.strategy {
        Some(Diff::Apply) => options.strategy = Strategy::Apply,
        Some(Diff::Structured) => options.strategy = Strategy::Structured,
        Some(Diff::ServerSide) => options.strategy = Strategy::ServerSide { ignore_webhooks: true },
        None => {}
    }
    let ignores: Vec<IgnoreRule> = ignores.iter().map(IgnoreRule::from_value).collect();
    let rules = Rules::tolerant(&ignores, &settings.overrides)?;
    let mut comparison = compare(&desired, &live, &rules, &options);
    if context.cancel.is_cancelled() {
        return Err(Error::cancelled());
    }
    comparison.diagnostics.splice(0..0, diagnostics);
    Ok(ComparisonHandle(Document::new(Content::Comparison(comparison))))
}

input! {
    /// An object to apply, and the object as it is.
    struct Respect {
        /// The object as desired.
        target: Object,
        /// The object as it is.
        live: Object,
        /// Entries as in `spec.ignoreDifferences`.
        ignore_differences: Vec<Object> = Empty,
        /// The `data` of the ConfigMap `argocd-cm`, which has the rules of the system.
        settings: Option<Object>,
        /// CustomResourceDefinitions and OpenAPI documents, which tell how lists of custom kinds merge.
        schemas: Vec<Object> = Empty,
    }
}

fn respected(request: Respect, _: &Context) -> Result<Object, Error> {
    let settings = match &request.settings {
        Some(data) => Settings::from_config_map(&data.0)?,
        None => Settings::default(),
    };
    let schema = openapi::parse(request.schemas.iter().map(|document| &document.0));
    let ignores = request.ignore_differences.iter().map(|rule| IgnoreRule::from_value(&rule.0));
    let rules = settings.rules(&ignores.collect::<Vec<_>>())?;
    Ok(Object(respect_ignored(&request.target.0, &request.live.0, &rules, Some(&schema))?))
}

input! {
    /// An object whose secrets are masked.
    struct Mask {
        /// The object as desired.
        target: Option<Object>,
        /// The object as it is.
        live: Option<Object>,
        /// Annotations that are masked, too.
        hidden_annotations: Vec<EcoString> = Empty,
    }
}

answer! {
    /// Both sides, masked.
    struct Masked {
        /// The object as desired.
        target: Option<Object>,
        /// The object as it is.
        live: Option<Object>,
    }
}

fn masked(request: Mask, _: &Context) -> Result<Masked, Error> {
    let side = |object: &Option<Object>| object.as_ref().map(|object| object.0.clone());
    let (target, live) = (side(&request.target), side(&request.live));
    let (target, live) = mask::mask(target.as_ref(), live.as_ref(), &request.hidden_annotations);
    Ok(Masked { target: target.map(Object), live: live.map(Object) })
}
