//! The header of a file: for whom it is, and its seal.

use super::keys::{Identity, Recipient, shared};
use crate::SecretsError;
use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use chacha20poly1305::aead::{AeadInPlace, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce, Tag};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use x25519_dalek::{X25519_BASEPOINT_BYTES, x25519};
use zeroize::Zeroizing;

const VERSION: &str = "age-encryption.org/v1";
const X25519: &str = "X25519";
const COLUMNS: usize = 64;

/// The key of a file.
pub(super) type FileKey = Zeroizing<[u8; 16]>;

/// A header as it is written.
#[derive(Debug)]
pub(super) struct Header<'a> {
    stanzas: Vec<Stanza<'a>>,
    /// What the seal is over: everything up to and including `---`.
    sealed: &'a [u8],
    seal: Vec<u8>,
}

/// For one recipient.
#[derive(Debug)]
struct Stanza<'a> {
    arguments: Vec<&'a str>,
    body: Vec<u8>,
}

const WRONG: SecretsError = SecretsError::Format("the header is damaged, or it is no file of age");

impl<'a> Header<'a> {
    /// Reads a header; the rest of the file is its body.
    pub(super) fn read(file: &'a [u8]) -> Result<(Self, &'a [u8]), SecretsError> {
        let mut lines = Lines { file, at: 0 };
        if lines.next()? != VERSION {
            return Err(WRONG);
        }
        let mut stanzas = Vec::new();
        loop {
            let start = lines.at;
            let line = lines.next()?;
            if let Some(seal) = line.strip_prefix("--- ") {
                let sealed = file.get(..start + "---".len()).ok_or(WRONG)?;
                let seal = BASE64_STANDARD_NO_PAD.decode(seal).map_err(|_| WRONG)?;
                if stanzas.is_empty() || seal.len() != 32 {
                    return Err(WRONG);
                }
                let body = file.get(lines.at..).ok_or(WRONG)?;
                return Ok((Self { stanzas, sealed, seal }, body));
            }
            stanzas.push(Stanza::read(line, &mut lines)?);
        }
    }

    /// Returns the key of the file, if an identity opens a stanza.
    pub(super) fn file_key(&self, identities: &[Identity]) -> Result<FileKey, SecretsError> {
        let is = |stanza: &Stanza<'_>, kind: &str| stanza.arguments.first() == Some(&kind);
        if self.stanzas.len() > 1 && self.stanzas.iter().any(|stanza| is(stanza, "scrypt")) {
            return Err(WRONG);
        }
        let opened: Vec<_> = self
            .stanzas
            .iter()
            .filter(|stanza| is(stanza, X25519))
            .map(Stanza::x25519)
            .collect::<Result<_, _>>()?;
        for (ephemeral, body) in &opened {
            for identity in identities {
                let recipient = identity.recipient();
                let secret = identity.shared(*ephemeral).ok_or(WRONG)?;
                let wrap_key = wrap_key(&secret, ephemeral, &recipient)?;
                if let Some(key) = unwrapped(&wrap_key, body) {
                    return Ok(key);
                }
            }
        }
        let known =
            ["scrypt", "ssh-rsa", "ssh-ed25519", "piv-p256", "mlkem768x25519", "p256tag", "mlkem768p256tag"];
        if opened.is_empty() && self.stanzas.iter().any(|stanza| known.iter().any(|kind| is(stanza, kind))) {
            return Err(SecretsError::Unsupported(
                "recipients other than X25519: passphrases, SSH keys, hybrid keys and plugins",
            ));
        }
        Err(SecretsError::NoMatchingIdentity)
    }

    /// Checks the seal, which only a holder of the key can have made.
    pub(super) fn check(&self, key: &FileKey) -> Result<(), SecretsError> {
        seal_of(self.sealed, key.as_slice())?
            .verify_slice(&self.seal)
            .map_err(|_| SecretsError::Authentication)
    }
}

impl<'a> Stanza<'a> {
    fn read(line: &'a str, lines: &mut Lines<'a>) -> Result<Self, SecretsError> {
        let arguments: Vec<&str> = line.strip_prefix("-> ").ok_or(WRONG)?.split(' ').collect();
        let is_well =
            |argument: &&str| !argument.is_empty() && argument.bytes().all(|byte| (33..=126).contains(&byte));
        if !arguments.iter().all(is_well) {
            return Err(WRONG);
        }
        let mut body = Vec::new();
        loop {
            let line = lines.next()?;
            let bytes = BASE64_STANDARD_NO_PAD.decode(line).map_err(|_| WRONG)?;
            body.extend(bytes);
            match line.len() {
                COLUMNS => {}
                length if length < COLUMNS => return Ok(Self { arguments, body }),
                _ => return Err(WRONG),
            }
        }
    }

