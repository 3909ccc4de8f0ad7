//! Files as text.

use crate::SecretsError;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use std::borrow::Cow;

const BEGIN: &str = "-----BEGIN AGE ENCRYPTED FILE-----";
const END: &str = "-----END AGE ENCRYPTED FILE-----";
const COLUMNS: usize = 64;

/// Returns the bytes of a file, which may be armored. Armor is strict: full lines, a shorter last one, nothing around it but blanks.
pub(super) fn read(file: &[u8]) -> Result<Cow<'_, [u8]>, SecretsError> {
    let trimmed = file.trim_ascii_start();
    if !trimmed.starts_with(BEGIN.as_bytes()) {
        return Ok(Cow::Borrowed(file));
    }
    let wrong = || SecretsError::Format("the armor is damaged");
    let text = std::str::from_utf8(trimmed).map_err(|_| wrong())?;
    let mut lines = text.lines();
    if lines.next() != Some(BEGIN) {
        return Err(wrong());
    }
    let mut encoded = String::new();
    let mut is_last = false;
    for line in lines.by_ref() {
        if line == END {
            let is_blank = lines.all(|line| line.trim().is_empty());
            let bytes = BASE64_STANDARD.decode(&encoded).map_err(|_| wrong())?;
            return if is_blank && !bytes.is_empty() { Ok(Cow::Owned(bytes)) } else { Err(wrong()) };
        }
        if is_last || line.is_empty() || line.len() > COLUMNS {
            return Err(wrong());
        }
        is_last = line.len() < COLUMNS;
        encoded.push_str(line);
    }
    Err(wrong())
}

pub(super) fn write(file: &[u8]) -> String {
    let encoded = BASE64_STANDARD.encode(file);
    let mut out = format!("{BEGIN}\n");
    let mut rest = encoded.as_str();
    while !rest.is_empty() {
        let (line, behind) = rest.split_at_checked(COLUMNS).unwrap_or((rest, ""));
        out.push_str(line);
        out.push('\n');
        rest = behind;
    }
    out.push_str(END);
    out.push('\n');
    out
}
