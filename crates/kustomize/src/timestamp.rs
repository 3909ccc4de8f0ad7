//! Timestamps, which upstream turns into times and prints in one format.

use trueup_manifest::{Resolved, Value};

/// The text that a timestamp becomes on its way through JSON; `None` for what is no timestamp.
pub(crate) fn as_json(value: &Value) -> Option<String> {
    let source = value.source().filter(|source| matches!(source.resolved, Resolved::Timestamp))?;
    let text = source.text.as_str();
    let date_end = text.find(['T', 't', ' ']).unwrap_or(text.len());
    let (date, rest) = text.split_at_checked(date_end)?;
    let mut numbers = date.split('-');
    let (year, month, day) = (numbers.next()?, numbers.next()?, numbers.next()?);
    let rest = rest.trim_start_matches(['T', 't', ' ']);
    let (time, zone) = match rest.find(['Z', '+', '-']) {
        Some(at) => rest.split_at_checked(at)?,
        None => (rest, "Z"),
    };
    let mut parts = time.split(':');
    let mut part = || parts.next().filter(|part| !part.is_empty()).unwrap_or("0").to_owned();
    let (hour, minute, second) = (part(), part(), part());
    let (second, fraction) = second.split_once(['.', ',']).unwrap_or((&second, ""));
    // Go keeps nine digits and drops zeros at the end.
    let fraction: String = fraction.chars().take(9).collect();
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    let zone = if matches!(zone, "+00:00" | "-00:00") { "Z" } else { zone };
    Some(format!("{year}-{month:0>2}-{day:0>2}T{hour:0>2}:{minute:0>2}:{second:0>2}{point}{fraction}{zone}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use trueup_manifest::yaml::{self, ParseOptions};

    #[test]
    fn timestamps_print_as_go_prints_them() {
        for (text, printed) in [
            ("2020-1-2", "2020-01-02T00:00:00Z"),
            ("2020-01-02T03:04:05+02:00", "2020-01-02T03:04:05+02:00"),
            ("2020-01-02 3:4:5.50", "2020-01-02T03:04:05.5Z"),
            ("2020-01-02t03:04:05.120Z", "2020-01-02T03:04:05.12Z"),
        ] {
            let value = yaml::parse(text.as_bytes(), &ParseOptions::kyaml()).unwrap();
            assert_eq!(as_json(&value).as_deref(), Some(printed));
        }
    }
}
