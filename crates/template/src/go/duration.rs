//! Go's `time.Duration`.

use super::quote::quote_str;

const UNITS: [(&str, u64); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("μs", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];
const TOP: u64 = 1 << 63;

/// Reads a duration such as `1h30m`; the error is Go's text.
pub(crate) fn parse_duration(text: &str) -> Result<i64, String> {
    let invalid = || format!("time: invalid duration {}", quote_str(text));
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut total = 0_u64;
    while !rest.is_empty() {
        let (whole, after) = digits(rest);
        let (fraction, after) = match after.strip_prefix('.') {
            Some(after) => digits(after),
            None => ("", after),
        };
        if whole.is_empty() && fraction.is_empty() {
            return Err(invalid());
        }
        let unit_len = after.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(after.len());
        let (unit, after) = after.split_at_checked(unit_len).unwrap_or((after, ""));
        let value = leading_int(whole).ok_or_else(invalid)?;
        if unit.is_empty() {
            return Err(format!("time: missing unit in duration {}", quote_str(text)));
        }
        let scale =
            UNITS.iter().find(|(name, _)| *name == unit).map(|(_, nanos)| *nanos).ok_or_else(|| {
                format!("time: unknown unit {} in duration {}", quote_str(unit), quote_str(text))
            })?;
        let value = value.checked_mul(scale).filter(|&value| value <= TOP).ok_or_else(invalid)?;
        let value = value + fraction_of(fraction, scale);
        total = total.checked_add(value).filter(|&total| value <= TOP && total <= TOP).ok_or_else(invalid)?;
        rest = after;
    }
    if negative {
        return Ok((total as i64).wrapping_neg());
    }
    i64::try_from(total).map_err(|_| invalid())
}

fn digits(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

fn leading_int(digits: &str) -> Option<u64> {
    if digits.is_empty() {
        return Some(0);
    }
    digits.parse().ok().filter(|&value| value <= TOP)
}

/// Returns a fraction of a unit in nanoseconds; digits beyond what 63 bits hold are dropped.
fn fraction_of(digits: &str, scale: u64) -> u64 {
    let (mut value, mut power) = (0_u64, 1.0_f64);
    for digit in digits.bytes() {
        if value > (TOP - 1) / 10 {
            break;
        }
        value = value * 10 + u64::from(digit - b'0');
        power *= 10.0;
    }
    (value as f64 * (scale as f64 / power)) as u64
}

/// Writes a duration as Go does: `1h2m3.5s`, `1.5ms`, `0s`.
pub(crate) fn duration_text(nanos: i64) -> String {
    let sign = if nanos < 0 { "-" } else { "" };
    let size = nanos.unsigned_abs();
    let body = match size {
        0 => "0s".to_owned(),
        1..1_000 => format!("{size}ns"),
        1_000..1_000_000 => format!("{}µs", with_fraction(size, 1_000)),
        1_000_000..1_000_000_000 => format!("{}ms", with_fraction(size, 1_000_000)),
        _ => {
            let (minutes, rest) = (size / 60_000_000_000, size % 60_000_000_000);
            let seconds = with_fraction(rest, 1_000_000_000);
            match (minutes / 60, minutes % 60) {
                (0, 0) => format!("{seconds}s"),
                (0, minutes) => format!("{minutes}m{seconds}s"),
                (hours, minutes) => format!("{hours}h{minutes}m{seconds}s"),
            }
        }
    };
    format!("{sign}{body}")
}

fn with_fraction(size: u64, unit: u64) -> String {
    let (whole, rest) = (size / unit, size % unit);
    if rest == 0 {
        return whole.to_string();
    }
    let width = unit.ilog10() as usize;
    format!("{whole}.{}", format!("{rest:0width$}").trim_end_matches('0'))
}

/// Reports whether `rest` is less than half of `step`.
pub(crate) fn less_than_half(rest: i64, step: i64) -> bool {
    i128::from(rest) * 2 < i128::from(step)
}

/// Rounds to a multiple of `step`, halves away from zero, as `Duration.Round` does.
pub(crate) fn round(nanos: i64, step: i64) -> i64 {
    let rest = nanos % step;
    if less_than_half(rest.abs(), step) {
        return nanos - rest;
    }
    if nanos < 0 {
        nanos.checked_sub(step + rest).unwrap_or(i64::MIN)
    } else {
        nanos.checked_add(step - rest).unwrap_or(i64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_and_written() {
        for (text, nanos) in
            [("1h30m", 5_400_000_000_000), ("-1.5h", -5_400_000_000_000), (".5us", 500), ("0", 0)]
        {
            assert_eq!(parse_duration(text), Ok(nanos));
        }
        assert_eq!(parse_duration("1x").unwrap_err(), r#"time: unknown unit "x" in duration "1x""#);
        assert_eq!(duration_text(95_000_000_000), "1m35s");
        assert_eq!(duration_text(-1_500_000), "-1.5ms");
        assert_eq!(round(-1_500_000_000, 1_000_000_000), -2_000_000_000);
    }
}
