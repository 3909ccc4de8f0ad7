//! One value: `ENC[AES256_GCM,data:…,iv:…,tag:…,type:…]`.

use crate::SecretsError;
use crate::hidden::Hidden;
use aes_gcm::aead::consts::{U12, U16, U32};
use aes_gcm::aead::{AeadInPlace, KeyInit};
use aes_gcm::aes::Aes256;
use aes_gcm::{AesGcm, Key, Nonce, Tag};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use std::fmt;
use trueup_manifest::{Value, View, plain_decimal, shortest_digits, yaml};
use zeroize::Zeroizing;

/// The key that all values of a file are encrypted with.
#[derive(Clone)]
pub struct DataKey(Zeroizing<[u8; 32]>);

impl DataKey {
    /// Takes the 32 bytes of a key.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Reads a key of raw bytes.
    ///
    /// # Errors
    /// Another number of bytes than 32.
    pub fn read(bytes: &[u8]) -> Result<Self, SecretsError> {
        let bytes: [u8; 32] =
            bytes.try_into().map_err(|_| SecretsError::Format("a data key has 32 bytes"))?;
        Ok(Self::new(bytes))
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey")
    }
}

/// The type of an encrypted value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// Text.
    Str,
    /// An integer, in decimal.
    Int,
    /// A float, in decimal without an exponent.
    Float,
    /// `True` or `False`.
    Bool,
    /// A point in time, as RFC 3339 has it.
    Time,
    /// Bytes.
    Bytes,
    /// A comment, without its `#`.
    Comment,
}

impl Kind {
    /// Every kind.
    const ALL: [Self; 7] =
        [Self::Str, Self::Int, Self::Float, Self::Bool, Self::Time, Self::Bytes, Self::Comment];

    /// Returns the name, as it stands behind `type:`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Str => "str",
            Self::Int => "int",
            Self::Float => "float",
            Self::Bool => "bool",
            Self::Time => "time",
            Self::Bytes => "bytes",
            Self::Comment => "comment",
        }
    }
}

/// A value before it is encrypted: its type and the text that is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Plain {
    /// The type.
    pub kind: Kind,
    /// The text.
    pub text: Hidden,
}

impl Plain {
    /// Returns a text.
    pub fn text(text: &str) -> Self {
        Self { kind: Kind::Str, text: Hidden::new(text) }
    }

    /// Returns a scalar as SOPS writes it; nothing for null, which it leaves alone.
    ///
    /// # Errors
    /// A collection, and a number that has no text: infinities and NaN.
    pub fn of(value: &Value) -> Result<Option<Self>, SecretsError> {
        let plain = |kind, text: &str| Ok(Some(Self { kind, text: Hidden::new(text) }));
        if value
            .source()
            .is_some_and(|source| matches!(source.resolved, trueup_manifest::Resolved::Timestamp))
        {
            let time = yaml::through_kyaml(value).map_err(|_| SecretsError::Type("time"))?;
            return plain(Kind::Time, time.as_str().unwrap_or_default());
        }
        match value.view() {
            View::Null => Ok(None),
            View::Bool(true) => plain(Kind::Bool, "True"),
            View::Bool(false) => plain(Kind::Bool, "False"),
            View::String(text) => plain(Kind::Str, text),
            View::Number(trueup_manifest::Number::Int(number)) => plain(Kind::Int, &number.to_string()),
            View::Number(trueup_manifest::Number::UInt(number)) => plain(Kind::Int, &number.to_string()),
            View::Number(number) => plain(Kind::Float, &float_text(number.as_f64())?),
            View::Seq(_) | View::Map(_) => Err(SecretsError::Format("a collection is no value")),
        }
    }

    /// Returns the value that the text stands for.
    ///
    /// # Errors
    /// A text that is not of the type.
    pub fn value(&self) -> Result<Value, SecretsError> {
        let wrong = || SecretsError::Type(self.kind.name());
        let text = std::str::from_utf8(self.text.expose()).map_err(|_| wrong())?;
        match self.kind {
            Kind::Int => text.parse::<i64>().map(Value::from).map_err(|_| wrong()),
            Kind::Float => text.parse::<f64>().map(Value::from).map_err(|_| wrong()),
            Kind::Bool => match text {
                "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(Value::from(true)),
                "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(Value::from(false)),
                _ => Err(wrong()),
            },
            Kind::Str | Kind::Time | Kind::Bytes | Kind::Comment => Ok(Value::from(text)),
        }
    }
}

