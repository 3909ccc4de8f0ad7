//! What to leave out of a comparison: rules of the Application, of the system, and known types.

mod apply;
mod filters;
#[cfg(feature = "jq")]
mod jq;
mod known_types;
mod settings;
mod trusted;

pub use apply::{Normalized, RuleNote};
pub use filters::Filters;
pub use settings::{Override, Overrides, Settings};
pub use trusted::{Trusted, normalize_trusted};

use crate::error::DiffError;
use crate::object::ObjectKey;
use ecow::EcoString;
use known_types::KnownType;
use serde::Serialize;
use trueup_manifest::{Glob, Value, glob_matches};

/// Where a rule stands, so that whoever wonders can find it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct RuleId {
    /// `application` or `system`.
    pub origin: &'static str,
    /// The place: `spec.ignoreDifferences[0].jsonPointers[1]`, or the key of the override with the place inside it.
    pub place: EcoString,
    /// The rule: the pointer, the expression, the manager, or the known type.
    pub rule: EcoString,
}

/// A rule as an Application or an override states it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IgnoreRule {
    /// A glob for the group.
    pub group: EcoString,
    /// A glob for the kind.
    pub kind: EcoString,
    /// The name; empty for all.
    pub name: EcoString,
    /// The namespace; empty for all.
    pub namespace: EcoString,
    /// JSON pointers to remove.
    pub json_pointers: Vec<EcoString>,
    /// jq paths to delete.
    pub jq_path_expressions: Vec<EcoString>,
    /// Managers whose changes do not count.
    pub managed_fields_managers: Vec<EcoString>,
}

impl IgnoreRule {
    /// Reads an entry of `spec.ignoreDifferences`. What is missing is empty.
    pub fn from_value(value: &Value) -> Self {
        let text = |key| value.get(key).and_then(Value::as_eco_str).cloned().unwrap_or_default();
        let list = |key| texts(value.get(key));
        Self {
            group: text("group"),
            kind: text("kind"),
            name: text("name"),
            namespace: text("namespace"),
            json_pointers: list("jsonPointers"),
            jq_path_expressions: list("jqPathExpressions"),
            managed_fields_managers: list("managedFieldsManagers"),
        }
    }
}

fn texts(list: Option<&Value>) -> Vec<EcoString> {
    let items = list.and_then(Value::as_seq).unwrap_or_default();
    items.iter().filter_map(|item| item.as_eco_str().cloned()).collect()
}

/// The rules of a comparison, compiled. Build once, use for every object.
///
/// ```
/// use trueup_diff::rules::{IgnoreRule, Rules};
/// let rule = IgnoreRule { group: "apps".into(), kind: "Deployment".into(), json_pointers: vec!["/spec/replicas".into()], ..Default::default() };
/// let rules = Rules::new(&[rule], &Default::default()).unwrap();
/// let object = r#"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"a"},"spec":{"replicas":3}}"#;
/// let object: trueup_manifest::Value = serde_json::from_str(object).unwrap();
/// let normalized = rules.normalize(&object);
/// assert!(normalized.object.at(&["spec", "replicas"]).is_none());
/// assert_eq!(normalized.notes[0].rule.place, "spec.ignoreDifferences[0].jsonPointers[0]");
/// ```
#[derive(Debug, Default)]
pub struct Rules {
    removals: Vec<Removal>,
    ignores: Vec<IgnoreRule>,
    overrides: Overrides,
    known_types: Vec<KnownType>,
}

/// One thing to remove from objects that match.
#[derive(Debug)]
struct Removal {
    id: RuleId,
    group: Glob,
    kind: Glob,
    name: EcoString,
    namespace: EcoString,
    what: What,
}

#[derive(Debug)]
enum What {
    Pointer(EcoString),
    #[cfg(feature = "jq")]
    Jq(jq::JqPath),
    /// It is no rule: what it would take out of an object is unknown.
    Invalid(String),
}

