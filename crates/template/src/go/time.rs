//! Go's `time.Time`: an instant and the zone it is shown in.

use super::duration;
pub(crate) use super::duration::duration_text;
use super::layout;
use crate::value::{IntType, UintType, Value};
use std::fmt;
pub(crate) use trueup_manifest::calendar::MONTHS;
use trueup_manifest::calendar::{date_of, days_of};

/// A time zone.
#[derive(Clone, Debug)]
pub(crate) enum Zone {
    /// UTC, and Local: a pure engine's local zone is UTC.
    Utc,
    /// A fixed offset in seconds, with or without a name.
    Fixed(String, i32),
    /// A zone of the IANA database.
    Named(jiff::tz::TimeZone),
}

/// An instant with the zone it is shown in, as Go's `time.Time`.
#[derive(Clone, Debug)]
pub struct Time {
    seconds: i64,
    nanos: u32,
    zone: Zone,
}

/// A date and a time of day.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Civil {
    pub(crate) year: i64,
    pub(crate) month: i64,
    pub(crate) day: i64,
    pub(crate) hour: i64,
    pub(crate) minute: i64,
    pub(crate) second: i64,
    /// Day of the year, from 1.
    pub(crate) yday: i64,
    /// Day of the week, Sunday is 0.
    pub(crate) weekday: i64,
}

const DAY: i64 = 86_400;
/// Days from 1 March of the year -292277022400, where Go's calendar begins, to 1970. It counts seconds from there without a
/// sign, so that an instant before it is one at the far end.
const DAYS_TO_1970: i64 = 106_751_991_073_400;
/// Seconds from the zero time, 0001-01-01, to 1970.
const ZERO: i64 = -62_135_596_800;
pub(crate) const DAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// Returns `time.Month`'s text.
pub(crate) fn month_text(month: i64) -> String {
    let name = usize::try_from(month - 1).ok().and_then(|index| MONTHS.get(index));
    name.map_or_else(|| format!("%!Month({month})"), |name| (*name).to_owned())
}

/// Returns `time.Weekday`'s text.
pub(crate) fn weekday_text(day: i64) -> String {
    let name = usize::try_from(day).ok().and_then(|index| DAYS.get(index));
    name.map_or_else(|| format!("%!Weekday({day})"), |name| (*name).to_owned())
}

/// Returns the zone of this name: empty and `UTC` are UTC, `Local` is UTC here; `None` if unknown.
pub(crate) fn zone(name: &str) -> Option<Zone> {
    if matches!(name, "" | "UTC" | "Local") {
        return Some(Zone::Utc);
    }
    let zone = jiff::tz::db().get(name).ok()?;
    // The database ignores case; file names, which Go reads, do not.
    (zone.iana_name() == Some(name)).then_some(Zone::Named(zone))
}

impl Time {
    /// Returns the instant that many seconds and nanoseconds after 1970, shown in UTC.
    pub fn from_unix(seconds: i64, nanos: u32) -> Self {
        Self {
            seconds: seconds.saturating_add(i64::from(nanos / 1_000_000_000)),
            nanos: nanos % 1_000_000_000,
            zone: Zone::Utc,
        }
    }

    /// Returns Go's zero time, 0001-01-01 00:00:00 UTC.
    pub fn zero() -> Self {
        Self::from_unix(ZERO, 0)
    }

    /// Reads a time by one of Go's layouts, such as `2006-01-02`; the error is Go's text.
    ///
    /// # Errors
    /// The text does not have the layout, or is no time.
    pub fn parse(layout: &str, text: &str) -> Result<Self, String> {
        super::layout::parse(layout.as_bytes(), text.as_bytes())
    }

    /// Reads an RFC 3339 time.
    pub fn parse_rfc3339(text: &str) -> Option<Self> {
        layout::parse(b"2006-01-02T15:04:05.999999999Z07:00", text.as_bytes()).ok()
    }

    /// Returns the seconds since 1970.
    pub fn unix(&self) -> i64 {
        self.seconds
    }

    /// Returns the nanoseconds within the second.
    pub fn nanosecond(&self) -> u32 {
        self.nanos
    }

    pub(crate) fn with_zone(&self, zone: Zone) -> Self {
        Self { zone, ..self.clone() }
    }

    /// Returns the instant at which a clock in `zone` shows this date and time.
    pub(crate) fn from_civil(civil: &Civil, nanos: u32, zone: Zone) -> Self {
        let days = days_of(civil.year, civil.month, civil.day);
        let clock = civil.hour * 3600 + civil.minute * 60 + civil.second;
        let local = days.saturating_mul(DAY).saturating_add(clock);
        let mut time = Self { seconds: local, nanos, zone };
        let guess = time.offset().1;
        time.seconds = local.saturating_sub(guess.into());
        let offset = time.offset().1;
        time.seconds = local.saturating_sub(offset.into());
        time
    }

