//! Comparing one configured object with one live object.

use crate::error::DiffError;
use crate::last_applied::last_applied;
use crate::normalize::{is_aggregated, normalize};
use crate::object::{LAST_APPLIED, ObjectKey, has_option, remove_at};
use crate::rules::{RuleId, RuleNote, Rules, normalize_trusted};
use crate::schemas::Schemas;
use crate::tracking::Tracking;
use crate::typed::{Unknown, retype, round_trip, typed_kind};
use crate::{server_side, structured, three_way};
use ecow::EcoString;
use trueup_manifest::{Cancel, Value};
use trueup_schema::{Schema, Shape, TypeRef};

/// The manager under which Argo CD applies.
pub const MANAGER: &str = "argocd-controller";
const SYNC_OPTIONS: &str = "argocd.argoproj.io/sync-options";

/// How objects are compared.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options<'a> {
    /// Which diff is used where nothing on the object says otherwise.
    pub strategy: Strategy,
    /// The manager under which the configuration is applied.
    pub manager: EcoString,
    /// Whether rules of aggregated roles are ignored.
    pub ignore_aggregated_roles: bool,
    /// How objects are marked as the Application's own.
    pub tracking: Option<Tracking>,
    /// Types of custom kinds, from CRDs or an OpenAPI document.
    pub schema: Option<&'a Schema>,
    /// Annotations of Secrets that are masked.
    pub hidden_annotations: Vec<EcoString>,
    /// What server-side apply dry runs of the desired objects returned, for [`Strategy::ServerSide`] in
    /// [`compare`](crate::compare). An object whose result is not among them fails.
    pub dry_runs: &'a [Value],
    /// Stops the comparison; a step is an object. What is left over is unknown then.
    pub cancel: Cancel,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self {
            strategy: Strategy::default(),
            manager: MANAGER.into(),
            ignore_aggregated_roles: false,
            tracking: None,
            schema: None,
            hidden_annotations: Vec::new(),
            dry_runs: &[],
            cancel: Cancel::default(),
        }
    }
}

/// Which diff is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strategy {
    /// Three-way where the live object says what was applied last, else two-way.
    #[default]
    Apply,
    /// Structured merge: a server-side apply computed here.
    Structured,
    /// The host ran a server-side apply dry.
    ServerSide {
        /// Whether changes of mutating webhooks are left out.
        ignore_webhooks: bool,
    },
}

impl Strategy {
    /// Returns the strategy an Application asks for: its `compare-options` annotation and its sync options.
    ///
    /// `server_side` is what the controller does where the Application does not say.
    pub fn for_application(app: &Value, server_side: bool) -> Self {
        const COMPARE_OPTIONS: &str = "argocd.argoproj.io/compare-options";
        let asks = |option| has_option(app, COMPARE_OPTIONS, option);
        if (server_side || asks("ServerSideDiff=true")) && !asks("ServerSideDiff=false") {
            return Self::ServerSide { ignore_webhooks: !asks("IncludeMutationWebhook=true") };
        }
        let options =
            app.at(&["spec", "syncPolicy", "syncOptions"]).and_then(Value::as_seq).unwrap_or_default();
        if options.iter().any(|option| *option == "ServerSideApply=true") {
            Self::Structured
        } else {
            Self::Apply
        }
    }
}

/// What a comparison is made of.
#[derive(Clone, Copy, Debug, Default)]
pub struct Input<'v> {
    /// The object as configured.
    pub config: Option<&'v Value>,
    /// The object as it is.
    pub live: Option<&'v Value>,
    /// The object that a server-side apply dry run of the configuration returned.
    pub dry_run: Option<&'v Value>,
}

/// Both sides of a comparison, normalised: what live would become, and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// What the live object would become if the configuration were applied; null when nothing is configured.
    pub predicted: Value,
    /// The live object; null when there is none.
    pub live: Value,
}

impl Pair {
    /// Returns true if applying would change something. An object that is not configured is not modified.
    pub fn modified(&self) -> bool {
        !self.predicted.is_null() && self.predicted != self.live
    }
}

