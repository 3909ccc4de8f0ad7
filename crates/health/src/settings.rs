//! Custom checks from the `argocd-cm` config map.

use crate::checks::Checks;
use crate::status::{Health, HealthError};
use std::collections::BTreeMap;
use trueup_manifest::yaml::{self, ParseOptions};
use trueup_manifest::{Diagnostic, EcoString, Value};

const CUSTOMIZATIONS: &str = "resource.customizations";
const HEALTH: &str = "resource.customizations.health.";
const OPEN_LIBS: &str = "resource.customizations.useOpenLibs.";

/// What the config map says about the health of one kind.
#[derive(Clone, Debug, Default)]
pub(crate) struct Customization {
    pub(crate) script: String,
    pub(crate) open_libs: bool,
}

impl Checks {
    /// Adds the custom checks that the `data` of an `argocd-cm` config map states, and says which cannot be used.
    ///
    /// Read are `resource.customizations.health.<group>_<Kind>`, `resource.customizations.useOpenLibs.<group>_<Kind>` and
    /// the single key `resource.customizations`, whose keys may be globs. A script that is no Lua, or any script without
    /// the feature `lua`, makes the objects of its kind unknown; it harms no other.
    ///
    /// ```
    /// let data = r#"{"resource.customizations.health.example.io_Thing": "return {status = \"Healthy\"}"}"#;
    /// let data: trueup_manifest::Value = serde_json::from_str(data).unwrap();
    /// let (checks, diagnostics) = trueup_health::Checks::default().with_config_map(&data);
    /// assert!(diagnostics.is_empty() || !cfg!(feature = "lua"));
    /// let thing = serde_json::from_str(r#"{"apiVersion":"example.io/v1","kind":"Thing"}"#).unwrap();
    /// assert!(checks.judge(&thing).0.is_some());
    /// ```
    #[must_use]
    pub fn with_config_map(self, data: &Value) -> (Self, Vec<Diagnostic>) {
        let mut diagnostics = Vec::new();
        let mut checks = self;
        for (key, customization) in customizations(data, &mut diagnostics) {
            if customization.script.is_empty() {
                continue;
            }
            let script = compile(&customization, checks.now);
            if let Err(error) = &script {
                let message = format!("the health check of {key} cannot be used: {error}");
                diagnostics.push(Diagnostic::error("health/bad-script", message));
            }
            checks = checks.with(&key, move |object| match &script {
                Ok(script) => run(script, object),
                Err(error) => Err(error.clone()),
            });
        }
        (checks, diagnostics)
    }
}

/// Returns the customizations by kind, and says what cannot be read.
pub(crate) fn customizations(
    data: &Value,
    diagnostics: &mut Vec<Diagnostic>,
) -> BTreeMap<EcoString, Customization> {
    let mut out: BTreeMap<EcoString, Customization> = BTreeMap::new();
    if let Some(text) = data.get(CUSTOMIZATIONS).and_then(Value::as_str) {
        match yaml::parse(text.as_bytes(), &ParseOptions::kubernetes()) {
            Ok(parsed) => {
                for (key, settings) in parsed.as_map().into_iter().flatten() {
                    let script = settings.get("health.lua").and_then(Value::as_str).unwrap_or_default();
                    let open_libs =
                        settings.get("health.lua.useOpenLibs").and_then(Value::as_bool) == Some(true);
                    out.insert(key.clone(), Customization { script: script.to_owned(), open_libs });
                }
            }
            Err(error) => {
                let message = format!("`{CUSTOMIZATIONS}` cannot be read: {}", error.message());
                diagnostics.push(Diagnostic::error("health/bad-setting", message));
            }
        }
    }
    for (key, value) in data.as_map().into_iter().flatten() {
        let Some(text) = value.as_str() else { continue };
        if let Some(target) = key.strip_prefix(HEALTH) {
            if let Some(target) = target_of(key, target, diagnostics) {
                out.entry(target).or_default().script = text.to_owned();
            }
        } else if let Some(target) = key.strip_prefix(OPEN_LIBS)
            && let Some(target) = target_of(key, target, diagnostics)
        {
            out.entry(target).or_default().open_libs = text.trim() == "true";
        }
    }
    out
}

/// Turns `group_Kind` into `group/Kind`; `all` is every kind.
fn target_of(key: &str, target: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<EcoString> {
    match (target, target.split('_').collect::<Vec<_>>().as_slice()) {
        ("all", _) => Some("*/*".into()),
        (_, [kind]) => Some((*kind).into()),
        (_, [group, kind]) => Some(format!("{group}/{kind}").into()),
        _ => {
            let message = format!("`{key}`: `{target}` has more than a group and a kind");
            diagnostics.push(Diagnostic::error("health/bad-setting", message));
            None
        }
    }
}

#[cfg(feature = "lua")]
type Compiled = crate::lua::Script;
#[cfg(not(feature = "lua"))]
type Compiled = std::convert::Infallible;

#[cfg(feature = "lua")]
fn compile(customization: &Customization, now: Option<i64>) -> Result<Compiled, HealthError> {
    use crate::lua::{Libraries, Script};
    let libraries = if customization.open_libs { Libraries::Open } else { Libraries::Few };
    let script = Script::new(&customization.script, libraries)?;
    Ok(now.map_or_else(|| script.clone(), |now| script.clone().at(now)))
}

#[cfg(feature = "lua")]
fn run(script: &Compiled, object: &Value) -> Result<Health, HealthError> {
    script.run(object)
}

#[cfg(not(feature = "lua"))]
fn compile(customization: &Customization, _: Option<i64>) -> Result<Compiled, HealthError> {
    let libraries = if customization.open_libs { "all libraries" } else { "few libraries" };
    Err(HealthError::Custom(format!("unsupported: a Lua script with {libraries} needs the feature `lua`")))
}

#[cfg(not(feature = "lua"))]
fn run(script: &Compiled, _: &Value) -> Result<Health, HealthError> {
    match *script {}
}
