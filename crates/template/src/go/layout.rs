//! Go's time layouts, both ways.

use super::time::{Civil, DAYS, MONTHS, Time, Zone, month_text, weekday_text};
use trueup_manifest::calendar::{days_in_month, days_of};

/// An element of a layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Std {
    LongMonth,
    Month,
    NumMonth,
    ZeroMonth,
    LongWeekDay,
    WeekDay,
    Day,
    UnderDay,
    ZeroDay,
    UnderYearDay,
    ZeroYearDay,
    Hour,
    Hour12,
    ZeroHour12,
    Minute,
    ZeroMinute,
    Second,
    ZeroSecond,
    LongYear,
    Year,
    UpperPm,
    LowerPm,
    ZoneName,
    /// A numeric offset.
    Offset {
        z: bool,
        colon: bool,
        minutes: bool,
        seconds: bool,
    },
    /// `.000`: this many digits, always.
    Fraction0(usize, u8),
    /// `.999`: up to this many digits, without trailing zeros.
    Fraction9(usize, u8),
}

/// Words that stand for an element, the longer before the shorter.
const WORDS: [(&[u8], Std); 33] = [
    (b"January", Std::LongMonth),
    (b"Monday", Std::LongWeekDay),
    (b"MST", Std::ZoneName),
    (b"01", Std::ZeroMonth),
    (b"02", Std::ZeroDay),
    (b"03", Std::ZeroHour12),
    (b"04", Std::ZeroMinute),
    (b"05", Std::ZeroSecond),
    (b"06", Std::Year),
    (b"002", Std::ZeroYearDay),
    (b"15", Std::Hour),
    (b"1", Std::NumMonth),
    (b"2006", Std::LongYear),
    (b"2", Std::Day),
    (b"__2", Std::UnderYearDay),
    (b"_2", Std::UnderDay),
    (b"3", Std::Hour12),
    (b"4", Std::Minute),
    (b"5", Std::Second),
    (b"PM", Std::UpperPm),
    (b"pm", Std::LowerPm),
    (b"-070000", Std::Offset { z: false, colon: false, minutes: true, seconds: true }),
    (b"-07:00:00", Std::Offset { z: false, colon: true, minutes: true, seconds: true }),
    (b"-0700", Std::Offset { z: false, colon: false, minutes: true, seconds: false }),
    (b"-07:00", Std::Offset { z: false, colon: true, minutes: true, seconds: false }),
    (b"-07", Std::Offset { z: false, colon: false, minutes: false, seconds: false }),
    (b"Z070000", Std::Offset { z: true, colon: false, minutes: true, seconds: true }),
    (b"Z07:00:00", Std::Offset { z: true, colon: true, minutes: true, seconds: true }),
    (b"Z0700", Std::Offset { z: true, colon: false, minutes: true, seconds: false }),
    (b"Z07:00", Std::Offset { z: true, colon: true, minutes: true, seconds: false }),
    (b"Z07", Std::Offset { z: true, colon: false, minutes: false, seconds: false }),
    (b"Jan", Std::Month),
    (b"Mon", Std::WeekDay),
];

/// The text before an element, the element with its spelling, and the text after.
type Split<'a> = (&'a [u8], Option<(Std, &'a [u8])>, &'a [u8]);

/// Splits a layout at its first element.
fn next(layout: &[u8]) -> Split<'_> {
    for at in 0..layout.len() {
        let rest = layout.get(at..).unwrap_or_default();
        // `_2006` is an underscore and a year.
        if rest.starts_with(b"_2006") {
            continue;
        }
        if let Some((std, len)) = element(rest) {
            let (before, _) = layout.split_at_checked(at).unwrap_or((layout, b""));
            let (word, after) = rest.split_at_checked(len).unwrap_or((rest, b""));
            return (before, Some((std, word)), after);
        }
    }
    (layout, None, b"")
}