    /// Returns the name and the offset of the zone at this instant.
    pub(crate) fn offset(&self) -> (String, i32) {
        match &self.zone {
            Zone::Utc => ("UTC".to_owned(), 0),
            Zone::Fixed(name, offset) => (name.clone(), *offset),
            Zone::Named(zone) => {
                let limit = jiff::Timestamp::MAX.as_second().min(-jiff::Timestamp::MIN.as_second());
                let timestamp =
                    jiff::Timestamp::from_second(self.seconds.clamp(-limit, limit)).unwrap_or_default();
                let info = zone.to_offset_info(timestamp);
                (info.abbreviation().to_owned(), info.offset().seconds())
            }
        }
    }

    /// Returns the date and time that a clock in the zone shows.
    pub(crate) fn civil(&self) -> Civil {
        let local = self.seconds.saturating_add(self.offset().1.into());
        let absolute = local.wrapping_add(DAYS_TO_1970 * DAY).cast_unsigned();
        let (days, clock) = (absolute / DAY.cast_unsigned(), absolute % DAY.cast_unsigned());
        let (days, clock) = (days.cast_signed() - DAYS_TO_1970, clock.cast_signed());
        let (year, month, day) = date_of(days);
        Civil {
            year,
            month,
            day,
            hour: clock / 3600,
            minute: clock / 60 % 60,
            second: clock % 60,
            yday: days - days_of(year, 1, 1) + 1,
            weekday: (days + 4).rem_euclid(7),
        }
    }

    /// Returns the instant shown by a Go layout.
    pub(crate) fn format(&self, layout: &[u8]) -> Vec<u8> {
        layout::format(self, layout)
    }

    /// Returns the RFC 3339 text with nanoseconds, as `encoding/json` writes it.
    pub(crate) fn rfc3339_nano(&self) -> String {
        crate::value::lossy(&self.format(b"2006-01-02T15:04:05.999999999Z07:00"))
    }

    /// Returns what Go keeps in the struct: nanoseconds, and seconds since the year 1.
    pub(crate) fn fields(&self) -> (Value, Value) {
        let seconds = self.seconds.wrapping_sub(ZERO);
        (Value::Uint(UintType::Uint64, self.nanos.into()), Value::int64(seconds))
    }

    pub(crate) fn go_string(&self) -> String {
        let civil = self.civil();
        let zone = if matches!(self.zone, Zone::Utc) { "time.UTC" } else { "time.Local" };
        format!(
            "time.Date({}, time.{}, {}, {}, {}, {}, {}, {zone})",
            civil.year,
            month_text(civil.month),
            civil.day,
            civil.hour,
            civil.minute,
            civil.second,
            self.nanos
        )
    }

    pub(crate) fn add(&self, nanos: i64) -> Self {
        let total = i64::from(self.nanos) + nanos % 1_000_000_000;
        let carry = total.div_euclid(1_000_000_000);
        let seconds = self.seconds.wrapping_add(nanos / 1_000_000_000).wrapping_add(carry);
        Self { seconds, nanos: total.rem_euclid(1_000_000_000) as u32, zone: self.zone.clone() }
    }

    /// Returns the nanoseconds from `earlier` to this instant, held to what an `int64` can say.
    pub(crate) fn since(&self, earlier: &Self) -> i64 {
        let seconds = i128::from(self.seconds) - i128::from(earlier.seconds);
        let nanos = seconds * 1_000_000_000 + i128::from(self.nanos) - i128::from(earlier.nanos);
        i64::try_from(nanos).unwrap_or(if nanos < 0 { i64::MIN } else { i64::MAX })
    }

    fn instant(&self) -> (i64, u32) {
        (self.seconds, self.nanos)
    }

    /// Compares as `reflect.DeepEqual` does: the zone counts.
    pub(crate) fn same_struct(&self, other: &Self) -> bool {
        let same_zone = match (&self.zone, &other.zone) {
            (Zone::Utc, Zone::Utc) => true,
            (Zone::Fixed(a, x), Zone::Fixed(b, y)) => a == b && x == y,
            (Zone::Named(a), Zone::Named(b)) => a == b,
            _ => false,
        };
        same_zone && self.instant() == other.instant()
    }
}

impl fmt::Display for Time {
    /// Writes it as Go's `String`: `2006-01-02 15:04:05.999999999 -0700 MST`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::value::lossy(&self.format(b"2006-01-02 15:04:05.999999999 -0700 MST")))
    }
}

/// What a method of a time wants.
#[derive(Clone, Copy)]
pub(crate) enum TimeArg {
    Str,
    Int,
    Time,
    Duration,
}

