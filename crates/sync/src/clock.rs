//! Time as arguments: Go durations, RFC 3339, civil dates. Nothing in here knows what time it is.

use crate::SyncError;
use trueup_manifest::calendar::{date_of, days_in_month, days_of};
use trueup_manifest::parse_go_duration;

/// Nanoseconds in a second.
pub(crate) const SECOND: i64 = 1_000_000_000;

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
            let zone = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
            (zone.len() < fraction.len()).then_some(zone)?
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