fn element(rest: &[u8]) -> Option<(Std, usize)> {
    if let [point @ (b'.' | b','), digit @ (b'0' | b'9'), ..] = rest {
        let run = rest.iter().skip(1).take_while(|b| *b == digit).count();
        let ends = !rest.get(1 + run).is_some_and(u8::is_ascii_digit);
        let std = if *digit == b'0' { Std::Fraction0(run, *point) } else { Std::Fraction9(run, *point) };
        return ends.then_some((std, 1 + run));
    }
    let (word, std) = WORDS.iter().find(|(word, _)| rest.starts_with(word))?;
    let short_name = matches!(std, Std::Month | Std::WeekDay);
    let goes_on = rest.get(word.len()).is_some_and(u8::is_ascii_lowercase);
    (!(short_name && goes_on)).then_some((*std, word.len()))
}

/// Writes a time by a layout.
pub(super) fn format(time: &Time, layout: &[u8]) -> Vec<u8> {
    let civil = time.civil();
    let (zone, offset) = time.offset();
    let mut out = Vec::with_capacity(layout.len() + 10);
    let mut layout = layout;
    while !layout.is_empty() {
        let (before, element, after) = next(layout);
        out.extend_from_slice(before);
        let Some((std, _)) = element else { break };
        let text = write_element(std, &civil, time.nanosecond(), &zone, offset);
        out.extend_from_slice(text.as_bytes());
        layout = after;
    }
    out
}

fn write_element(std: Std, civil: &Civil, nanos: u32, zone: &str, offset: i32) -> String {
    let hour12 = if civil.hour % 12 == 0 { 12 } else { civil.hour % 12 };
    match std {
        Std::Year => format!("{:02}", civil.year.abs() % 100),
        Std::LongYear if civil.year < 0 => format!("-{:04}", civil.year.unsigned_abs()),
        Std::LongYear => format!("{:04}", civil.year),
        Std::Month => month_text(civil.month).chars().take(3).collect(),
        Std::LongMonth => month_text(civil.month),
        Std::NumMonth => civil.month.to_string(),
        Std::ZeroMonth => format!("{:02}", civil.month),
        Std::WeekDay => weekday_text(civil.weekday).chars().take(3).collect(),
        Std::LongWeekDay => weekday_text(civil.weekday),
        Std::Day => civil.day.to_string(),
        Std::UnderDay => format!("{:2}", civil.day),
        Std::ZeroDay => format!("{:02}", civil.day),
        Std::UnderYearDay => format!("{:3}", civil.yday),
        Std::ZeroYearDay => format!("{:03}", civil.yday),
        Std::Hour => format!("{:02}", civil.hour),
        Std::Hour12 => hour12.to_string(),
        Std::ZeroHour12 => format!("{hour12:02}"),
        Std::Minute => civil.minute.to_string(),
        Std::ZeroMinute => format!("{:02}", civil.minute),
        Std::Second => civil.second.to_string(),
        Std::ZeroSecond => format!("{:02}", civil.second),
        Std::UpperPm => if civil.hour >= 12 { "PM" } else { "AM" }.to_owned(),
        Std::LowerPm => if civil.hour >= 12 { "pm" } else { "am" }.to_owned(),
        Std::ZoneName if !zone.is_empty() => zone.to_owned(),
        Std::ZoneName => offset_text(offset, false, true, false),
        Std::Offset { z: true, .. } if offset == 0 => "Z".to_owned(),
        Std::Offset { colon, minutes, seconds, .. } => offset_text(offset, colon, minutes, seconds),
        Std::Fraction0(digits, point) => fraction(nanos, digits, point),
        Std::Fraction9(digits, point) => {
            let text = fraction(nanos, digits, point);
            let trimmed = text.trim_end_matches('0');
            if trimmed.len() == 1 { String::new() } else { trimmed.to_owned() }
        }
    }
}

fn fraction(nanos: u32, digits: usize, point: u8) -> String {
    let nanos = format!("{nanos:09}");
    let shown: String = nanos.chars().chain(std::iter::repeat('0')).take(digits).collect();
    format!("{}{shown}", char::from(point))
}

