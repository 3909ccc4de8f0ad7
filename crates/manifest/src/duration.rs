//! Durations as Go writes them.

/// Reads a duration as Go writes it (`1h30m`, `1.5s`, `-2m`, `0`), in nanoseconds.
///
/// Returns what is wrong with it otherwise, in Go's words.
pub fn parse_go_duration(text: &str) -> Result<i64, String> {
    let invalid = || format!("time: invalid duration {text:?}");
    let (negative, mut rest) = match text.as_bytes().first() {
        Some(b'-') => (true, text.strip_prefix('-').unwrap_or_default()),
        Some(b'+') => (false, text.strip_prefix('+').unwrap_or_default()),
        _ => (false, text),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut total: u128 = 0;
    while !rest.is_empty() {
        let (whole, after) = split_digits(rest);
        let (fraction, after, dotted) = match after.strip_prefix('.') {
            Some(after) => {
                let (fraction, after) = split_digits(after);
                (fraction, after, true)
            }
            None => ("", after, false),
        };
        if whole.is_empty() && (!dotted || fraction.is_empty()) {
            return Err(invalid());
        }
        let end = after.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(after.len());
        let (unit, next) = after.split_at_checked(end).ok_or_else(invalid)?;
        if unit.is_empty() {
            return Err(format!("time: missing unit in duration {text:?}"));
        }
        let scale =
            unit_nanos(unit).ok_or_else(|| format!("time: unknown unit {unit:?} in duration {text:?}"))?;
        let amount = scaled(whole, fraction, scale).ok_or_else(invalid)?;
        total = total.checked_add(amount).filter(|sum| *sum <= 1 << 63).ok_or_else(invalid)?;
        rest = next;
    }
    let total = i128::try_from(total).map_err(|_| invalid())?;
    i64::try_from(if negative { -total } else { total }).map_err(|_| invalid())
}

fn split_digits(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

fn unit_nanos(unit: &str) -> Option<u64> {
    Some(match unit {
        "ns" => 1,
        "us" | "µs" | "μs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return None,
    })
}

fn scaled(whole: &str, fraction: &str, scale: u64) -> Option<u128> {
    let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    // What lies beyond the 18th digit of a fraction is less than a nanosecond of an hour.
    let (numerator, denominator) = fraction
        .bytes()
        .take(18)
        .fold((0_u128, 1_u128), |(n, d), digit| (n * 10 + u128::from(digit.wrapping_sub(b'0')), d * 10));
    let scale = u128::from(scale);
    u128::from(whole).checked_mul(scale)?.checked_add(numerator * scale / denominator)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_go_s() {
        for (text, nanos) in [
            ("0", 0),
            ("1h30m", 5_400 * 1_000_000_000),
            ("1.5s", 1_500_000_000),
            (".5s", 500_000_000),
            ("1.s", 1_000_000_000),
            ("-2m", -120 * 1_000_000_000),
            ("+3us", 3_000),
            ("1µs1ns", 1_001),
            ("2540400h10m10.000000000s", 9_145_440_610 * 1_000_000_000),
            ("9223372036854775807ns", i64::MAX),
            ("-9223372036854775808ns", i64::MIN),
        ] {
            assert_eq!(parse_go_duration(text), Ok(nanos), "{text}");
        }
        for text in [
            "",
            "3",
            "-",
            "s",
            ".",
            "-.",
            ".s",
            "+.s",
            "1d",
            "1h ",
            "2a",
            "9223372036854775808ns",
            "3000000h",
        ] {
            assert!(parse_go_duration(text).is_err(), "{text}");
        }
    }
}