    /// Returns the ephemeral key and the wrapped key of the file.
    fn x25519(&self) -> Result<([u8; 32], [u8; 32]), SecretsError> {
        let [_, ephemeral] = self.arguments.as_slice() else { return Err(WRONG) };
        let ephemeral = BASE64_STANDARD_NO_PAD.decode(ephemeral).map_err(|_| WRONG)?;
        let ephemeral: [u8; 32] = ephemeral.try_into().map_err(|_| WRONG)?;
        let body: [u8; 32] = self.body.as_slice().try_into().map_err(|_| WRONG)?;
        Ok((ephemeral, body))
    }
}

/// The lines of a header, each ended by a line feed.
struct Lines<'a> {
    file: &'a [u8],
    at: usize,
}

impl<'a> Lines<'a> {
    fn next(&mut self) -> Result<&'a str, SecretsError> {
        let rest = self.file.get(self.at..).ok_or(WRONG)?;
        let end = rest.iter().position(|byte| *byte == b'\n').ok_or(WRONG)?;
        self.at += end + 1;
        rest.get(..end).and_then(|line| std::str::from_utf8(line).ok()).ok_or(WRONG)
    }
}

/// Derives 32 bytes; deriving so few cannot fail.
pub(super) fn derived(key: &[u8], salt: &[u8], purpose: &str) -> Result<Zeroizing<[u8; 32]>, SecretsError> {
    let mut bytes = Zeroizing::new([0; 32]);
    let expanded = Hkdf::<Sha256>::new(Some(salt), key).expand(purpose.as_bytes(), bytes.as_mut_slice());
    expanded.map_err(|_| SecretsError::Authentication)?;
    Ok(bytes)
}

fn wrap_key(
    secret: &[u8; 32],
    ephemeral: &[u8; 32],
    recipient: &Recipient,
) -> Result<Zeroizing<[u8; 32]>, SecretsError> {
    let salt = [ephemeral.as_slice(), recipient.0.as_slice()].concat();
    derived(secret, &salt, "age-encryption.org/v1/X25519")
}

fn unwrapped(wrap_key: &[u8; 32], body: &[u8; 32]) -> Option<FileKey> {
    let mut key = Zeroizing::new([0; 16]);
    let (wrapped, tag) = body.split_at_checked(16)?;
    key.copy_from_slice(wrapped);
    ChaCha20Poly1305::new(Key::from_slice(wrap_key))
        .decrypt_in_place_detached(&Nonce::default(), b"", key.as_mut_slice(), Tag::from_slice(tag))
        .ok()?;
    Some(key)
}

fn seal_of(sealed: &[u8], key: &[u8]) -> Result<Hmac<Sha256>, SecretsError> {
    let key = derived(key, b"", "header")?;
    let mut mac =
        <Hmac<Sha256> as Mac>::new_from_slice(key.as_slice()).map_err(|_| SecretsError::Authentication)?;
    mac.update(sealed);
    Ok(mac)
}

/// Writes a header with one stanza for each recipient and its ephemeral key.
pub(super) fn write<'a>(
    file_key: &[u8; 16],
    recipients: impl Iterator<Item = (&'a Recipient, &'a [u8; 32])>,
) -> Result<Vec<u8>, SecretsError> {
    let mut header = format!("{VERSION}\n");
    for (recipient, ephemeral) in recipients {
        let public = x25519(*ephemeral, X25519_BASEPOINT_BYTES);
        let secret =
            shared(ephemeral, recipient.0).ok_or(SecretsError::Key("a recipient that no key belongs to"))?;
        let mut body = *file_key;
        let tag = ChaCha20Poly1305::new(Key::from_slice(wrap_key(&secret, &public, recipient)?.as_slice()))
            .encrypt_in_place_detached(&Nonce::default(), b"", &mut body)
            .map_err(|_| SecretsError::Authentication)?;
        let public = BASE64_STANDARD_NO_PAD.encode(public);
        let body = BASE64_STANDARD_NO_PAD.encode([body.as_slice(), tag.as_slice()].concat());
        header.push_str(&format!("-> {X25519} {public}\n{body}\n"));
    }
    header.push_str("---");
    let seal = BASE64_STANDARD_NO_PAD.encode(seal_of(header.as_bytes(), file_key)?.finalize().into_bytes());
    header.push_str(&format!(" {seal}\n"));
    Ok(header.into_bytes())
}
