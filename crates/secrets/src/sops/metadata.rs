//! What a file says of its encryption, under `sops`.

use super::rule::Rule;
use crate::SecretsError;
use trueup_manifest::{EcoString, Value};

/// The metadata of a document.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Metadata {
    /// Whom age encrypted the data key for.
    pub age: Vec<AgeEntry>,
    /// The other kinds of keys that hold the data key, such as `pgp` and `kms`: they are recognised and not used.
    pub other_keys: Vec<EcoString>,
    /// Whether the data key is split among several groups.
    pub is_split: bool,
    /// When it was encrypted, as it is written.
    pub last_modified: Option<EcoString>,
    /// The encrypted sum over the values.
    pub mac: Option<EcoString>,
    /// The version of SOPS that wrote it.
    pub version: Option<EcoString>,
    /// Which values are encrypted.
    pub rule: Rule,
    /// Whether the sum is over the encrypted values only.
    pub mac_only_encrypted: bool,
}

/// A data key that age has encrypted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AgeEntry {
    /// For whom: `age1…`.
    pub recipient: EcoString,
    /// The data key, as an armored file of age.
    pub enc: EcoString,
}

/// The kinds of keys besides age.
const OTHER_KEYS: [&str; 6] = ["kms", "gcp_kms", "azure_kv", "hc_vault", "hckms", "pgp"];

impl Metadata {
    /// Returns the metadata of a document; nothing for one that SOPS has not encrypted.
    ///
    /// # Errors
    /// Metadata that is no map, and a rule that is none.
    ///
    /// ```
    /// use trueup_manifest::yaml::{self, ParseOptions};
    /// use trueup_secrets::sops::Metadata;
    ///
    /// let text = b"a: ENC[]\nsops:\n  encrypted_regex: ^data$\n  mac_only_encrypted: true\n";
    /// let metadata = Metadata::of(&yaml::parse(text, &ParseOptions::kyaml()).unwrap())?.unwrap();
    /// assert!(metadata.mac_only_encrypted && metadata.rule.covers(&["data", "x"]));
    /// # Ok::<(), trueup_secrets::SecretsError>(())
    /// ```
    pub fn of(document: &Value) -> Result<Option<Self>, SecretsError> {
        let Some(sops) = document.get("sops").filter(|sops| !sops.is_null()) else { return Ok(None) };
        if !sops.is_map() {
            return Err(SecretsError::Format("`sops` is not a map"));
        }
        let rule = Rule::of(sops)?.unwrap_or_default();
        Ok(Some(Self { rule, ..Self::read_leniently(sops) }))
    }

    /// Reads what is there; a rule that is none is the default.
    pub(crate) fn read_leniently(sops: &Value) -> Self {
        let text = |key: &str| sops.get(key).and_then(Value::scalar_text).filter(|text| !text.is_empty());
        let list = |value: &Value| value.as_seq().is_some_and(|items| !items.is_empty());
        let entry = |entry: &Value| {
            let text = |key: &str| entry.get(key).and_then(Value::as_eco_str).cloned().unwrap_or_default();
            AgeEntry { recipient: text("recipient"), enc: text("enc") }
        };
        let groups = sops.get("key_groups").filter(|groups| list(groups));
        let age = sops.get("age").and_then(Value::as_seq).unwrap_or_default();
        Self {
            age: age.iter().filter(|entry| entry.is_map()).map(entry).collect(),
            other_keys: OTHER_KEYS
                .into_iter()
                .filter(|key| sops.get(key).is_some_and(list))
                .map(Into::into)
                .collect(),
            is_split: groups.is_some(),
            last_modified: text("lastmodified"),
            mac: text("mac"),
            version: text("version"),
            rule: Rule::of(sops).ok().flatten().unwrap_or_default(),
            mac_only_encrypted: sops.get("mac_only_encrypted").and_then(Value::as_bool).unwrap_or_default(),
        }
    }

    /// Returns true if nobody could decrypt the document.
    pub fn has_no_recipients(&self) -> bool {
        self.age.is_empty() && self.other_keys.is_empty() && !self.is_split
    }
}