/// Writes a float as `strconv.FormatFloat(f, 'f', -1, 64)` does.
fn float_text(float: f64) -> Result<String, SecretsError> {
    if !float.is_finite() {
        return Err(SecretsError::Type("float"));
    }
    let (digits, exponent) = shortest_digits(float);
    let sign = if float.is_sign_negative() { "-" } else { "" };
    Ok(format!("{sign}{}", plain_decimal(&digits, exponent)))
}

/// Returns the additional data of a value: its keys, with a colon behind each. Moving or renaming a value breaks it.
///
/// ```
/// assert_eq!(trueup_secrets::sops::path_data(&["data", "password"]), "data:password:");
/// ```
pub fn path_data(path: &[&str]) -> String {
    path.iter().flat_map(|key| [*key, ":"]).collect()
}

/// Encrypts a value. The additional data is [`path_data`] of its keys; the 32 bytes must be random, and fresh for each value.
///
/// The empty text stays empty, as SOPS has it.
///
/// # Errors
/// None but what the cipher says of texts beyond 64 GiB.
pub fn encrypt_value(
    plain: &Plain,
    key: &DataKey,
    data: &str,
    iv: &[u8; 32],
) -> Result<String, SecretsError> {
    if plain.kind == Kind::Str && plain.text.expose().is_empty() {
        return Ok(String::new());
    }
    let mut buffer = plain.text.expose().to_vec();
    let tag = AesGcm::<Aes256, U32>::new(Key::<Aes256>::from_slice(key.0.as_slice()))
        .encrypt_in_place_detached(Nonce::<U32>::from_slice(iv), data.as_bytes(), &mut buffer)
        .map_err(|_| SecretsError::Authentication)?;
    Ok(format!(
        "ENC[AES256_GCM,data:{},iv:{},tag:{},type:{}]",
        BASE64_STANDARD.encode(&buffer),
        BASE64_STANDARD.encode(iv),
        BASE64_STANDARD.encode(tag),
        plain.kind.name()
    ))
}

/// Decrypts a value.
///
/// # Errors
/// [`SecretsError::Format`] for a text that is not an encrypted value, [`SecretsError::Authentication`] for one that was moved,
/// renamed or changed, or encrypted with another key.
pub fn decrypt_value(text: &str, key: &DataKey, data: &str) -> Result<Plain, SecretsError> {
    if text.is_empty() {
        return Ok(Plain::text(""));
    }
    let parts = Parts::read(text).ok_or(SecretsError::Format("not an encrypted value"))?;
    let mut buffer = Zeroizing::new(parts.data);
    let tag = Tag::<U16>::from_slice(&parts.tag);
    let cipher_key = Key::<Aes256>::from_slice(key.0.as_slice());
    let done = match parts.iv.len() {
        32 => AesGcm::<Aes256, U32>::new(cipher_key).decrypt_in_place_detached(
            Nonce::<U32>::from_slice(&parts.iv),
            data.as_bytes(),
            &mut buffer,
            tag,
        ),
        16 => AesGcm::<Aes256, U16>::new(cipher_key).decrypt_in_place_detached(
            Nonce::<U16>::from_slice(&parts.iv),
            data.as_bytes(),
            &mut buffer,
            tag,
        ),
        12 => AesGcm::<Aes256, U12>::new(cipher_key).decrypt_in_place_detached(
            Nonce::<U12>::from_slice(&parts.iv),
            data.as_bytes(),
            &mut buffer,
            tag,
        ),
        _ => {
            return Err(SecretsError::Unsupported(
                "an initialization vector of other than 12, 16 or 32 bytes",
            ));
        }
    };
    done.map_err(|_| SecretsError::Authentication)?;
    Ok(Plain { kind: parts.kind, text: Hidden::new(std::mem::take(&mut *buffer)) })
}

/// Returns true for a text that is one encrypted value as a whole.
pub fn is_encrypted_value(text: &str) -> bool {
    Parts::read(text).is_some()
}

struct Parts {
    data: Vec<u8>,
    iv: Vec<u8>,
    tag: Vec<u8>,
    kind: Kind,
}

impl Parts {
    fn read(text: &str) -> Option<Self> {
        let inner = text.strip_prefix("ENC[AES256_GCM,data:")?.strip_suffix(']')?;
        let (data, rest) = inner.split_once(",iv:")?;
        let (iv, rest) = rest.split_once(",tag:")?;
        let (tag, kind) = rest.split_once(",type:")?;
        let decoded = |text: &str| BASE64_STANDARD.decode(text).ok();
        let (iv, tag) = (decoded(iv)?, decoded(tag)?);
        let kind = Kind::ALL.into_iter().find(|known| known.name() == kind)?;
        (!iv.is_empty() && tag.len() == 16).then_some(Self { data: decoded(data)?, iv, tag, kind })
    }
}
