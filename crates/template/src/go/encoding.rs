//! Base 64 and base 32 with Go's error texts.

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

const BCRYPT: &[u8; 64] = b"./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// Encodes as bcrypt does, without padding.
pub(crate) fn bcrypt_base64(bytes: &[u8]) -> String {
    encode(bytes, BCRYPT, 6, 1)
}

/// Encodes with the standard alphabet and padding.
pub(crate) fn base64_encode(bytes: &[u8]) -> String {
    encode(bytes, BASE64, 6, 4)
}

/// Encodes with the standard alphabet and padding.
pub(crate) fn base32_encode(bytes: &[u8]) -> String {
    encode(bytes, BASE32, 5, 8)
}

fn encode(bytes: &[u8], alphabet: &[u8], bits: u32, group: usize) -> String {
    let mut out = String::with_capacity(bytes.len() * 2);
    let (mut buffer, mut held) = (0_u32, 0);
    let push = |out: &mut String, index: u32| {
        let symbol = alphabet.get(index as usize & (alphabet.len() - 1)).copied().unwrap_or_default();
        out.push(char::from(symbol));
    };
    for &byte in bytes {
        buffer = buffer << 8 | u32::from(byte);
        held += 8;
        while held >= bits {
            held -= bits;
            push(&mut out, buffer >> held);
        }
    }
    if held > 0 {
        push(&mut out, buffer << (bits - held));
    }
    while !out.len().is_multiple_of(group) {
        out.push('=');
    }
    out
}

/// Decodes base 64, skipping line ends; the error is Go's text.
pub(crate) fn base64_decode(text: &[u8]) -> Result<Vec<u8>, String> {
    let corrupt = |at: usize| Err(format!("illegal base64 data at input byte {at}"));
    let mut input = text.iter().copied().enumerate().filter(|(_, b)| !matches!(b, b'\r' | b'\n')).peekable();
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    while input.peek().is_some() {
        let (mut buffer, mut count) = (0_u32, 0_u32);
        let mut padded = false;
        while count < 4 && !padded {
            let Some((at, byte)) = input.next() else { return corrupt(text.len() - count as usize) };
            match BASE64.iter().position(|&symbol| symbol == byte) {
                Some(index) => {
                    buffer = buffer << 6 | u32::try_from(index).unwrap_or(0);
                    count += 1;
                }
                None if byte != b'=' || count < 2 => return corrupt(at),
                None => padded = true,
            }
        }
        if padded && count == 2 {
            match input.next() {
                Some((_, b'=')) => {}
                Some((at, _)) => return corrupt(at.saturating_sub(1)),
                None => return corrupt(text.len()),
            }
        }
        if padded && let Some((at, _)) = input.next() {
            return corrupt(at);
        }
        let whole = (buffer << (24 - 6 * count)).to_be_bytes();
        let kept = usize::try_from(count).unwrap_or(0).saturating_sub(1);
        out.extend(whole.iter().skip(1).take(kept));
    }
    Ok(out)
}

/// Decodes base 32, skipping line ends; the error is Go's text.
pub(crate) fn base32_decode(text: &[u8]) -> Result<Vec<u8>, String> {
    let clean: Vec<u8> = text.iter().copied().filter(|b| !matches!(b, b'\r' | b'\n')).collect();
    let corrupt = |at: usize| Err(format!("illegal base32 data at input byte {at}"));
    let mut out = Vec::with_capacity(clean.len() / 8 * 5);
    let mut at = 0;
    let mut ended = false;
    while at < clean.len() && !ended {
        let (mut buffer, mut count) = (0_u64, 0_usize);
        while count < 8 {
            let Some(&byte) = clean.get(at) else { return corrupt(clean.len() - count) };
            at += 1;
            if byte == b'=' && count >= 2 && clean.len() - at < 8 {
                let left = clean.len() - at;
                if left + count < 7 {
                    return corrupt(clean.len());
                }
                for more in 0..(7 - count) {
                    if left > more && clean.get(at + more) != Some(&b'=') {
                        return corrupt(clean.len() - left + more - 1);
                    }
                }
                if matches!(count, 1 | 3 | 6) {
                    return corrupt(clean.len() - left - 1);
                }
                ended = true;
                break;
            }
            match BASE32.iter().position(|&symbol| symbol == byte) {
                Some(index) => buffer = buffer << 5 | u64::try_from(index).unwrap_or(0),
                None => return corrupt(at - 1),
            }
            count += 1;
        }
        let whole = (buffer << (40 - 5 * count)).to_be_bytes();
        out.extend(whole.iter().skip(3).take(count * 5 / 8));
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        for len in 0..20 {
            let bytes: Vec<u8> = (0..len).map(|i: u8| i.wrapping_mul(37).wrapping_add(5)).collect();
            assert_eq!(base64_decode(base64_encode(&bytes).as_bytes()).unwrap(), bytes);
            assert_eq!(base32_decode(base32_encode(&bytes).as_bytes()).unwrap(), bytes);
        }
        assert_eq!(base64_decode(b"!").unwrap_err(), "illegal base64 data at input byte 0");
    }
}
