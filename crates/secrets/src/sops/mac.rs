//! The sum over the values of a file, which tells whether any of them was changed.

use super::value::{DataKey, Plain, decrypt_value};
use crate::SecretsError;
use sha2::{Digest, Sha256, Sha512};
use std::fmt;
use trueup_manifest::calendar;
use zeroize::Zeroizing;

/// A sum in the making: SHA-512 over the texts of values in the order of the file, over all of its documents.
#[derive(Clone)]
pub struct Mac {
    hash: Sha512,
    only_encrypted: bool,
}

impl Mac {
    /// Starts a sum, of all values or of the encrypted ones only.
    pub fn new(over: MacOver) -> Self {
        let mut hash = Sha512::new();
        let only_encrypted = over == MacOver::Encrypted;
        if only_encrypted {
            // So that a sum of the one sort never is one of the other.
            hash.update(Sha256::digest(b"sops"));
        }
        Self { hash, only_encrypted }
    }

    /// Adds a value, and whether it is one of the encrypted ones. Comments are not added.
    pub fn add(&mut self, plain: &Plain, is_encrypted: bool) {
        if is_encrypted || !self.only_encrypted {
            self.hash.update(plain.text.expose());
        }
    }

    /// Returns the sum, in upper-case hexadecimal.
    pub fn finish(self) -> Zeroizing<String> {
        Zeroizing::new(self.hash.finalize().iter().map(|byte| format!("{byte:02X}")).collect())
    }
}

impl fmt::Debug for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mac")
    }
}

/// What a sum is over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MacOver {
    /// All values.
    #[default]
    All,
    /// The encrypted ones, `mac_only_encrypted`.
    Encrypted,
}

/// Decrypts the sum that a file holds. Its additional data is when the file was encrypted, in RFC 3339.
///
/// # Errors
/// A time that is none, and what [`decrypt_value`] says.
pub fn decrypt_mac(mac: &str, last_modified: &str, key: &DataKey) -> Result<Plain, SecretsError> {
    let time = rfc3339(last_modified).ok_or(SecretsError::Format("`lastmodified` is no time"))?;
    decrypt_value(mac, key, &time)
}

/// Reads a time and writes it as Go does in RFC 3339: without fractions, with `Z` for no offset.
fn rfc3339(text: &str) -> Option<String> {
    let (date, rest) = text.split_once(['T', 't', ' '])?;
    let split = rest.find(['Z', 'z', '+', '-'])?;
    let (time, zone) = rest.split_at_checked(split)?;
    let time = time.split_once('.').map_or(time, |(time, _)| time);
    let numbers = |text: &str, mark: char, widths: [usize; 3]| -> Option<[i64; 3]> {
        let mut parts = text.split(mark);
        let mut next = |width: usize| {
            let part = parts.next()?;
            (part.len() == width && part.bytes().all(|byte| byte.is_ascii_digit()))
                .then(|| part.parse().ok())?
        };
        let found = [next(widths[0])?, next(widths[1])?, next(widths[2])?];
        parts.next().is_none().then_some(found)
    };
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let [hour, minute, second] = numbers(time, ':', [2, 2, 2])?;
    let is_date = (1..=12).contains(&month) && (1..=calendar::days_in_month(year, month)).contains(&day);
    if !is_date || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let zone = match zone {
        "Z" | "z" | "+00:00" | "-00:00" => "Z".to_owned(),
        zone => {
            let (hours, minutes) = zone.get(1..)?.split_once(':')?;
            let is_number = |text: &str, below: u8| {
                text.len() == 2 && text.parse::<u8>().is_ok_and(|number| number < below)
            };
            (is_number(hours, 24) && is_number(minutes, 60)).then(|| zone.to_owned())?
        }
    };
    Some(format!("{date}T{time}{zone}"))
}

#[cfg(test)]
mod tests {
    use super::rfc3339;

    #[test]
    fn times_are_written_as_go_does() {
        let same = |text: &str| assert_eq!(rfc3339(text).as_deref(), Some(text));
        same("2026-01-02T03:04:05Z");
        same("2026-01-02T03:04:05+02:00");
        assert_eq!(rfc3339("2026-01-02T03:04:05.123Z").as_deref(), Some("2026-01-02T03:04:05Z"));
        assert_eq!(rfc3339("2026-01-02 03:04:05+00:00").as_deref(), Some("2026-01-02T03:04:05Z"));
        for wrong in [
            "",
            "2026-01-02",
            "2026-02-30T00:00:00Z",
            "2026-01-02T25:00:00Z",
            "2026-01-02T03:04:05",
            "é-01-02T03:04:05Z",
        ] {
            assert_eq!(rfc3339(wrong), None);
        }
    }
}
