//! A SealedSecret as a whole.

use super::{PrivateKey, Scope};
use crate::SecretsError;
use crate::hidden::Hidden;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use trueup_manifest::{EcoString, Object, Value};

/// The values of a SealedSecret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unsealed {
    /// The name of the Secret, which is that of the SealedSecret, whatever its template says.
    pub name: EcoString,
    /// Its namespace, likewise.
    pub namespace: EcoString,
    /// Its type.
    pub secret_type: EcoString,
    /// The values, in the order of the document.
    pub values: Vec<(EcoString, Hidden)>,
}

/// Opens all values of a SealedSecret with the first of the keys that does. What its template makes of them is not done here.
///
/// # Errors
/// [`SecretsError::Format`] for another object; [`SecretsError::Unsupported`] for one that seals all values as one;
/// [`SecretsError::Unseal`] for a value that no key opens under the object's own name, namespace and scope.
pub fn unseal_object(sealed: &Value, keys: &[PrivateKey]) -> Result<Unsealed, SecretsError> {
    let object = Object::new(sealed);
    if object.group() != "bitnami.com" || object.kind() != "SealedSecret" {
        return Err(SecretsError::Format("not a SealedSecret"));
    }
    if sealed.at(&["spec", "data"]).is_some_and(|data| !data.is_null()) {
        return Err(SecretsError::Unsupported("`spec.data`, which seals all values as one"));
    }
    let label = Scope::of(object).label(object.namespace(), object.name());
    let data = sealed.at(&["spec", "encryptedData"]).and_then(Value::as_map);
    let mut values = Vec::new();
    for (key, value) in data.into_iter().flat_map(|map| map.iter()) {
        let bytes = value.as_str().and_then(|text| BASE64_STANDARD.decode(text).ok());
        let bytes = bytes.ok_or(SecretsError::Format("a sealed value is not base64"))?;
        let opened = keys.iter().find_map(|private| private.unseal(&bytes, &label).ok());
        values.push((key.clone(), opened.ok_or(SecretsError::Unseal)?));
    }
    let secret_type = sealed.at(&["spec", "template", "type"]).and_then(Value::as_str).unwrap_or("Opaque");
    Ok(Unsealed {
        name: object.name().into(),
        namespace: object.namespace().into(),
        secret_type: secret_type.into(),
        values,
    })
}
