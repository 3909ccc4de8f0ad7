//! Time as arguments: Go durations, RFC 3339, civil dates. Nothing in here knows what time it is.

use crate::SyncError;
use trueup_manifest::calendar::{date_of, days_in_month, days_of};

/// Nanoseconds in a second.
pub(crate) const SECOND: i64 = 1_000_000_000;

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

/// Reads a duration as Argo CD's back-offs do: a bare number is seconds. In nanoseconds.
pub fn parse_backoff_duration(text: &str) -> Result<i64, SyncError> {
    if let Ok(seconds) = text.parse::<i64>() {
        return Ok(seconds.wrapping_mul(SECOND));
    }
    parse_go_duration(text).map_err(|_| SyncError::Duration(text.into()))
}

/// Reads an RFC 3339 time as Unix seconds; fractions of a second are dropped.
///
/// ```
/// assert_eq!(trueup_sync::parse_rfc3339("1970-01-02T01:00:00+01:00"), Ok(86_400));
/// assert!(trueup_sync::parse_rfc3339("yesterday").is_err());
/// ```
pub fn parse_rfc3339(text: &str) -> Result<i64, SyncError> {
    read_rfc3339(text).ok_or_else(|| SyncError::Time(text.into()))
}

fn read_rfc3339(text: &str) -> Option<i64> {
    let (date, time) = text.split_once('T')?;
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let (clock, after) = time.split_at_checked(8)?;
    let [hour, minute, second] = numbers(clock, ':', [2, 2, 2])?;
    let zone = match after.strip_prefix(['.', ',']) {
        Some(fraction) => {
            let (digits, zone) = split_digits(fraction);
            (!digits.is_empty()).then_some(zone)?
        }
        None => after,
    };
    let offset = match zone {
        "Z" => 0,
        zone => {
            let sign = if zone.starts_with('+') { 1 } else { -1 };
            let [hours, minutes] = numbers(zone.strip_prefix(['+', '-'])?, ':', [2, 2])?;
            (hours <= 24 && minutes <= 60).then_some(sign * (hours * 3600 + minutes * 60))?
        }
    };
    let valid = (1..=12).contains(&month)
        && (1..=days_in_month(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    let civil = Civil { year, month, day, hour, minute, second };
    valid.then(|| civil.to_unix() - offset)
}

fn numbers<const N: usize>(text: &str, separator: char, widths: [usize; N]) -> Option<[i64; N]> {
    let mut parts = text.split(separator);
    let mut out = [0; N];
    for (slot, width) in out.iter_mut().zip(widths) {
        let part = parts.next().filter(|part| part.len() == width)?;
        *slot = part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok())??;
    }
    parts.next().is_none().then_some(out)
}

/// Writes Unix seconds as RFC 3339 in UTC.
///
/// ```
/// assert_eq!(trueup_sync::format_rfc3339(86_400), "1970-01-02T00:00:00Z");
/// ```
pub fn format_rfc3339(unix: i64) -> String {
    let Civil { year, month, day, hour, minute, second } = Civil::from_unix(unix);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Writes the time of day of Unix seconds in UTC as `3:04PM`.
pub(crate) fn format_kitchen(unix: i64) -> String {
    let Civil { hour, minute, .. } = Civil::from_unix(unix);
    let half = if hour < 12 { "AM" } else { "PM" };
    format!("{}:{minute:02}{half}", (hour + 11) % 12 + 1)
}

/// A date and a time of day without a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Civil {
    pub(crate) year: i64,
    pub(crate) month: i64,
    pub(crate) day: i64,
    pub(crate) hour: i64,
    pub(crate) minute: i64,
    pub(crate) second: i64,
}

impl Civil {
    /// Returns the civil time of Unix seconds in UTC.
    pub(crate) fn from_unix(unix: i64) -> Self {
        let (days, seconds) = (unix.div_euclid(86_400), unix.rem_euclid(86_400));
        let (year, month, day) = date_of(days);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        Self { year, month, day, hour, minute, second }
    }

    /// Returns the Unix seconds of this time in UTC.
    pub(crate) fn to_unix(self) -> i64 {
        let days = days_of(self.year, self.month, self.day);
        days * 86_400 + self.hour * 3600 + self.minute * 60 + self.second
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_go_s() {
        for (text, nanos) in [
            ("0", 0),
            ("1h30m", 5_400 * SECOND),
            ("1.5s", 1_500_000_000),
            (".5s", 500_000_000),
            ("1.s", SECOND),
            ("-2m", -120 * SECOND),
            ("+3us", 3_000),
            ("1µs1ns", 1_001),
            ("2540400h10m10.000000000s", 9_145_440_610 * SECOND),
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

    #[test]
    fn civil_time_goes_both_ways() {
        for unix in (-62_000_000_000..250_000_000_000).step_by(86_400 * 37 + 3_599) {
            assert_eq!(Civil::from_unix(unix).to_unix(), unix);
            assert_eq!(parse_rfc3339(&format_rfc3339(unix)), Ok(unix));
        }
        assert_eq!(format_kitchen(0), "12:00AM");
        assert_eq!(format_kitchen(13 * 3600 + 4 * 60), "1:04PM");
    }

    #[test]
    fn times_are_strict() {
        assert_eq!(parse_rfc3339("2024-02-29T10:00:00.123-05:00"), Ok(1_709_218_800));
        for text in [
            "2023-02-29T10:00:00Z",
            "2024-07-15 10:00:00Z",
            "2024-7-15T10:00:00Z",
            "2024-07-15T10:00:00",
            "2024-07-15T10:00:00.Z",
            "2024-07-15T24:00:00Z",
            "2024-07-15T10:00:00+25:00",
            "",
            "T",
        ] {
            assert!(parse_rfc3339(text).is_err(), "{text}");
        }
    }
}
