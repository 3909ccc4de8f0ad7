//! Formats of texts, which the older drafts check.

use trueup_template::{Regex, Time, Version};

type Checked = Result<(), String>;

fn fail(why: &str) -> Checked {
    Err(why.to_owned())
}

/// Checks a text; formats that nobody knows fit everything.
pub(super) fn check(format: &str, text: &str) -> Checked {
    match format {
        "ipv4" => ipv4(text),
        "ipv6" => ipv6(text),
        "hostname" => hostname(text),
        "email" => email(text),
        "date" => date(text),
        "time" => time(text),
        "date-time" => date_time(text),
        "uri" | "iri" => uri(text),
        "uuid" => uuid(text),
        "regex" => Regex::new(text.as_bytes()).map(|_| ()),
        "json-pointer" => json_pointer(text),
        "relative-json-pointer" => relative_json_pointer(text),
        "duration" => duration(text),
        "semver" => Version::parse(text.trim_start_matches('v')).map(|_| ()),
        _ => Ok(()),
    }
}

fn ipv4(text: &str) -> Checked {
    let parts: Vec<&str> = text.split('.').collect();
    if parts.len() != 4 {
        return fail("expected four decimals");
    }
    for part in parts {
        if part.len() > 1 && part.starts_with('0') {
            return fail("leading zeros");
        }
        match part.parse::<i64>() {
            Ok(number) if !(0..=255).contains(&number) => {
                return fail("decimal must be between 0 and 255");
            }
            Ok(_) => {}
            Err(_) => return Err(format!("strconv.Atoi: parsing {part:?}: invalid syntax")),
        }
    }
    Ok(())
}

fn ipv6(text: &str) -> Checked {
    if !text.contains(':') {
        return fail("missing colon");
    }
    if text.contains('%') {
        return fail("zone id is not a part of ipv6 address");
    }
    match text.parse::<std::net::Ipv6Addr>() {
        Ok(_) => Ok(()),
        Err(_) => Err(format!("ParseAddr({text:?}): unable to parse IP")),
    }
}

fn hostname(text: &str) -> Checked {
    let text = text.strip_suffix('.').unwrap_or(text);
    if text.len() > 253 {
        return fail("more than 253 characters long");
    }
    for label in text.split('.') {
        if label.is_empty() || label.len() > 63 {
            return fail("label must be 1 to 63 characters long");
        }
        if label.starts_with('-') {
            return fail("label starts with hyphen");
        }
        if label.ends_with('-') {
            return fail("label ends with hyphen");
        }
        if let Some(odd) = label.chars().find(|c| !(c.is_ascii_alphanumeric() || *c == '-')) {
            return Err(format!("invalid character {odd:?}"));
        }
    }
    Ok(())
}

fn email(text: &str) -> Checked {
    if text.len() > 254 {
        return fail("more than 255 characters long");
    }
    let Some((local, domain)) = text.rsplit_once('@') else { return fail("missing @") };
    if local.len() > 64 {
        return fail("local part more than 64 characters long");
    }
    if local.len() > 1 && local.starts_with('"') {
        let inside = local.get(1..local.len() - 1).unwrap_or_default();
        if inside.contains(['\\', '"']) {
            return fail("backslash and quote are not allowed within quoted local part");
        }
    } else {
        if local.starts_with('.') {
            return fail("starts with dot");
        }
        if local.ends_with('.') {
            return fail("ends with dot");
        }
        if local.contains("..") {
            return fail("consecutive dots");
        }
        let fits = |c: &char| c.is_ascii_alphanumeric() || ".!#$%&'*+-/=?^_`{|}~".contains(*c);
        if let Some(odd) = local.chars().find(|c| !fits(c)) {
            return Err(format!("invalid character {odd:?}"));
        }
    }
    if let Some(address) = domain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return match address.strip_prefix("IPv6:") {
            Some(address) => ipv6(address).map_err(|why| format!("invalid ipv6 address: {why}")),
            None => ipv4(address).map_err(|why| format!("invalid ipv4 address: {why}")),
        };
    }
    hostname(domain).map_err(|why| format!("invalid domain: {why}"))
}

fn date(text: &str) -> Checked {
    Time::parse("2006-01-02", text).map(|_| ())
}

