//! The settings of the `argocd-cm` config map that say what differs.

use super::{Filters, IgnoreRule, Rules, texts};
use crate::error::DiffError;
use crate::tracking::{Method, Tracking};
use ecow::EcoString;
use std::collections::BTreeMap;
use trueup_manifest::yaml::{self, ParseOptions};
use trueup_manifest::{Diagnostic, Value};

/// What the system says about kinds: `group/Kind` (or `Kind`, or a glob) to its settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides(BTreeMap<EcoString, Override>);

/// What the system says about one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Override {
    /// What to ignore in comparisons.
    pub ignore_differences: IgnoreRule,
    /// What to ignore when asking whether a live change is worth a refresh.
    pub ignore_resource_updates: IgnoreRule,
    /// Dotted paths and the types of what is there.
    pub known_type_fields: Vec<(EcoString, EcoString)>,
}

impl Overrides {
    /// Returns the settings of exactly this key.
    pub fn get(&self, key: &str) -> Option<&Override> {
        self.0.get(key)
    }

    /// Returns the settings of a key for editing, making them if there are none.
    pub fn entry(&mut self, key: &str) -> &mut Override {
        self.0.entry(key.into()).or_default()
    }

    /// Returns all keys and settings, sorted by key.
    pub fn iter(&self) -> impl Iterator<Item = (&EcoString, &Override)> {
        self.0.iter()
    }

    /// Reads a map from keys to settings, as the key `resource.customizations` holds it.
    pub fn from_value(value: &Value) -> Self {
        let mut overrides = Self::default();
        for (key, settings) in value.as_map().into_iter().flatten() {
            let own = overrides.entry(key);
            own.ignore_differences = rule(settings.get("ignoreDifferences"));
            own.ignore_resource_updates = rule(settings.get("ignoreResourceUpdates"));
            own.known_type_fields = known_types(settings.get("knownTypeFields"));
        }
        overrides
    }
}

/// Splits a key into group and kind; nothing if it has more parts.
pub(crate) fn group_kind(key: &str) -> Option<(&str, &str)> {
    match key.split_once('/') {
        None => Some(("", key)),
        Some((group, kind)) if !kind.contains('/') => Some((group, kind)),
        Some(_) => None,
    }
}

/// A rule may be a map, or a text with YAML.
fn rule(value: Option<&Value>) -> IgnoreRule {
    let parsed = value.and_then(Value::as_str).and_then(|text| parse(text).ok());
    let Some(value) = parsed.as_ref().or(value) else { return IgnoreRule::default() };
    IgnoreRule {
        json_pointers: texts(value.get("jsonPointers")),
        jq_path_expressions: texts(value.get("jqPathExpressions")),
        managed_fields_managers: texts(value.get("managedFieldsManagers")),
        ..IgnoreRule::default()
    }
}

fn known_types(value: Option<&Value>) -> Vec<(EcoString, EcoString)> {
    let text = |entry: &Value, key| entry.get(key).and_then(Value::as_eco_str).cloned();
    let entries = value.and_then(Value::as_seq).unwrap_or_default();
    entries.iter().filter_map(|entry| Some((text(entry, "field")?, text(entry, "type")?))).collect()
}

fn parse(text: &str) -> Result<Value, String> {
    yaml::parse(text.as_bytes(), &ParseOptions::kubernetes()).map_err(|error| error.message().to_owned())
}

/// Everything the config map says about comparing.
///
/// The default is what Argo CD does when the config map says nothing.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Settings by kind.
    pub overrides: Overrides,
    /// Whether rules of aggregated roles count.
    pub ignore_aggregated_roles: bool,
    /// How objects are marked as an Application's own.
    pub tracking: Tracking,
    /// Which kinds take no part.
    pub filters: Filters,
    /// Annotations of Secrets that are masked like their data (`resource.sensitive.mask.annotations`).
    pub hidden_annotations: Vec<EcoString>,
    /// What could be read only in part.
    pub warnings: Vec<Diagnostic>,
}