/// The methods of `time.Time` that return one value, with what they take.
pub(crate) const TIME_METHODS: [(&str, &[TimeArg]); 33] = [
    ("Year", &[]),
    ("Month", &[]),
    ("Day", &[]),
    ("Hour", &[]),
    ("Minute", &[]),
    ("Second", &[]),
    ("Nanosecond", &[]),
    ("YearDay", &[]),
    ("Weekday", &[]),
    ("Unix", &[]),
    ("UnixMilli", &[]),
    ("UnixMicro", &[]),
    ("UnixNano", &[]),
    ("UTC", &[]),
    ("Local", &[]),
    ("String", &[]),
    ("GoString", &[]),
    ("IsZero", &[]),
    ("IsDST", &[]),
    ("Location", &[]),
    ("Format", &[TimeArg::Str]),
    ("AddDate", &[TimeArg::Int, TimeArg::Int, TimeArg::Int]),
    ("Add", &[TimeArg::Duration]),
    ("Truncate", &[TimeArg::Duration]),
    ("Round", &[TimeArg::Duration]),
    ("Sub", &[TimeArg::Time]),
    ("Before", &[TimeArg::Time]),
    ("After", &[TimeArg::Time]),
    ("Equal", &[TimeArg::Time]),
    ("Compare", &[TimeArg::Time]),
    ("MarshalText", &[]),
    ("MarshalJSON", &[]),
    ("In", &[TimeArg::Str]),
];

impl Time {
    /// Calls a method; the arguments have been checked against [`TIME_METHODS`].
    pub(crate) fn call(&self, name: &str, args: &[Value]) -> Result<Value, String> {
        let int = |n: usize| match args.get(n) {
            Some(Value::Int(_, i)) => *i,
            _ => 0,
        };
        let time = || match args.first() {
            Some(Value::Time(time)) => (**time).clone(),
            _ => Self::zero(),
        };
        let civil = self.civil();
        let wrap = |time: Self| Value::Time(std::sync::Arc::new(time));
        Ok(match name {
            "Year" => Value::int(civil.year),
            "Month" => Value::Int(IntType::Month, civil.month),
            "Day" => Value::int(civil.day),
            "Hour" => Value::int(civil.hour),
            "Minute" => Value::int(civil.minute),
            "Second" => Value::int(civil.second),
            "Nanosecond" => Value::int(self.nanos.into()),
            "YearDay" => Value::int(civil.yday),
            "Weekday" => Value::Int(IntType::Weekday, civil.weekday),
            "Unix" => Value::int64(self.seconds),
            "UnixMilli" => Value::int64(self.scaled(1_000)),
            "UnixMicro" => Value::int64(self.scaled(1_000_000)),
            "UnixNano" => Value::int64(self.scaled(1_000_000_000)),
            "UTC" | "Local" => wrap(self.with_zone(Zone::Utc)),
            "String" => self.to_string().into(),
            "GoString" => self.go_string().into(),
            "IsZero" => (self.instant() == (ZERO, 0)).into(),
            "IsDST" => self.is_dst().into(),
            "Location" => self.location().into(),
            "Format" => match args.first() {
                Some(Value::Str(layout)) => Value::Str(self.format(layout.as_bytes()).into()),
                _ => Value::Nil,
            },
            "AddDate" => wrap(self.add_date(&civil, int(0), int(1), int(2))),
            "Add" => wrap(self.add(int(0))),
            "Truncate" => wrap(self.add(-self.remainder(int(0)))),
            "Round" => wrap(self.round(int(0))),
            "Sub" => Value::Int(IntType::Duration, self.since(&time())),
            "Before" => (self.instant() < time().instant()).into(),
            "After" => (self.instant() > time().instant()).into(),
            "Equal" => (self.instant() == time().instant()).into(),
            "Compare" => Value::int(self.instant().cmp(&time().instant()) as i64),
            _ => return Err(format!("method {name} of time.Time is not supported here")),
        })
    }

    fn scaled(&self, per_second: i64) -> i64 {
        let part = i64::from(self.nanos) / (1_000_000_000 / per_second);
        self.seconds.wrapping_mul(per_second).wrapping_add(part)
    }

    fn is_dst(&self) -> bool {
        match &self.zone {
            Zone::Named(zone) => {
                let timestamp = jiff::Timestamp::from_second(self.seconds).unwrap_or_default();
                zone.to_offset_info(timestamp).dst().is_dst()
            }
            _ => false,
        }
    }

    fn location(&self) -> String {
        match &self.zone {
            Zone::Utc => "UTC".to_owned(),
            Zone::Fixed(name, _) => name.clone(),
            Zone::Named(zone) => zone.iana_name().unwrap_or_default().to_owned(),
        }
    }

    fn add_date(&self, civil: &Civil, years: i64, months: i64, days: i64) -> Self {
        let moved = Civil {
            year: civil.year.saturating_add(years),
            month: civil.month.saturating_add(months),
            day: civil.day.saturating_add(days),
            ..*civil
        };
        Self::from_civil(&moved, self.nanos, self.zone.clone())
    }

    /// Returns how far this instant lies past a multiple of `step`, counted from the zero time.
    fn remainder(&self, step: i64) -> i64 {
        if step <= 0 {
            return 0;
        }
        let nanos = (i128::from(self.seconds) - i128::from(ZERO)) * 1_000_000_000 + i128::from(self.nanos);
        i64::try_from(nanos.rem_euclid(i128::from(step))).unwrap_or(0)
    }

    fn round(&self, step: i64) -> Self {
        let rest = self.remainder(step);
        if step <= 0 || duration::less_than_half(rest, step) {
            self.add(-rest)
        } else {
            self.add(step - rest)
        }
    }
}
