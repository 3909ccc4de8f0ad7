//! A whole file: its data key, its values, its sum.

use super::mac::{Mac, MacOver, decrypt_mac};
use super::metadata::Metadata;
use super::value::{DataKey, Plain, decrypt_value, path_data};
use crate::SecretsError;
use crate::age::{self, Identity};
use std::fmt;
use trueup_manifest::yaml::{self, ParseOptions};
use trueup_manifest::{Map, Value};

/// The documents of a file, decrypted and without their metadata.
///
/// `Debug` does not show them. What was decrypted is wiped; the values themselves are ordinary ones, whoever takes them looks after them.
#[derive(Clone, PartialEq)]
pub struct Decrypted(Vec<Value>);

impl Decrypted {
    /// Returns the documents, for whoever may see them.
    pub fn expose(&self) -> &[Value] {
        &self.0
    }
}

impl fmt::Debug for Decrypted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Decrypted({} documents)", self.0.len())
    }
}

/// Decrypts a file with whichever identity it is encrypted for, and checks its sum.
///
/// The metadata of the first document counts for all of them, and the sum is over all of them.
///
/// # Errors
/// [`SecretsError::NoMatchingIdentity`]; [`SecretsError::Authentication`] for a value that was moved, renamed or changed, and for a
/// `lastmodified` that was; [`SecretsError::MacMismatch`] for anything else that was changed; [`SecretsError::ExpectedEncrypted`];
/// [`SecretsError::Format`] for a text that is no YAML or has no metadata; [`SecretsError::Unsupported`] for a data key in several
/// parts, for keys of which none is age's, and for rules about comments.
pub fn decrypt(text: &str, identities: &[Identity]) -> Result<Decrypted, SecretsError> {
    let documents = yaml::parse_stream(text.as_bytes(), &ParseOptions::kyaml())
        .map_err(|_| SecretsError::Format("the file is no YAML"))?;
    let first = documents.first().ok_or(SecretsError::Format("the file is empty"))?;
    let metadata = Metadata::of(first)?.ok_or(SecretsError::Format("the file has no `sops` metadata"))?;
    if matches!(metadata.rule, super::Rule::Comments) {
        return Err(SecretsError::Unsupported("rules about comments"));
    }
    let key = data_key(&metadata, identities)?;
    let over = if metadata.mac_only_encrypted { MacOver::Encrypted } else { MacOver::All };
    let mut walk = Walk { key: &key, metadata: &metadata, mac: Mac::new(over) };
    let mut decrypted = Vec::with_capacity(documents.len());
    for document in &documents {
        let document = match document.as_map() {
            Some(map) => Value::from(without_metadata(map)),
            None => document.clone(),
        };
        decrypted.push(walk.value(&document, &mut Vec::new())?);
    }
    let mac = metadata.mac.as_deref().ok_or(SecretsError::Format("the metadata has no `mac`"))?;
    let time = metadata
        .last_modified
        .as_deref()
        .ok_or(SecretsError::Format("the metadata has no `lastmodified`"))?;
    let expected = decrypt_mac(mac, time, &key)?;
    if walk.mac.finish().as_bytes() != expected.text.expose() {
        return Err(SecretsError::MacMismatch);
    }
    Ok(Decrypted(decrypted))
}

fn without_metadata(map: &Map) -> Map {
    let mut map = map.clone();
    map.remove("sops");
    map
}

/// Finds the data key among those that age has encrypted.
fn data_key(metadata: &Metadata, identities: &[Identity]) -> Result<DataKey, SecretsError> {
    if metadata.is_split {
        return Err(SecretsError::Unsupported("a data key in several parts"));
    }
    if metadata.age.is_empty() && !metadata.other_keys.is_empty() {
        return Err(SecretsError::Unsupported("keys other than those of age"));
    }
    for entry in &metadata.age {
        match age::decrypt(entry.enc.as_bytes(), identities) {
            Ok(key) => return DataKey::read(key.expose()),
            Err(SecretsError::NoMatchingIdentity) => {}
            Err(error) => return Err(error),
        }
    }
    Err(SecretsError::NoMatchingIdentity)
}

struct Walk<'a> {
    key: &'a DataKey,
    metadata: &'a Metadata,
    mac: Mac,
}

impl Walk<'_> {
    fn value(&mut self, value: &Value, path: &mut Vec<String>) -> Result<Value, SecretsError> {
        if let Some(map) = value.as_map() {
            let mut decrypted = Map::with_capacity(map.len());
            for (key, below) in map.iter() {
                path.push(key.to_string());
                let below = self.value(below, path)?;
                path.pop();
                decrypted.insert(key.clone(), below);
            }
            return Ok(decrypted.into());
        }
        if let Some(items) = value.as_seq() {
            let items: Result<Vec<Value>, SecretsError> =
                items.iter().map(|item| self.value(item, path)).collect();
            return Ok(items?.into());
        }
        self.scalar(value, path)
    }

    fn scalar(&mut self, value: &Value, path: &[String]) -> Result<Value, SecretsError> {
        let keys: Vec<&str> = path.iter().map(String::as_str).collect();
        if !self.metadata.rule.covers(&keys) {
            if let Some(plain) = Plain::of(value)? {
                self.mac.add(&plain, false);
            }
            return Ok(value.clone());
        }
        match value.as_str() {
            None if value.is_null() => Ok(value.clone()),
            Some("") => Ok(value.clone()),
            Some(text) if super::is_encrypted_value(text) => {
                let plain = decrypt_value(text, self.key, &path_data(&keys))?;
                self.mac.add(&plain, true);
                plain.value()
            }
            _ => Err(SecretsError::ExpectedEncrypted),
        }
    }
}
