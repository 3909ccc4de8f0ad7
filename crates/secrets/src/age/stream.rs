//! The body of a file: chunks, each sealed with its number.

use super::header::derived;
use crate::SecretsError;
use crate::hidden::Hidden;
use chacha20poly1305::aead::{AeadInPlace, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce, Tag};
use zeroize::Zeroizing;

const CHUNK: usize = 64 << 10;
const TAG: usize = 16;
const NONCE: usize = 16;
const PURPOSE: &str = "payload";

pub(super) fn decrypt(body: &[u8], file_key: &[u8; 16]) -> Result<Hidden, SecretsError> {
    let wrong = SecretsError::Format("the body is cut off");
    let (nonce, mut rest) = body.split_at_checked(NONCE).ok_or(wrong)?;
    let cipher = ChaCha20Poly1305::new(Key::from_slice(derived(file_key, nonce, PURPOSE)?.as_slice()));
    let mut plain = Zeroizing::new(Vec::with_capacity(rest.len()));
    let mut number = 0;
    loop {
        let is_last = rest.len() <= CHUNK + TAG;
        let (chunk, behind) = rest.split_at_checked(CHUNK + TAG).unwrap_or((rest, &[]));
        let length = chunk.len().checked_sub(TAG).ok_or(wrong)?;
        // An empty chunk ends an empty file and no other.
        if length == 0 && number > 0 {
            return Err(wrong);
        }
        let (sealed, tag) = chunk.split_at_checked(length).ok_or(wrong)?;
        let start = plain.len();
        plain.extend_from_slice(sealed);
        let opened = plain.get_mut(start..).ok_or(wrong)?;
        cipher
            .decrypt_in_place_detached(&nonce_of(number, is_last), b"", opened, Tag::from_slice(tag))
            .map_err(|_| SecretsError::Authentication)?;
        if is_last {
            return Ok(Hidden::new(std::mem::take(&mut *plain)));
        }
        rest = behind;
        number += 1;
    }
}

pub(super) fn encrypt(
    plain: &[u8],
    file_key: &[u8; 16],
    nonce: &[u8; NONCE],
) -> Result<Vec<u8>, SecretsError> {
    let cipher = ChaCha20Poly1305::new(Key::from_slice(derived(file_key, nonce, PURPOSE)?.as_slice()));
    let mut body = nonce.to_vec();
    let mut rest = plain;
    let mut number = 0;
    loop {
        let (chunk, behind) = rest.split_at_checked(CHUNK).unwrap_or((rest, &[]));
        let mut sealed = chunk.to_vec();
        let tag = cipher
            .encrypt_in_place_detached(&nonce_of(number, behind.is_empty()), b"", &mut sealed)
            .map_err(|_| SecretsError::Authentication)?;
        body.extend(sealed);
        body.extend(tag);
        if behind.is_empty() {
            return Ok(body);
        }
        rest = behind;
        number += 1;
    }
}

/// Returns the nonce of a chunk: its number in 11 bytes, and whether it is the last.
fn nonce_of(number: u64, is_last: bool) -> Nonce {
    let mut nonce = [0; 12];
    for (place, byte) in nonce.iter_mut().skip(3).zip(number.to_be_bytes()) {
        *place = byte;
    }
    if let Some(flag) = nonce.last_mut() {
        *flag = u8::from(is_last);
    }
    nonce.into()
}
