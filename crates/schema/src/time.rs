//! Times in RFC 3339, as Kubernetes types read and write them.

use ecow::EcoString;
use trueup_manifest::calendar::{date_of, days_in_month, days_of};

/// How finely a time is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// To the second, as `Time` is; a fraction is read and dropped.
    Seconds,
    /// To the microsecond, as `MicroTime` is, with six digits.
    Micros,
}

struct Civil {
    days: i64,
    seconds: i64,
    micros: u32,
}

/// Returns the time in UTC as the types write it, or nothing if it is no time.
///
/// ```
/// use trueup_schema::time::{Precision, canonical};
/// let utc = canonical("2020-03-01T01:30:00+02:00", Precision::Seconds);
/// assert_eq!(utc.as_deref(), Some("2020-02-29T23:30:00Z"));
/// assert_eq!(canonical("soon", Precision::Seconds), None);
/// ```
pub fn canonical(text: &str, precision: Precision) -> Option<EcoString> {
    let time = parse(text, precision)?;
    let (year, month, day) = date_of(time.days);
    let (hour, minute, second) = (time.seconds / 3600, time.seconds / 60 % 60, time.seconds % 60);
    let base = ecow::eco_format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
    Some(match precision {
        Precision::Seconds => ecow::eco_format!("{base}Z"),
        Precision::Micros => ecow::eco_format!("{base}.{:06}Z", time.micros),
    })
}

fn parse(text: &str, precision: Precision) -> Option<Civil> {
    let (date, clock) = text.split_once('T')?;
    let [year, month, day] = numbers::<3>(date, '-', [4, 2, 2])?;
    let zone_at = clock.find(['Z', '+', '-'])?;
    let (clock, zone) = clock.split_at_checked(zone_at)?;
    let (clock, fraction) = match clock.split_once('.') {
        Some((clock, fraction)) => (clock, Some(fraction)),
        None => (clock, None),
    };
    let [hour, minute, second] = numbers::<3>(clock, ':', [2, 2, 2])?;
    let in_range = (1..=12).contains(&month)
        && day >= 1
        && day <= days_in_month(year, month)
        && hour < 24
        && minute < 60;
    if !in_range || second > 59 {
        return None;
    }
    let micros = match (precision, fraction) {
        (_, Some(fraction)) if fraction.is_empty() || !fraction.bytes().all(|b| b.is_ascii_digit()) => {
            return None;
        }
        (Precision::Micros, Some(fraction)) if fraction.len() == 6 => fraction.parse().ok()?,
        (Precision::Micros, _) => return None,
        (Precision::Seconds, _) => 0,
    };
    let total = days_of(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset(zone)?;
    Some(Civil { days: total.div_euclid(86_400), seconds: total.rem_euclid(86_400), micros })
}

fn offset(zone: &str) -> Option<i64> {
    if zone == "Z" {
        return Some(0);
    }
    let (sign, rest) = match (zone.strip_prefix('+'), zone.strip_prefix('-')) {
        (Some(rest), _) => (1, rest),
        (_, Some(rest)) => (-1, rest),
        _ => return None,
    };
    let [hours, minutes] = numbers::<2>(rest, ':', [2, 2])?;
    (hours <= 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

fn numbers<const N: usize>(text: &str, separator: char, lengths: [usize; N]) -> Option<[i64; N]> {
    let mut out = [0; N];
    let mut parts = text.split(separator);
    for (place, length) in out.iter_mut().zip(lengths) {
        let part =
            parts.next().filter(|part| part.len() == length && part.bytes().all(|b| b.is_ascii_digit()))?;
        *place = part.parse().ok()?;
    }
    parts.next().is_none().then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_utc() {
        let cases = [
            ("2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z"),
            ("2020-03-01T01:30:00+02:00", "2020-02-29T23:30:00Z"),
            ("1969-12-31T23:59:59-01:00", "1970-01-01T00:59:59Z"),
            ("2021-05-05T10:00:00.123456Z", "2021-05-05T10:00:00Z"),
        ];
        for (text, utc) in cases {
            assert_eq!(canonical(text, Precision::Seconds).as_deref(), Some(utc), "{text}");
        }
        assert_eq!(canonical("2021-02-29T00:00:00Z", Precision::Seconds), None);
        assert_eq!(canonical("2021-01-01 00:00:00Z", Precision::Seconds), None);
        let micros = canonical("2021-05-05T10:00:00.000001+01:00", Precision::Micros);
        assert_eq!(micros.as_deref(), Some("2021-05-05T09:00:00.000001Z"));
    }
}