fn offset_text(offset: i32, colon: bool, minutes: bool, seconds: bool) -> String {
    // Go takes the sign from the whole minutes.
    let zone = offset / 60;
    let sign = if zone < 0 { '-' } else { '+' };
    let colon = if colon { ":" } else { "" };
    let mut text = format!("{sign}{:02}", zone.abs() / 60);
    if minutes {
        text.push_str(&format!("{colon}{:02}", zone.abs() % 60));
    }
    if seconds {
        text.push_str(&format!("{colon}{:02}", (offset % 60).abs()));
    }
    text
}

/// Why one element could not be read.
enum Bad {
    Syntax,
    Range(&'static str),
}

type Step = Result<(), Bad>;

#[derive(Default)]
struct Reader<'a> {
    rest: &'a [u8],
    year: i64,
    month: Option<i64>,
    day: Option<i64>,
    yday: Option<i64>,
    hour: i64,
    minute: i64,
    second: i64,
    nanos: u32,
    am: bool,
    pm: bool,
    utc: bool,
    offset: Option<i32>,
    zone: Option<String>,
}

/// Reads a time by a layout; without a zone it is UTC. The error is Go's text.
pub(crate) fn parse(layout: &[u8], value: &[u8]) -> Result<Time, String> {
    let (whole_layout, whole_value) = (layout, value);
    let mut layout = layout;
    let mut reader = Reader { rest: value, ..Reader::default() };
    loop {
        let (before, element, after) = next(layout);
        if !reader.skip(before) {
            return Err(cannot_parse(whole_layout, whole_value, before, reader.rest));
        }
        let Some((std, word)) = element else {
            if reader.rest.is_empty() {
                break;
            }
            return Err(format!("parsing time {}: extra text: {}", quote(whole_value), quote(reader.rest)));
        };
        layout = after;
        let hold = reader.rest;
        match reader.element(std, layout) {
            Ok(()) => {}
            Err(Bad::Range(what)) => return Err(out_of_range(whole_value, what)),
            Err(Bad::Syntax) => return Err(cannot_parse(whole_layout, whole_value, word, hold)),
        }
    }
    reader.finish(whole_value)
}

fn out_of_range(value: &[u8], what: &str) -> String {
    format!("parsing time {}: {what} out of range", quote(value))
}

fn cannot_parse(layout: &[u8], value: &[u8], layout_element: &[u8], value_element: &[u8]) -> String {
    format!(
        "parsing time {} as {}: cannot parse {} as {}",
        quote(value),
        quote(layout),
        quote(value_element),
        quote(layout_element)
    )
}

/// Quotes as package `time` does: control characters and all that is not ASCII as `\x`.
pub(super) fn quote(bytes: &[u8]) -> String {
    let mut out = String::from("\"");
    for &byte in bytes {
        match byte {
            b'"' | b'\\' => out.extend(['\\', char::from(byte)]),
            b' '..0x80 => out.push(char::from(byte)),
            _ => out.push_str(&format!("\\x{byte:02x}")),
        }
    }
    out.push('"');
    out
}

impl<'a> Reader<'a> {
    fn digit(&self, at: usize) -> Option<i64> {
        self.rest.get(at).filter(|b| b.is_ascii_digit()).map(|b| i64::from(b - b'0'))
    }

    fn advance(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at_checked(count).unwrap_or((self.rest, b""));
        self.rest = rest;
        taken
    }

    /// Skips literal text; a run of spaces matches any run of spaces.
    fn skip(&mut self, mut text: &[u8]) -> bool {
        while let [first, after @ ..] = text {
            if *first == b' ' {
                if self.rest.first().is_some_and(|b| *b != b' ') {
                    return false;
                }
                text = text.trim_ascii_start_spaces();
                self.rest = self.rest.trim_ascii_start_spaces();
                continue;
            }
            if self.rest.first() != Some(first) {
                return false;
            }
            self.advance(1);
            text = after;
        }
        true
    }