impl Removal {
    fn problem(&self) -> Option<DiffError> {
        match &self.what {
            What::Invalid(reason) => {
                Some(DiffError::Setting { key: self.id.place.to_string(), reason: reason.clone() })
            }
            _ => None,
        }
    }

    fn matches(&self, key: &ObjectKey) -> bool {
        self.group.matches(&key.group)
            && self.kind.matches(&key.kind)
            && (self.name.is_empty() || self.name == key.name)
            && (self.namespace.is_empty() || self.namespace == key.namespace)
    }
}

/// The rules that apply to one object, merged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// JSON pointers.
    pub json_pointers: Vec<EcoString>,
    /// jq paths.
    pub jq_path_expressions: Vec<EcoString>,
    /// Trusted managers.
    pub managed_fields_managers: Vec<EcoString>,
}

impl Rules {
    /// Compiles the rules of an Application and the system's overrides.
    ///
    /// # Errors
    /// A jq expression that is none; an unknown known type.
    pub fn new(ignores: &[IgnoreRule], overrides: &Overrides) -> Result<Self, DiffError> {
        Self::compiled(ignores, overrides, Err)
    }

    /// As [`Rules::new`], with a jq expression that is none failing only the objects that it is about: they are
    /// [`crate::State::Failed`], and never in sync.
    ///
    /// # Errors
    /// An unknown known type.
    pub fn tolerant(ignores: &[IgnoreRule], overrides: &Overrides) -> Result<Self, DiffError> {
        Self::compiled(ignores, overrides, |error| Ok(What::Invalid(error.to_string())))
    }

    fn compiled(
        ignores: &[IgnoreRule],
        overrides: &Overrides,
        otherwise: fn(DiffError) -> Result<What, DiffError>,
    ) -> Result<Self, DiffError> {
        let mut rules = Self { ignores: ignores.to_vec(), overrides: overrides.clone(), ..Self::default() };
        for (at, ignore) in ignores.iter().enumerate() {
            rules.compile("application", &format!("spec.ignoreDifferences[{at}]"), ignore, otherwise)?;
        }
        for (key, settings) in overrides.iter() {
            let Some((group, kind)) = settings::group_kind(key) else { continue };
            let rule =
                IgnoreRule { group: group.into(), kind: kind.into(), ..settings.ignore_differences.clone() };
            let place = format!("resource.customizations[{key}].ignoreDifferences");
            rules.compile("system", &place, &rule, otherwise)?;
        }
        rules.known_types = known_types::compile(overrides)?;
        Ok(rules)
    }

    fn compile(
        &mut self,
        origin: &'static str,
        place: &str,
        rule: &IgnoreRule,
        otherwise: fn(DiffError) -> Result<What, DiffError>,
    ) -> Result<(), DiffError> {
        let removal = |kind: &str, at: usize, text: &EcoString, what| Removal {
            id: RuleId { origin, place: ecow::eco_format!("{place}.{kind}[{at}]"), rule: text.clone() },
            group: Glob::lenient(&rule.group),
            kind: Glob::lenient(&rule.kind),
            name: rule.name.clone(),
            namespace: rule.namespace.clone(),
            what,
        };
        for (at, pointer) in rule.json_pointers.iter().enumerate() {
            self.removals.push(removal("jsonPointers", at, pointer, What::Pointer(pointer.clone())));
        }
        for (at, expression) in rule.jq_path_expressions.iter().enumerate() {
            let what = jq_removal(expression).or_else(otherwise)?;
            self.removals.push(removal("jqPathExpressions", at, expression, what));
        }
        Ok(())
    }

    /// Returns the first rule about an object that is none, if there is one.
    pub(crate) fn invalid(&self, key: &ObjectKey) -> Option<DiffError> {
        self.removals.iter().filter(|removal| removal.matches(key)).find_map(Removal::problem)
    }

