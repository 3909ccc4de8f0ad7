//! The keys of a controller.

use super::split;
use crate::SecretsError;
use crate::hidden::Hidden;
use aes_gcm::aead::{AeadInPlace, KeyInit};
use aes_gcm::{Aes256Gcm, Key, Nonce, Tag};
use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use rsa::pkcs1::{DecodeRsaPrivateKey, DecodeRsaPublicKey};
use rsa::pkcs8::{DecodePrivateKey, DecodePublicKey};
use rsa::rand_core::{CryptoRng, Error, RngCore};
use rsa::traits::PublicKeyParts;
use rsa::{BigUint, Oaep, RsaPrivateKey, RsaPublicKey};
use sha2::{Digest, Sha256};
use std::fmt;
use x509_cert::der::{DecodePem, Encode};
use zeroize::Zeroizing;

/// The key that values are sealed with. It is no secret.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey(RsaPublicKey);

impl PublicKey {
    /// Reads a certificate, or a public key, in PEM.
    ///
    /// # Errors
    /// What is neither, or not of RSA.
    pub fn from_pem(pem: &str) -> Result<Self, SecretsError> {
        let wrong = SecretsError::Key("neither a certificate nor a public key of RSA, in PEM");
        if pem.contains("BEGIN CERTIFICATE") {
            let start = pem.find("-----BEGIN CERTIFICATE").and_then(|start| pem.get(start..)).ok_or(wrong)?;
            let end =
                start.find("-----END CERTIFICATE-----").map(|end| end + "-----END CERTIFICATE-----".len());
            let first = end.and_then(|end| start.get(..end)).ok_or(wrong)?;
            let certificate = x509_cert::Certificate::from_pem(first).map_err(|_| wrong)?;
            let key = certificate.tbs_certificate.subject_public_key_info.to_der().map_err(|_| wrong)?;
            return RsaPublicKey::from_public_key_der(&key).map(Self).map_err(|_| wrong);
        }
        RsaPublicKey::from_public_key_pem(pem)
            .or_else(|_| RsaPublicKey::from_pkcs1_pem(pem).map_err(rsa::pkcs8::spki::Error::from))
            .map(Self)
            .map_err(|_| wrong)
    }

    /// Returns the fingerprint, as SSH writes it: `SHA256:` and the hash of the key.
    pub fn fingerprint(&self) -> String {
        let mut wire = Vec::new();
        let mut field = |bytes: &[u8]| {
            wire.extend(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
            wire.extend(bytes);
        };
        field(b"ssh-rsa");
        field(&signed(self.0.e()));
        field(&signed(self.0.n()));
        format!("SHA256:{}", BASE64_STANDARD_NO_PAD.encode(Sha256::digest(&wire)))
    }

    /// Seals a value under a label, which is [`super::Scope::label`].
    ///
    /// The session key and the seed must be random, and fresh for each value.
    ///
    /// # Errors
    /// A key that is too small.
    pub fn seal(
        &self,
        plaintext: &[u8],
        label: &str,
        session_key: &[u8; 32],
        seed: &[u8; 32],
    ) -> Result<Vec<u8>, SecretsError> {
        let wrong = SecretsError::Key("too small a key");
        let padding = Oaep::new_with_label::<Sha256, _>(label);
        let wrapped = self.0.encrypt(&mut Given(seed), padding, session_key).map_err(|_| wrong)?;
        let length = u16::try_from(wrapped.len()).map_err(|_| SecretsError::Key("too large a key"))?;
        let mut ciphertext = plaintext.to_vec();
        let tag = Aes256Gcm::new(Key::<Aes256Gcm>::from_slice(session_key))
            .encrypt_in_place_detached(&Nonce::default(), b"", &mut ciphertext)
            .map_err(|_| SecretsError::Authentication)?;
        Ok([length.to_be_bytes().as_slice(), &wrapped, &ciphertext, &tag].concat())
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.fingerprint())
    }
}

/// Returns the bytes of a number with a leading zero where it would be taken for a negative one.
fn signed(number: &BigUint) -> Vec<u8> {
    let mut bytes = number.to_bytes_be();
    if bytes.first().is_some_and(|first| *first >= 0x80) {
        bytes.insert(0, 0);
    }
    bytes
}

/// The key that values are unsealed with. It is wiped when dropped, and `Debug` does not show it.
///
/// Unsealing takes a time that depends on the key, so a service that others can ask again and again should not be built on it.
#[derive(Clone)]
pub struct PrivateKey(RsaPrivateKey);

impl PrivateKey {
    /// Reads a private key in PEM.
    ///
    /// # Errors
    /// What is no private key of RSA.
    pub fn from_pem(pem: &str) -> Result<Self, SecretsError> {
        RsaPrivateKey::from_pkcs8_pem(pem)
            .or_else(|_| RsaPrivateKey::from_pkcs1_pem(pem).map_err(rsa::pkcs8::Error::from))
            .map(Self)
            .map_err(|_| SecretsError::Key("not a private key of RSA, in PEM"))
    }

    /// Returns the key that seals for this one.
    pub fn public_key(&self) -> PublicKey {
        PublicKey(self.0.to_public_key())
    }

    /// Opens a sealed value.
    ///
    /// # Errors
    /// [`SecretsError::Unseal`], whatever is the matter.
    pub fn unseal(&self, sealed: &[u8], label: &str) -> Result<Hidden, SecretsError> {
        let (wrapped, ciphertext) = split(sealed).ok_or(SecretsError::Unseal)?;
        let padding = Oaep::new_with_label::<Sha256, _>(label);
        let session_key = Zeroizing::new(self.0.decrypt(padding, wrapped).map_err(|_| SecretsError::Unseal)?);
        if session_key.len() != 32 {
            return Err(SecretsError::Unseal);
        }
        let at = ciphertext.len().checked_sub(super::TAG).ok_or(SecretsError::Unseal)?;
        let (text, tag) = ciphertext.split_at_checked(at).ok_or(SecretsError::Unseal)?;
        let mut plain = Zeroizing::new(text.to_vec());
        Aes256Gcm::new(Key::<Aes256Gcm>::from_slice(&session_key))
            .decrypt_in_place_detached(&Nonce::default(), b"", &mut plain, Tag::from_slice(tag))
            .map_err(|_| SecretsError::Unseal)?;
        Ok(Hidden::new(std::mem::take(&mut *plain)))
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({})", self.public_key().fingerprint())
    }
}

/// The randomness that the caller gave, as the source that the library asks once.
struct Given<'a>(&'a [u8; 32]);

impl RngCore for Given<'_> {
    fn next_u32(&mut self) -> u32 {
        rsa::rand_core::impls::next_u32_via_fill(self)
    }

    fn next_u64(&mut self) -> u64 {
        rsa::rand_core::impls::next_u64_via_fill(self)
    }

    fn fill_bytes(&mut self, dest: &mut [u8]) {
        for (place, byte) in dest.iter_mut().zip(self.0) {
            *place = *byte;
        }
    }

    fn try_fill_bytes(&mut self, dest: &mut [u8]) -> Result<(), Error> {
        self.fill_bytes(dest);
        Ok(())
    }
}

impl CryptoRng for Given<'_> {}