const PREFIX: &str = "resource.customizations.";

impl Default for Settings {
    fn default() -> Self {
        Self::tolerant(&Value::NULL)
    }
}

impl Settings {
    /// Reads the `data` of the config map.
    ///
    /// # Errors
    /// A key of an unknown type or with too many parts, and values that are no YAML.
    pub fn from_config_map(data: &Value) -> Result<Self, DiffError> {
        Self::read(data, &mut Err)
    }

    /// As [`Settings::from_config_map`], with what cannot be read left out and told among the warnings.
    pub fn tolerant(data: &Value) -> Self {
        let mut errors = Vec::new();
        let read = Self::read(data, &mut |error: DiffError| {
            errors.push(error.diagnostic());
            Ok(())
        });
        let mut settings = read.unwrap_or_else(|_| Self::empty());
        settings.warnings.splice(0..0, errors);
        settings
    }

    fn empty() -> Self {
        Self {
            overrides: Overrides::default(),
            ignore_aggregated_roles: false,
            tracking: Tracking::default(),
            filters: Filters::default(),
            hidden_annotations: Vec::new(),
            warnings: Vec::new(),
        }
    }

    fn read(
        data: &Value,
        refuse: &mut dyn FnMut(DiffError) -> Result<(), DiffError>,
    ) -> Result<Self, DiffError> {
        let mut settings = Self::empty();
        let text = |key: &str| data.get(key).and_then(Value::as_str);
        let mut parsed = |key: &str| match text(key).map(parse) {
            Some(Ok(value)) => Ok(value),
            Some(Err(reason)) => refuse(bad(key, reason)).map(|()| Value::NULL),
            None => Ok(Value::NULL),
        };
        settings.overrides = Overrides::from_value(&parsed("resource.customizations")?);
        settings.filters = Filters::new(&parsed("resource.exclusions")?, &parsed("resource.inclusions")?);
        let options = parsed("resource.compareoptions")?;
        for (key, value) in data.as_map().into_iter().flatten() {
            if let (Some(rest), Some(value)) = (key.strip_prefix(PREFIX), value.as_str()) {
                settings.split_key(key, rest, value).or_else(&mut *refuse)?;
            }
        }
        settings.compare_options(&options);
        let hidden = text("resource.sensitive.mask.annotations").unwrap_or_default().split(',');
        let hidden = hidden.map(|key| EcoString::from(key.replace(' ', ""))).filter(|key| !key.is_empty());
        settings.hidden_annotations = hidden.collect();
        settings.tracking = Tracking {
            method: text("application.resourceTrackingMethod").map_or(Method::Annotation, Method::named),
            label_key: text("application.instanceLabelKey").unwrap_or(crate::tracking::DEFAULT_LABEL).into(),
            installation_id: text("installationID").unwrap_or_default().into(),
        };
        Ok(settings)
    }

    fn split_key(&mut self, key: &str, rest: &str, value: &str) -> Result<(), DiffError> {
        let (kind_of_setting, target) =
            rest.split_once('.').ok_or_else(|| bad(key, "expected a type and a kind".into()))?;
        let target = match (target, target.split('_').collect::<Vec<_>>().as_slice()) {
            ("all", _) => EcoString::from("*/*"),
            (_, [kind]) => EcoString::from(*kind),
            (_, [group, kind]) => ecow::eco_format!("{group}/{kind}"),
            _ => return Err(bad(key, format!("`{target}` has more than a group and a kind"))),
        };
        match kind_of_setting {
            "ignoreDifferences" => {
                self.overrides.entry(&target).ignore_differences = parsed_rule(key, value)?
            }
            "ignoreResourceUpdates" => {
                self.overrides.entry(&target).ignore_resource_updates = parsed_rule(key, value)?
            }
            "knownTypeFields" => {
                let parsed = parse(value).map_err(|reason| bad(key, reason))?;
                self.overrides.entry(&target).known_type_fields = known_types(Some(&parsed));
            }
            "health" | "useOpenLibs" | "actions" => {}
            other => return Err(bad(key, format!("`{other}` is no type of customization"))),
        }
        Ok(())
    }