    /// Returns what is wrong with rules that are none, whether they are about any object or not.
    pub(crate) fn problems(&self) -> impl Iterator<Item = DiffError> {
        self.removals.iter().filter_map(Removal::problem)
    }

    /// Returns what applies to an object by the lookup for trusted managers, or nothing.
    pub fn lookup(&self, key: &ObjectKey) -> Option<Merged> {
        lookup(key, &self.ignores, &self.overrides)
    }

    /// Returns where it is said that a manager's changes to an object do not count.
    pub(crate) fn place_of_manager(&self, key: &ObjectKey, manager: &str) -> (&'static str, EcoString) {
        let names = |rule: &IgnoreRule| rule.managed_fields_managers.iter().position(|name| name == manager);
        let found = self.ignores.iter().enumerate().find_map(|(at, rule)| {
            let applies = lookup(key, std::slice::from_ref(rule), &Overrides::default()).is_some();
            let place = names(rule).filter(|_| applies)?;
            Some(ecow::eco_format!("spec.ignoreDifferences[{at}].managedFieldsManagers[{place}]"))
        });
        if let Some(place) = found {
            return ("application", place);
        }
        let keys = [ecow::eco_format!("{}/{}", key.group, key.kind), "*/*".into()];
        let found = keys.iter().find_map(|key| {
            let place = names(&self.overrides.get(key)?.ignore_differences)?;
            Some(ecow::eco_format!(
                "resource.customizations[{key}].ignoreDifferences.managedFieldsManagers[{place}]"
            ))
        });
        ("system", found.unwrap_or_else(|| "managedFieldsManagers".into()))
    }

    /// Returns true if no rule and no known type touches an object other than at these pointers.
    pub(crate) fn touches_only(&self, key: &ObjectKey, pointers: &[&str]) -> bool {
        let harmless =
            |what: &What| matches!(what, What::Pointer(pointer) if pointers.contains(&pointer.as_str()));
        let known = self.known_types.iter().any(|known| known.matches(key));
        !known && self.removals.iter().all(|removal| harmless(&removal.what) || !removal.matches(key))
    }
}

/// Returns what applies to an object by the lookup for trusted managers, or nothing.
///
/// Overrides are found by their exact key and by `*/*`, rules of the Application by their globs.
pub fn lookup(key: &ObjectKey, ignores: &[IgnoreRule], overrides: &Overrides) -> Option<Merged> {
    let own = overrides.get(&format!("{}/{}", key.group, key.kind));
    let overrides = own.into_iter().chain(overrides.get("*/*")).map(|own| &own.ignore_differences);
    let matching = ignores.iter().filter(|rule| {
        glob_matches(&rule.group, &key.group)
            && glob_matches(&rule.kind, &key.kind)
            && (rule.name.is_empty() || rule.name == key.name)
            && (rule.namespace.is_empty() || rule.namespace == key.namespace)
    });
    let mut merged: Option<Merged> = None;
    for rule in overrides.chain(matching) {
        let merged = merged.get_or_insert_default();
        extend(&mut merged.json_pointers, &rule.json_pointers);
        extend(&mut merged.jq_path_expressions, &rule.jq_path_expressions);
        extend(&mut merged.managed_fields_managers, &rule.managed_fields_managers);
    }
    merged
}

#[cfg(feature = "jq")]
fn jq_removal(expression: &EcoString) -> Result<What, DiffError> {
    let bad = |reason| DiffError::Jq { expression: expression.to_string(), reason };
    jq::JqPath::new(expression).map(What::Jq).map_err(bad)
}

#[cfg(not(feature = "jq"))]
fn jq_removal(expression: &EcoString) -> Result<What, DiffError> {
    Err(DiffError::Jq {
        expression: expression.to_string(),
        reason: "unsupported: built without `jq`".into(),
    })
}

fn extend(list: &mut Vec<EcoString>, more: &[EcoString]) {
    for item in more {
        if !list.contains(item) {
            list.push(item.clone());
        }
    }
}
