//! Recipients and identities of X25519.

use crate::SecretsError;
use bech32::primitives::decode::CheckedHrpstring;
use bech32::{Bech32, Hrp};
use std::fmt;
use trueup_manifest::EcoString;
use x25519_dalek::{X25519_BASEPOINT_BYTES, x25519};
use zeroize::Zeroizing;

const RECIPIENT: &str = "age";
const IDENTITY: &str = "AGE-SECRET-KEY-";

/// Whom a file is encrypted for: `age1…`. It is no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Recipient(pub(super) [u8; 32]);

impl Recipient {
    /// Reads `age1…`.
    ///
    /// # Errors
    /// What is no recipient of X25519.
    pub fn parse(text: &str) -> Result<Self, SecretsError> {
        let wrong = SecretsError::Key("not an X25519 recipient of age");
        if text.contains(|c: char| c.is_ascii_uppercase()) {
            return Err(wrong);
        }
        decoded(text, RECIPIENT).map(|bytes| Self(*bytes)).ok_or(wrong)
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let written = Hrp::parse(RECIPIENT).ok().and_then(|hrp| bech32::encode::<Bech32>(hrp, &self.0).ok());
        f.write_str(&written.unwrap_or_default())
    }
}

/// Who can decrypt: `AGE-SECRET-KEY-1…`. It is wiped when dropped, and `Debug` does not show it.
#[derive(Clone)]
pub struct Identity {
    key: Zeroizing<[u8; 32]>,
    recipient: Recipient,
}

impl Identity {
    /// Reads `AGE-SECRET-KEY-1…`.
    ///
    /// # Errors
    /// What is no identity of X25519.
    pub fn parse(text: &str) -> Result<Self, SecretsError> {
        let wrong = SecretsError::Key("not an X25519 identity of age");
        if text.contains(|c: char| c.is_ascii_lowercase()) {
            return Err(wrong);
        }
        decoded(text, IDENTITY).map(|bytes| Self::from_bytes(*bytes)).ok_or(wrong)
    }

    /// Reads the identities of a key file: one a line, with blank lines and comments between.
    ///
    /// # Errors
    /// A line that is neither, and a file without identities.
    pub fn parse_file(text: &str) -> Result<Vec<Self>, SecretsError> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let identities: Vec<Self> = lines.map(Self::parse).collect::<Result<_, _>>()?;
        if identities.is_empty() {
            Err(SecretsError::Key("a key file without identities"))
        } else {
            Ok(identities)
        }
    }

    /// Takes the bytes of a key, which must be random.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        let recipient = Recipient(x25519(bytes, X25519_BASEPOINT_BYTES));
        Self { key: Zeroizing::new(bytes), recipient }
    }

    /// Returns whom to encrypt for, so that this identity can decrypt.
    pub fn recipient(&self) -> Recipient {
        self.recipient
    }

    /// Returns what this and the holder of another key share; nothing if that is no key.
    pub(super) fn shared(&self, other: [u8; 32]) -> Option<Zeroizing<[u8; 32]>> {
        shared(&self.key, other)
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identity({})", self.recipient)
    }
}

/// Returns what two keys share; nothing if the public one is of low order, where it is the same for everybody.
pub(super) fn shared(key: &[u8; 32], other: [u8; 32]) -> Option<Zeroizing<[u8; 32]>> {
    let shared = Zeroizing::new(x25519(*key, other));
    (shared.iter().fold(0, |any, byte| any | byte) != 0).then_some(shared)
}

/// Reads bech32 of 32 bytes with this prefix.
fn decoded(text: &str, prefix: &str) -> Option<Zeroizing<[u8; 32]>> {
    let parsed = CheckedHrpstring::new::<Bech32>(text).ok()?;
    if !EcoString::from(parsed.hrp().to_string()).eq_ignore_ascii_case(prefix) {
        return None;
    }
    let mut bytes = Zeroizing::new([0; 32]);
    let mut read = parsed.byte_iter();
    for byte in bytes.iter_mut() {
        *byte = read.next()?;
    }
    read.next().is_none().then_some(bytes)
}