/// A compared pair with what the rules did.
#[derive(Clone, Debug)]
pub struct Compared {
    /// Both sides. They may hold secrets: mask before showing.
    pub pair: Pair,
    /// What rules took out, of either side.
    pub notes: Vec<RuleNote>,
}

/// Compares one object.
///
/// # Errors
/// Both sides absent, a side that is no object, objects that cannot be merged.
pub(crate) fn compare(input: Input<'_>, rules: &Rules, options: &Options<'_>) -> Result<Compared, DiffError> {
    for side in [input.config, input.live].into_iter().flatten() {
        if !side.is_map() {
            return Err(DiffError::NotAnObject(side.type_name()));
        }
    }
    if let (Some(config), Some(live)) = (input.config, input.live) {
        if options.strategy == Strategy::Apply && covered(config, live, rules) {
            let pair = Pair { predicted: live.clone(), live: live.clone() };
            return Ok(Compared { pair, notes: Vec::new() });
        }
        return Comparison { rules, options, notes: Vec::new() }.both(config, live, input.dry_run);
    }
    let mut comparison = Comparison { rules, options, notes: Vec::new() };
    // A server-side diff applies rules to what the server returned, and nothing was asked of it here.
    let mut shown = |object: &Value| match options.strategy {
        Strategy::ServerSide { .. } => normalize(&retype(object), options.ignore_aggregated_roles),
        _ => comparison.normalized(object),
    };
    let pair = match (input.config, input.live) {
        (None, None) => return Err(DiffError::BothAbsent),
        (Some(config), _) => Pair { predicted: shown(config), live: Value::NULL },
        (_, Some(live)) => Pair { predicted: Value::NULL, live: shown(live) },
    };
    Ok(Compared { pair, notes: comparison.notes })
}

struct Comparison<'c> {
    rules: &'c Rules,
    options: &'c Options<'c>,
    notes: Vec<RuleNote>,
}

impl Comparison<'_> {
    fn both(mut self, config: &Value, live: &Value, dry_run: Option<&Value>) -> Result<Compared, DiffError> {
        let live = &match &self.options.tracking {
            Some(tracking) => tracking.normalize(config, live),
            None => live.clone(),
        };
        let schemas = Schemas { host: self.options.schema };
        let (config, live) = self.trusted(config, live, &schemas)?;
        let pair = match self.options.strategy {
            Strategy::ServerSide { ignore_webhooks } => {
                let dry_run = dry_run.ok_or(DiffError::NoDryRun)?;
                self.server_side(&live, dry_run, ignore_webhooks, &schemas)?
            }
            strategy => {
                let (config, live) = (self.normalized(&config), self.normalized(&live));
                // A rule may have taken the option away.
                let applied = has_option(&config, SYNC_OPTIONS, "ServerSideApply=true");
                match strategy == Strategy::Structured || applied {
                    true => structured::diff(&config, &live, &self.options.manager, &schemas)?,
                    false => self.apply(&config, &live)?,
                }
            }
        };
        Ok(Compared { pair, notes: self.notes })
    }

    fn trusted(
        &mut self,
        config: &Value,
        live: &Value,
        schemas: &Schemas<'_>,
    ) -> Result<(Value, Value), DiffError> {
        let Some(merged) = self.rules.lookup(&ObjectKey::of(config)) else {
            return Ok((config.clone(), live.clone()));
        };
        let ty = schemas.type_of(config);
        let trusted = normalize_trusted(config, live, &merged.managed_fields_managers, ty)?;
        let key = ObjectKey::of(config);
        self.notes.extend(trusted.notes.into_iter().map(|mut note| {
            (note.rule.origin, note.rule.place) = self.rules.place_of_manager(&key, &note.rule.rule);
            note
        }));
        Ok((trusted.config, trusted.live))
    }

    fn normalized(&mut self, object: &Value) -> Value {
        self.aggregated(object);
        self.ruled(&normalize(&retype(object), self.options.ignore_aggregated_roles))
    }

    /// Notes that the rules of an aggregated role do not count.
    fn aggregated(&mut self, role: &Value) {
        let has_rules = role.get("rules").and_then(Value::as_seq).is_some_and(|rules| !rules.is_empty());
        if has_rules && self.options.ignore_aggregated_roles && is_aggregated(role) {
            let (place, rule) = ("resource.compareoptions".into(), "ignoreAggregatedRoles".into());
            let rule = RuleId { origin: "system", place, rule };
            let note = RuleNote { rule, removed: vec!["/rules".into()], error: None };
            if !self.notes.contains(&note) {
                self.notes.push(note);
            }
        }
    }

    fn ruled(&mut self, object: &Value) -> Value {
        let normalized = self.rules.normalize(object);
        for note in normalized.notes {
            if !self.notes.contains(&note) {
                self.notes.push(note);
            }
        }
        normalized.object
    }

    fn apply(&mut self, config: &Value, live: &Value) -> Result<Pair, DiffError> {
        if let Ok(Some(original)) = last_applied(live) {
            let original = self.ruled(&normalize(&original, self.options.ignore_aggregated_roles));
            if let Ok(pair) = three_way::diff(&original, config, live) {
                return Ok(pair);
            }
        }
        three_way::diff(config, config, live)
    }

    fn server_side(
        &mut self,
        live: &Value,
        dry_run: &Value,
        ignore_webhooks: bool,
        schemas: &Schemas<'_>,
    ) -> Result<Pair, DiffError> {
        let live = normalize(&retype(live), self.options.ignore_aggregated_roles);
        let predicted = match ignore_webhooks {
            true => server_side::without_webhook_changes(dry_run, &live, &self.options.manager, schemas)?,
            false => dry_run.clone(),
        };
        let mut finished = |object: &Value| {
            let mut out = self.ruled(&normalize(object, self.options.ignore_aggregated_roles));
            remove_at(&mut out, &["metadata"], "managedFields");
            remove_at(&mut out, &["metadata"], "resourceVersion");
            remove_at(&mut out, &["metadata", "annotations"], LAST_APPLIED);
            out
        };
        Ok(Pair { predicted: finished(&retype(&predicted)), live: finished(&live) })
    }
}