    /// Reads one or two digits; `fixed` wants two.
    fn number(&mut self, fixed: bool) -> Result<i64, Bad> {
        match (self.digit(0), self.digit(1)) {
            (Some(tens), Some(units)) => {
                self.advance(2);
                Ok(tens * 10 + units)
            }
            (Some(digit), None) if !fixed => {
                self.advance(1);
                Ok(digit)
            }
            _ => Err(Bad::Syntax),
        }
    }

    fn name(&mut self, names: &[&str], letters: usize) -> Result<i64, Bad> {
        for (position, name) in names.iter().enumerate() {
            let name = name.get(..letters).unwrap_or(name);
            if self.rest.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name.as_bytes())) {
                self.advance(name.len());
                return Ok(i64::try_from(position).unwrap_or(0));
            }
        }
        Err(Bad::Syntax)
    }

    fn element(&mut self, std: Std, layout: &[u8]) -> Step {
        match std {
            Std::Year => {
                let text = self.text(2)?;
                let year = signed_int(text).ok_or(Bad::Syntax)?;
                self.year = if year >= 69 { year + 1900 } else { year + 2000 };
            }
            Std::LongYear => {
                self.digit(0).ok_or(Bad::Syntax)?;
                let text = self.text(4)?;
                self.year = small_int(text).ok_or(Bad::Syntax)?;
            }
            Std::Month => self.month = Some(self.name(&MONTHS, 3)? + 1),
            Std::LongMonth => self.month = Some(self.name(&MONTHS, 9)? + 1),
            Std::NumMonth | Std::ZeroMonth => {
                let month = self.number(std == Std::ZeroMonth)?;
                self.month = Some(within(month, 1, 12, "month")?);
            }
            Std::WeekDay => drop(self.name(&DAYS, 3)?),
            Std::LongWeekDay => drop(self.name(&DAYS, 9)?),
            Std::Day | Std::UnderDay | Std::ZeroDay => {
                if std == Std::UnderDay && self.rest.first() == Some(&b' ') {
                    self.advance(1);
                }
                self.day = Some(self.number(std == Std::ZeroDay)?);
            }
            Std::UnderYearDay | Std::ZeroYearDay => self.year_day(std == Std::ZeroYearDay)?,
            Std::Hour => self.hour = within(self.number(false)?, 0, 23, "hour")?,
            Std::Hour12 | Std::ZeroHour12 => {
                self.hour = within(self.number(std == Std::ZeroHour12)?, 0, 12, "hour")?;
            }
            Std::Minute | Std::ZeroMinute => {
                self.minute = within(self.number(std == Std::ZeroMinute)?, 0, 59, "minute")?;
            }
            Std::Second | Std::ZeroSecond => self.seconds(std == Std::ZeroSecond, layout)?,
            Std::UpperPm => self.half(b"AM", b"PM")?,
            Std::LowerPm => self.half(b"am", b"pm")?,
            Std::Offset { z: true, .. } if self.rest.first() == Some(&b'Z') => {
                self.advance(1);
                self.utc = true;
            }
            Std::Offset { colon, minutes, seconds, .. } => self.offset(colon, minutes, seconds)?,
            Std::ZoneName => self.zone_name()?,
            Std::Fraction0(digits, _) => {
                let text = self.rest.get(..digits + 1).ok_or(Bad::Syntax)?;
                self.nanos = nanoseconds(text)?;
                self.advance(digits + 1);
            }
            Std::Fraction9(..) => self.optional_fraction()?,
        }
        Ok(())
    }

    fn text(&mut self, len: usize) -> Result<&'a [u8], Bad> {
        if self.rest.len() < len { Err(Bad::Syntax) } else { Ok(self.advance(len)) }
    }

    fn year_day(&mut self, fixed: bool) -> Step {
        for _ in 0..2 {
            if !fixed && self.rest.first() == Some(&b' ') {
                self.advance(1);
            }
        }
        let count = (0..3).take_while(|&at| self.digit(at).is_some()).count();
        if count == 0 || (fixed && count != 3) {
            return Err(Bad::Syntax);
        }
        self.yday = small_int(self.advance(count));
        Ok(())
    }

    fn seconds(&mut self, fixed: bool, layout: &[u8]) -> Step {
        self.second = within(self.number(fixed)?, 0, 59, "second")?;
        // A fraction may follow the seconds even where the layout has none.
        let wanted = matches!(next(layout).1, Some((Std::Fraction0(..) | Std::Fraction9(..), _)));
        if wanted { Ok(()) } else { self.optional_fraction() }
    }

    fn optional_fraction(&mut self) -> Step {
        let digits = self.rest.iter().skip(1).take_while(|b| b.is_ascii_digit()).count();
        if digits == 0 || !matches!(self.rest.first(), Some(b'.' | b',')) {
            return Ok(());
        }
        let text = self.advance(digits + 1);
        self.nanos = nanoseconds(text)?;
        Ok(())
    }

    fn half(&mut self, am: &[u8], pm: &[u8]) -> Step {
        let text = self.text(2)?;
        self.am |= text == am;
        self.pm |= text == pm;
        if text == am || text == pm { Ok(()) } else { Err(Bad::Syntax) }
    }

    fn offset(&mut self, colon: bool, minutes: bool, seconds: bool) -> Step {
        let fields = 1 + usize::from(minutes) + usize::from(seconds);
        let len = 1 + 2 * fields + if colon { fields - 1 } else { 0 };
        let text = self.text(len)?;
        let (sign, rest) = text.split_first().ok_or(Bad::Syntax)?;
        let width = if colon { 3 } else { 2 };
        let mut numbers = [0_i64; 3];
        let mut good = true;
        for (slot, chunk) in numbers.iter_mut().zip(rest.chunks(width)) {
            let (digits, tail) = chunk.split_at_checked(2).unwrap_or((chunk, b""));
            if !tail.is_empty() && tail != b":" {
                return Err(Bad::Syntax);
            }
            match small_int(digits) {
                Some(number) if good => *slot = number,
                _ => good = false,
            }
        }
        let [hours, minutes, seconds] = numbers;
        let range = [(hours, 24, "hour"), (minutes, 60, "minute"), (seconds, 60, "second")];
        let names = ["time zone offset hour", "time zone offset minute", "time zone offset second"];
        // Go keeps the last complaint.
        if let Some(what) = range.iter().zip(names).rfind(|((n, top, _), _)| n > top).map(|(_, name)| name) {
            return Err(Bad::Range(what));
        }
        let total = i32::try_from((hours * 60 + minutes) * 60 + seconds).unwrap_or(0);
        self.offset = Some(match sign {
            b'+' => total,
            b'-' => -total,
            _ => return Err(Bad::Syntax),
        });
        if good { Ok(()) } else { Err(Bad::Syntax) }
    }

    fn zone_name(&mut self) -> Step {
        if self.rest.starts_with(b"UTC") {
            self.advance(3);
            self.utc = true;
            return Ok(());
        }
        let len = zone_name_len(self.rest).ok_or(Bad::Syntax)?;
        self.zone = Some(crate::value::lossy(self.advance(len)));
        Ok(())
    }

    fn finish(mut self, value: &[u8]) -> Result<Time, String> {
        if self.pm && self.hour < 12 {
            self.hour += 12;
        } else if self.am && self.hour == 12 {
            self.hour = 0;
        }
        self.resolve_year_day(value)?;
        let (month, day) = (self.month.unwrap_or(1), self.day.unwrap_or(1));
        if day < 1 || day > days_in_month(self.year, month) {
            return Err(out_of_range(value, "day"));
        }
        let civil = Civil {
            year: self.year,
            month,
            day,
            hour: self.hour,
            minute: self.minute,
            second: self.second,
            ..Civil::default()
        };
        let time = Time::from_civil(&civil, self.nanos, Zone::Utc);
        if self.utc {
            return Ok(time);
        }
        let name = self.zone.unwrap_or_default();
        // Go marks "no offset" by -1 second, so that one offset is none.
        if let Some(offset) = self.offset.filter(|&offset| offset != -1) {
            let local = offset == 0 && (name.is_empty() || name == "UTC");
            let zone = if local { Zone::Utc } else { Zone::Fixed(name, offset) };
            return Ok(time.add(-i64::from(offset) * 1_000_000_000).with_zone(zone));
        }
        if name.is_empty() {
            return Ok(time);
        }
        let hours = name.strip_prefix("GMT").and_then(|hours| hours.parse::<i32>().ok()).unwrap_or(0);
        Ok(time.with_zone(Zone::Fixed(name, hours * 3600)))
    }

    fn resolve_year_day(&mut self, value: &[u8]) -> Result<(), String> {
        let Some(mut yday) = self.yday else { return Ok(()) };
        let top = days_of(self.year, 13, 1) - days_of(self.year, 1, 1);
        if yday < 1 || yday > top {
            return Err(out_of_range(value, "day-of-year"));
        }
        let mut month = 1;
        while yday > days_in_month(self.year, month) {
            yday -= days_in_month(self.year, month);
            month += 1;
        }
        let mismatch = |what| format!("parsing time {}: day-of-year does not match {what}", quote(value));
        if self.month.is_some_and(|seen| seen != month) {
            return Err(mismatch("month"));
        }
        if self.day.is_some_and(|seen| seen != yday) {
            return Err(mismatch("day"));
        }
        (self.month, self.day) = (Some(month), Some(yday));
        Ok(())
    }
}

