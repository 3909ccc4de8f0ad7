//! `.sops.yaml`: for whom, and which values of, a new file is encrypted.

use super::rule::{Rule, compiled};
use crate::SecretsError;
use trueup_manifest::yaml::{self, ParseOptions};
use trueup_manifest::{EcoString, Value};
use trueup_template::Regex;

/// The creation rules of a `.sops.yaml`, of which the first that matches a file counts.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct CreationRules {
    /// The rules.
    pub rules: Vec<CreationRule>,
}

/// One creation rule.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CreationRule {
    /// Which paths it is about, relative to the `.sops.yaml`; all without it.
    pub path: Option<Regex>,
    /// The recipients of age.
    pub age: Vec<EcoString>,
    /// The other kinds of keys that it asks for.
    pub other_keys: Vec<EcoString>,
    /// Which values are encrypted.
    pub rule: Rule,
    /// Whether the sum is over the encrypted values only.
    pub mac_only_encrypted: bool,
}

/// The kinds of keys besides age, as creation rules call them.
const OTHER_KEYS: [&str; 7] =
    ["kms", "aws_profile", "gcp_kms", "azure_keyvault", "hc_vault_transit_uri", "hckms", "pgp"];

impl CreationRules {
    /// Reads a `.sops.yaml`.
    ///
    /// ```
    /// use trueup_secrets::sops::CreationRules;
    ///
    /// let rules = CreationRules::read("creation_rules:\n- path_regex: ^prod/\n  age: age1a, age1b\n- encrypted_regex: ^data$\n")?;
    /// assert_eq!(rules.find("prod/db.yaml").unwrap().age, ["age1a", "age1b"]);
    /// assert!(!rules.find("dev/db.yaml").unwrap().rule.covers(&["spec"]));
    /// # Ok::<(), trueup_secrets::SecretsError>(())
    /// ```
    ///
    /// # Errors
    /// A text that is no YAML, expressions that are none, and rules of which more than one tells which values are encrypted.
    pub fn read(text: &str) -> Result<Self, SecretsError> {
        let document = yaml::parse(text.as_bytes(), &ParseOptions::kubernetes_strict())
            .map_err(|_| SecretsError::Format("the file is no YAML"))?;
        let rules = document.get("creation_rules").and_then(Value::as_seq).unwrap_or_default();
        let rules: Result<Vec<CreationRule>, SecretsError> = rules.iter().map(CreationRule::read).collect();
        Ok(Self { rules: rules? })
    }

    /// Returns the rule for a new file at a path relative to the `.sops.yaml`; nothing if there is none, which SOPS refuses.
    pub fn find(&self, path: &str) -> Option<&CreationRule> {
        self.rules.iter().find(|rule| rule.path.as_ref().is_none_or(|regex| regex.is_match(path.as_bytes())))
    }
}

impl CreationRule {
    fn read(rule: &Value) -> Result<Self, SecretsError> {
        let path = rule.get("path_regex").and_then(Value::as_str).filter(|regex| !regex.is_empty());
        let groups = rule.get("key_groups").and_then(Value::as_seq).unwrap_or_default();
        let mut age = recipients(rule.get("age"));
        age.extend(groups.iter().flat_map(|group| recipients(group.get("age"))));
        let is_given = |map: &Value, key: &str| map.get(key).is_some_and(|value| !value.is_null());
        let others = OTHER_KEYS
            .into_iter()
            .filter(|key| is_given(rule, key) || groups.iter().any(|group| is_given(group, key)));
        Ok(Self {
            path: path.map(compiled).transpose()?,
            age,
            other_keys: others.map(Into::into).collect(),
            rule: Rule::of(rule)?.unwrap_or_default(),
            mac_only_encrypted: rule.get("mac_only_encrypted").and_then(Value::as_bool).unwrap_or_default(),
        })
    }
}

/// Reads recipients: a list, or a text with commas.
fn recipients(value: Option<&Value>) -> Vec<EcoString> {
    let Some(value) = value else { return Vec::new() };
    let texts: Vec<&str> = match value.as_str() {
        Some(text) => text.split(',').collect(),
        None => value.as_seq().unwrap_or_default().iter().filter_map(Value::as_str).collect(),
    };
    texts.into_iter().map(str::trim).filter(|text| !text.is_empty()).map(Into::into).collect()
}