    fn compare_options(&mut self, options: &Value) {
        self.ignore_aggregated_roles =
            options.get("ignoreAggregatedRoles").and_then(Value::as_bool).unwrap_or(false);
        let status =
            options.get("ignoreResourceStatusField").and_then(Value::scalar_text).unwrap_or_default();
        let target = match status.as_str() {
            "" | "all" => Some("*/*"),
            "crd" => Some("apiextensions.k8s.io/CustomResourceDefinition"),
            "none" | "off" | "false" => None,
            other => {
                let message = format!("`{other}` is no value of `ignoreResourceStatusField`; `all` is used");
                self.warnings.push(Diagnostic::warning("diff/bad-setting", message));
                Some("*/*")
            }
        };
        if let Some(target) = target {
            self.overrides.entry(target).ignore_differences.json_pointers.push("/status".into());
        }
        let also_updates =
            options.get("ignoreDifferencesOnResourceUpdates").and_then(Value::as_bool).unwrap_or(true);
        for own in self.overrides.0.values_mut().filter(|_| also_updates) {
            super::extend(
                &mut own.ignore_resource_updates.json_pointers,
                &own.ignore_differences.json_pointers,
            );
            let expressions = &own.ignore_differences.jq_path_expressions;
            super::extend(&mut own.ignore_resource_updates.jq_path_expressions, expressions);
            let managers = &own.ignore_differences.managed_fields_managers;
            super::extend(&mut own.ignore_resource_updates.managed_fields_managers, managers);
        }
        let always = ["/metadata/resourceVersion", "/metadata/generation", "/metadata/managedFields"];
        let updates = &mut self.overrides.entry("*/*").ignore_resource_updates;
        super::extend(&mut updates.json_pointers, &always.map(EcoString::from));
    }

    /// Compiles the rules for one Application: its `spec.ignoreDifferences` and these settings.
    ///
    /// # Errors
    /// As [`Rules::new`].
    pub fn rules(&self, ignore_differences: &[IgnoreRule]) -> Result<Rules, DiffError> {
        Rules::new(ignore_differences, &self.overrides)
    }

    /// Compiles the rules for an Application: its `spec.ignoreDifferences` and these settings.
    ///
    /// # Errors
    /// As [`Rules::new`].
    pub fn rules_for(&self, app: &Value) -> Result<Rules, DiffError> {
        self.rules(&ignores_of(app))
    }

    /// As [`Settings::rules_for`], with a jq expression that is none failing only the objects that it is about.
    ///
    /// # Errors
    /// As [`Rules::tolerant`].
    pub fn tolerant_rules_for(&self, app: &Value) -> Result<Rules, DiffError> {
        Rules::tolerant(&ignores_of(app), &self.overrides)
    }

    /// Compiles the rules by which a live change is judged worth a refresh.
    ///
    /// # Errors
    /// As [`Rules::new`].
    pub fn update_rules(&self) -> Result<Rules, DiffError> {
        let mut overrides = self.overrides.clone();
        for own in overrides.0.values_mut() {
            own.ignore_differences = std::mem::take(&mut own.ignore_resource_updates);
        }
        Rules::new(&[], &overrides)
    }
}

fn ignores_of(app: &Value) -> Vec<IgnoreRule> {
    let entries = app.at(&["spec", "ignoreDifferences"]).and_then(Value::as_seq).unwrap_or_default();
    entries.iter().map(IgnoreRule::from_value).collect()
}

fn parsed_rule(key: &str, value: &str) -> Result<IgnoreRule, DiffError> {
    let parsed = parse(value).map_err(|reason| bad(key, reason))?;
    Ok(rule(Some(&parsed)))
}

fn bad(key: &str, reason: String) -> DiffError {
    DiffError::Setting { key: key.into(), reason }
}