fn within(number: i64, low: i64, high: i64, what: &'static str) -> Result<i64, Bad> {
    if (low..=high).contains(&number) { Ok(number) } else { Err(Bad::Range(what)) }
}

fn small_int(digits: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(digits).ok()?;
    if text.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    text.parse().ok()
}

/// Reads digits that may have a sign before them.
fn signed_int(text: &[u8]) -> Option<i64> {
    match text.split_first() {
        Some((b'-', digits)) => small_int(digits).map(|value| -value),
        Some((b'+', digits)) => small_int(digits),
        _ => small_int(text),
    }
}

fn nanoseconds(text: &[u8]) -> Result<u32, Bad> {
    let Some((b'.' | b',', digits)) = text.split_first() else { return Err(Bad::Syntax) };
    let digits = digits.get(..9).unwrap_or(digits);
    let value = signed_int(digits).ok_or(Bad::Syntax)?;
    let scale = 10_i64.pow(u32::try_from(9 - digits.len()).unwrap_or(0));
    u32::try_from(value * scale).map_err(|_| Bad::Range("fractional second"))
}

fn zone_name_len(text: &[u8]) -> Option<usize> {
    if text.len() < 3 {
        return None;
    }
    if text.starts_with(b"ChST") || text.starts_with(b"MeST") {
        return Some(4);
    }
    if let Some(rest) = text.strip_prefix(b"GMT") {
        return Some(3 + signed_offset_len(rest).unwrap_or(0));
    }
    if let Some(b'+' | b'-') = text.first() {
        return signed_offset_len(text);
    }
    let upper = text.iter().take(6).take_while(|b| b.is_ascii_uppercase()).count();
    let last = upper.checked_sub(1).and_then(|at| text.get(at));
    match upper {
        3 => Some(3),
        4 if last == Some(&b'T') || text.starts_with(b"WITA") => Some(4),
        5 if last == Some(&b'T') => Some(5),
        _ => None,
    }
}

fn signed_offset_len(text: &[u8]) -> Option<usize> {
    let Some((b'+' | b'-', rest)) = text.split_first() else { return None };
    let count = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    let value = small_int(rest.get(..count)?)?;
    (value <= 23).then_some(count + 1)
}

trait TrimSpaces {
    fn trim_ascii_start_spaces(&self) -> &[u8];
}

impl TrimSpaces for [u8] {
    fn trim_ascii_start_spaces(&self) -> &[u8] {
        let spaces = self.iter().take_while(|b| **b == b' ').count();
        self.get(spaces..).unwrap_or_default()
    }
}