/// Takes out of both sides what trusted managers changed.
pub(crate) fn trusted_sides(
    config: &Value,
    live: &Value,
    rules: &Rules,
    schemas: &Schemas<'_>,
) -> Result<(Value, Value), DiffError> {
    let Some(merged) = rules.lookup(&ObjectKey::of(config)) else {
        return Ok((config.clone(), live.clone()));
    };
    let trusted = normalize_trusted(config, live, &merged.managed_fields_managers, schemas.type_of(config))?;
    Ok((trusted.config, trusted.live))
}

/// Tells, without any patching, that live has everything the configuration and the last one say: nothing to apply.
///
/// Says no whenever it is not sure.
fn covered(config: &Value, live: &Value, rules: &Rules) -> bool {
    let (key, live_key) = (ObjectKey::of(config), ObjectKey::of(live));
    let special = matches!((key.group.as_str(), key.kind.as_str()), ("", "Endpoints" | "Secret"));
    if special
        || !rules.touches_only(&key, &["/status"])
        // A rule may be about the namespace that only the live object names.
        || (live_key != key && !rules.touches_only(&live_key, &["/status"]))
        || has_option(config, SYNC_OPTIONS, "ServerSideApply=true")
    {
        return false;
    }
    if rules.lookup(&key).is_some_and(|merged| !merged.managed_fields_managers.is_empty()) {
        return false;
    }
    let typed = typed_kind(config).map(|kind| kind.ty());
    let applied_before = match crate::object::annotation(live, LAST_APPLIED) {
        None => true,
        Some(text) => nothing_removed_since(config, text, typed.is_none()),
    };
    applied_before && covers(config, live, typed)
}

/// What was applied last has nothing that the configuration lacks.
///
/// Of custom kinds the configuration must not say more either: what was not applied last is not looked at in live.
fn nothing_removed_since(config: &Value, text: &str, both_ways: bool) -> bool {
    match last_applied_parsed(text) {
        Some(applied) => within(&applied, config, 0) && (!both_ways || within(config, &applied, 0)),
        None => false,
    }
}

