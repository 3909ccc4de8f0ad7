//! Reading IP addresses, for the words of the errors in URLs.

use super::quote::quote_str;

/// Checks an address as `netip.ParseAddr`; true for one of version 4. The error is Go's text.
pub(crate) fn check(text: &str) -> Result<bool, String> {
    match text.find(['.', ':', '%']).and_then(|at| text.as_bytes().get(at)) {
        Some(b'.') => four(text, text).map(|()| true),
        Some(b':') => six(text).map(|()| false),
        Some(_) => Err(bad(text, "missing IPv6 address", "")),
        None => Err(bad(text, "unable to parse IP", "")),
    }
}

fn bad(whole: &str, message: &str, at: &str) -> String {
    let whole = quote_str(whole);
    if at.is_empty() {
        return format!("ParseAddr({whole}): {message}");
    }
    format!("ParseAddr({whole}): {message} (at {})", quote_str(at))
}

fn four(whole: &str, text: &str) -> Result<(), String> {
    let (mut value, mut digits, mut fields) = (0_u32, 0, 0);
    let mut before = '.';
    for (at, c) in text.char_indices() {
        let rest = text.get(at..).unwrap_or_default();
        match c {
            '0'..='9' => {
                if digits == 1 && value == 0 {
                    return Err(bad(whole, "IPv4 field has octet with leading zero", ""));
                }
                value = value * 10 + c.to_digit(10).unwrap_or(0);
                digits += 1;
                if value > 255 {
                    return Err(bad(whole, "IPv4 field has value >255", ""));
                }
            }
            '.' if before == '.' || rest.len() == 1 => {
                return Err(bad(whole, "IPv4 field must have at least one digit", rest));
            }
            '.' if fields == 3 => return Err(bad(whole, "IPv4 address too long", "")),
            '.' => {
                fields += 1;
                (value, digits) = (0, 0);
            }
            _ => return Err(bad(whole, "unexpected character", rest)),
        }
        before = c;
    }
    if fields < 3 { Err(bad(whole, "IPv4 address too short", "")) } else { Ok(()) }
}

fn six(whole: &str) -> Result<(), String> {
    let (mut text, zone) = whole.split_once('%').map_or((whole, None), |(text, zone)| (text, Some(zone)));
    if zone == Some("") {
        return Err(bad(whole, "zone must be a non-empty string", ""));
    }
    let mut ellipsis = false;
    if let Some(rest) = text.strip_prefix("::") {
        ellipsis = true;
        text = rest;
        if text.is_empty() {
            return Ok(());
        }
    }
    let mut bytes = 0;
    while bytes < 16 {
        let digits = text.bytes().take_while(u8::is_ascii_hexdigit).count();
        if digits > 4 {
            return Err(bad(whole, "each group must have 4 or less digits", text));
        }
        if digits == 0 {
            return Err(bad(whole, "each colon-separated field must have at least one digit", text));
        }
        let rest = text.get(digits..).unwrap_or_default();
        if rest.starts_with('.') {
            if !ellipsis && bytes != 12 {
                let message = "embedded IPv4 address must replace the final 2 fields of the address";
                return Err(bad(whole, message, text));
            }
            if bytes + 4 > 16 {
                let message = "too many hex fields to fit an embedded IPv4 at the end of the address";
                return Err(bad(whole, message, text));
            }
            four(whole, text)?;
            text = "";
            bytes += 4;
            break;
        }
        bytes += 2;
        text = rest;
        if text.is_empty() {
            break;
        }
        let Some(after) = text.strip_prefix(':') else {
            return Err(bad(whole, "unexpected character, want colon", text));
        };
        if after.is_empty() {
            return Err(bad(whole, "colon must be followed by more characters", text));
        }
        text = after;
        if let Some(after) = text.strip_prefix(':') {
            if ellipsis {
                return Err(bad(whole, "multiple :: in address", text));
            }
            ellipsis = true;
            text = after;
            if text.is_empty() {
                break;
            }
        }
    }
    match () {
        () if !text.is_empty() => Err(bad(whole, "trailing garbage after address", text)),
        () if bytes < 16 && !ellipsis => Err(bad(whole, "address string too short", "")),
        () if bytes >= 16 && ellipsis => {
            Err(bad(whole, "the :: must expand to at least one field of zeros", ""))
        }
        () => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for good in ["::", "::1", "1:2:3:4:5:6:7:8", "fe80::1%eth0", "::ffff:1.2.3.4", "1.2.3.4"] {
            assert!(check(good).is_ok(), "{good}");
        }
        for wrong in
            [":1", "1::2::3", "12345::", "1:2", "::1%", "1.2.3", "1.2.3.256", "x", "1:2:3:4:5:6:7::8"]
        {
            assert!(check(wrong).is_err(), "{wrong}");
        }
    }
}