fn time(text: &str) -> Checked {
    if text.len() < 9 {
        return fail("less than 9 characters long");
    }
    // A leap second is a time, but not to the reader of times.
    let (clock, rest) = text.split_at_checked(8).unwrap_or((text, ""));
    let clock = clock.strip_suffix(":60").map_or_else(|| clock.to_owned(), |most| format!("{most}:59"));
    let rest = rest.replace('z', "Z");
    match Time::parse_rfc3339(&format!("2001-01-01T{clock}{rest}")) {
        Some(_) => Ok(()),
        None => fail("hour/min/sec out of range"),
    }
}

fn date_time(text: &str) -> Checked {
    if text.len() < 20 {
        return fail("less than 20 characters long");
    }
    let (day, rest) = text.split_at_checked(10).unwrap_or((text, ""));
    let Some(clock) = rest.strip_prefix(['t', 'T']) else {
        return fail("11th character must be t or T");
    };
    date(day).map_err(|why| format!("invalid date element: {why}"))?;
    time(clock).map_err(|why| format!("invalid time element: {why}"))
}

fn uri(text: &str) -> Checked {
    let scheme = text.split_once(':').map(|(scheme, _)| scheme).filter(|scheme| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    });
    if text.contains(|c: char| c.is_control() || c == ' ') {
        return Err(format!("parse {text:?}: net/url: invalid control character in URL"));
    }
    match scheme {
        Some(_) => Ok(()),
        None => fail("relative url"),
    }
}

fn uuid(text: &str) -> Checked {
    let groups: Vec<&str> = text.split('-').collect();
    let sizes = [8, 4, 4, 4, 12];
    if groups.len() != sizes.len() {
        return Err(format!("must have {} elements", sizes.len()));
    }
    for (at, (group, size)) in groups.iter().zip(sizes).enumerate() {
        if group.len() != size {
            return Err(format!("element {} must be {size} characters long", at + 1));
        }
        if let Some(odd) = group.chars().find(|c| !c.is_ascii_hexdigit()) {
            return Err(format!("non-hex character {odd:?}"));
        }
    }
    Ok(())
}

fn json_pointer(text: &str) -> Checked {
    let Some(rest) = text.strip_prefix('/') else {
        return if text.is_empty() { Ok(()) } else { fail("not starting with /") };
    };
    let mut after_tilde = rest.split('~').skip(1);
    match after_tilde.all(|piece| piece.starts_with(['0', '1'])) {
        true => Ok(()),
        false => fail("~ must be followed by 0 or 1"),
    }
}

fn relative_json_pointer(text: &str) -> Checked {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = text.len() - rest.len();
    if digits == 0 {
        return fail("must start with non-negative integer");
    }
    if digits > 1 && text.starts_with('0') {
        return fail("starts with zero");
    }
    if rest == "#" { Ok(()) } else { json_pointer(rest) }
}

fn duration(text: &str) -> Checked {
    let Some(rest) = text.strip_prefix('P') else { return fail("must start with P") };
    if rest.is_empty() {
        return fail("nothing after P");
    }
    if let Some(weeks) = rest.strip_suffix('W') {
        return match weeks {
            "" => fail("no number in week"),
            weeks if weeks.bytes().all(|byte| byte.is_ascii_digit()) => Ok(()),
            _ => fail("invalid week"),
        };
    }
    let parts: Vec<&str> = rest.split('T').collect();
    for (at, part) in parts.iter().enumerate() {
        let units = match at {
            0 => "YMD",
            1 => "HMS",
            _ => return fail("more than one T"),
        };
        if at == 1 && part.is_empty() {
            return fail("no time elements");
        }
        elements(part, units)?;
    }
    Ok(())
}

/// Numbers with units, which come in this order.
fn elements(text: &str, units: &str) -> Checked {
    let (mut rest, mut left) = (text, units);
    while !rest.is_empty() {
        let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        if after.len() == rest.len() {
            return fail("missing number");
        }
        let Some(unit) = after.chars().next() else { return fail("missing unit") };
        left = match left.split_once(unit) {
            Some((_, later)) => later,
            None if units.contains(unit) => return Err(format!("unit {unit:?} out of order")),
            None => return Err(format!("invalid unit {unit:?}")),
        };
        rest = after.strip_prefix(unit).unwrap_or_default();
    }
    Ok(())
}