fn last_applied_parsed(text: &str) -> Option<Value> {
    trueup_manifest::json::parse(text.as_bytes(), &Default::default()).ok()
}

/// Tells whether every key of one is in the other; empty annotations and the namespace do not count.
fn within(applied: &Value, config: &Value, depth: usize) -> bool {
    match (applied.as_map(), config.as_map()) {
        (Some(applied), Some(config)) => applied.iter().all(|(key, value)| match config.get(key) {
            Some(other) => within(value, other, depth + 1),
            None => {
                depth == 1
                    && (key == "namespace"
                        || (key == "annotations" && value.as_map().is_some_and(|m| m.is_empty())))
            }
        }),
        _ => match (applied.as_seq(), config.as_seq()) {
            (Some(applied), Some(config)) => {
                applied.len() == config.len()
                    && applied.iter().zip(config).all(|(a, c)| within(a, c, depth + 1))
            }
            _ => applied == config,
        },
    }
}

/// Tells whether live holds every field of the configuration with the same value, and a patch would find so, too.
fn covers(config: &Value, live: &Value, ty: Option<TypeRef<'_>>) -> bool {
    if config.same(live) {
        return true;
    }
    if let (Some(config), Some(live)) = (config.as_map(), live.as_map()) {
        // A typed client leaves out what is empty; then it counts as removed.
        if config.is_empty() {
            return live.is_empty();
        }
        return config.iter().enumerate().all(|(at, (key, value))| {
            // Documents of one kind are often in one order.
            let beside = live.entry_at(at).filter(|(own, _)| *own == key).map(|(_, value)| value);
            let Some(live) = beside.or_else(|| live.get(key)) else { return false };
            !value.is_null() && covers_member(value, live, ty.map(|ty| (ty, key.as_str())))
        });
    }
    match (config.as_seq(), live.as_seq()) {
        (Some(config), Some(live)) => {
            config.len() == live.len() && config.iter().zip(live).all(|(c, l)| covers(c, l, ty))
        }
        _ => config == live,
    }
}

/// A member of a typed map: what is replaced as a whole must be equal as a whole.
fn covers_member(config: &Value, live: &Value, field: Option<(TypeRef<'_>, &str)>) -> bool {
    let Some((ty, key)) = field else { return covers(config, live, None) };
    if config.is_scalar() {
        return config == live;
    }
    let Some(field) = ty.field(key) else { return config == live };
    let strategy = field.patch_strategy();
    let list = field.ty().list().map(|list| list.item);
    match list {
        Some(item) if strategy.merge && field.merge_key().is_some() => {
            let same_keys = |config: &Value, live: &Value| {
                config.as_map().map(trueup_manifest::Map::len) == live.as_map().map(trueup_manifest::Map::len)
            };
            let items = config.as_seq().zip(live.as_seq());
            // An item without its key cannot be merged at all.
            let keyed = |items: &[Value]| {
                items.iter().all(|item| field.merge_key().is_some_and(|key| item.get(key).is_some()))
            };
            config.as_seq().is_some_and(keyed)
                && covers(config, live, Some(item))
                && (!strategy.retain_keys
                    || items
                        .is_some_and(|(config, live)| config.iter().zip(live).all(|(c, l)| same_keys(c, l))))
        }
        Some(_) => config == live,
        None if strategy.replace || strategy.retain_keys => config == live,
        None => covers(config, live, Some(field.ty())) && is_spelled_as_typed(field.ty(), config),
    }
}

/// Tells whether quantities or bytes stand as their type writes them: other ones are compared in the long way, since a
/// live object that cannot be read keeps its spelling.
fn is_spelled_as_typed(ty: TypeRef<'_>, config: &Value) -> bool {
    match ty.item().map(|item| item.shape()) {
        Some(Shape::Quantity | Shape::Bytes) => {
            round_trip(ty, config, Unknown::Fail).is_some_and(|typed| typed == *config)
        }
        _ => true,
    }
}
