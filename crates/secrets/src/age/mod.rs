//! age: files that only the holder of an identity can read.
//!
//! [`decrypt`] reads a file, armored or not, [`encrypt`] writes one. Of the kinds of recipients, X25519 is offered; passphrases, SSH keys,
//! hybrid keys and plugins are recognised and told as not supported.

mod armor;
mod header;
mod keys;
mod stream;

pub use keys::{Identity, Recipient};

use crate::SecretsError;
use crate::hidden::Hidden;
use header::Header;

/// Decrypts a file with whichever identity it is encrypted for.
///
/// # Errors
/// [`SecretsError::NoMatchingIdentity`]; [`SecretsError::Format`] for what is no file of age; [`SecretsError::Authentication`] for one
/// that was changed; [`SecretsError::Unsupported`] for one that only other kinds of recipients can read.
///
/// ```
/// use trueup_secrets::age::{Identity, Randomness, decrypt, encrypt};
///
/// let identity = Identity::from_bytes([7; 32]);
/// let randomness = Randomness { file_key: [1; 16], ephemeral: vec![[2; 32]], nonce: [3; 16] };
/// let file = encrypt(b"hunter2", &[identity.recipient()], &randomness)?;
/// assert_eq!(decrypt(&file, &[identity])?.expose(), b"hunter2");
/// # Ok::<(), trueup_secrets::SecretsError>(())
/// ```
pub fn decrypt(file: &[u8], identities: &[Identity]) -> Result<Hidden, SecretsError> {
    let unarmored = armor::read(file)?;
    let (header, body) = Header::read(&unarmored)?;
    let key = header.file_key(identities)?;
    header.check(&key)?;
    stream::decrypt(body, &key)
}

/// What an encryption needs of a good source of randomness, fresh for each file. No value may be used twice.
#[derive(Clone)]
pub struct Randomness {
    /// The key of the file.
    pub file_key: [u8; 16],
    /// An ephemeral key for each recipient.
    pub ephemeral: Vec<[u8; 32]>,
    /// The nonce of the body.
    pub nonce: [u8; 16],
}

impl std::fmt::Debug for Randomness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Randomness")
    }
}

/// Encrypts for recipients, not armored.
///
/// # Errors
/// [`SecretsError::Key`] without recipients, with a recipient that no key belongs to, and with less randomness than recipients.
pub fn encrypt(
    plaintext: &[u8],
    recipients: &[Recipient],
    randomness: &Randomness,
) -> Result<Vec<u8>, SecretsError> {
    if recipients.is_empty() || recipients.len() > randomness.ephemeral.len() {
        return Err(SecretsError::Key("each recipient needs an ephemeral key, and there must be one"));
    }
    let mut file = header::write(&randomness.file_key, recipients.iter().zip(&randomness.ephemeral))?;
    file.extend(stream::encrypt(plaintext, &randomness.file_key, &randomness.nonce)?);
    Ok(file)
}

/// Writes a file as text, as SOPS keeps it.
pub fn armored(file: &[u8]) -> String {
    armor::write(file)
}
