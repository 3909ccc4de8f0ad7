//! Dates and times, in the four layouts Go's YAML libraries try.

use crate::calendar::days_in_month;

/// Tells whether the text is `2006-1-2`, `2006-1-2 15:4:5.9`, or `2006-1-2T15:4:5.9Z07:00`.
pub(super) fn is_timestamp(text: &str) -> bool {
    read(text).is_some()
}

/// Returns a timestamp as Go writes it in JSON: RFC 3339 without zeros at the end of the fraction. There is none for
/// offsets of a whole day.
pub(in crate::yaml) fn rfc3339(text: &str) -> Option<String> {
    let Timestamp { date: (year, month, day), time: (hour, minute, second), fraction, offset } = read(text)?;
    let fraction = match fraction.trim_end_matches('0') {
        "" => String::new(),
        digits => format!(".{digits}"),
    };
    let zone = match (offset.unsigned_abs() / 60, offset.unsigned_abs() % 60) {
        (0, 0) => "Z".to_owned(),
        (24.., _) => return None,
        (hours, minutes) => format!("{}{hours:02}:{minutes:02}", if offset < 0 { '-' } else { '+' }),
    };
    Some(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}{zone}"))
}

fn read(text: &str) -> Option<Timestamp<'_>> {
    let begins = matches!(text.as_bytes(), [b'0'..=b'9', b'0'..=b'9', b'0'..=b'9', b'0'..=b'9', b'-', ..]);
    if begins { Reader(text).timestamp() } else { None }
}

struct Timestamp<'a> {
    date: (u32, u32, u32),
    time: (u32, u32, u32),
    /// Digits of the second's fraction, nine at most.
    fraction: &'a str,
    /// Minutes east of Greenwich.
    offset: i32,
}

struct Reader<'a>(&'a str);

impl<'a> Reader<'a> {
    fn timestamp(&mut self) -> Option<Timestamp<'a>> {
        let year = self.digits(4)?;
        self.literal(b'-')?;
        let month = self.number()?;
        self.literal(b'-')?;
        let day = self.number()?;
        if !(1..=12).contains(&month) || !(1..=days_in_month(year.into(), month.into())).contains(&day.into())
        {
            return None;
        }
        let mut found = Timestamp { date: (year, month, day), time: (0, 0, 0), fraction: "", offset: 0 };
        match self.first() {
            None => return Some(found),
            Some(b'T' | b't') => {
                self.skip(1);
                (found.time, found.fraction) = self.time()?;
                found.offset = self.zone()?;
            }
            Some(b' ') => {
                self.0 = self.0.trim_start_matches(' ');
                (found.time, found.fraction) = self.time()?;
            }
            Some(_) => return None,
        }
        self.0.is_empty().then_some(found)
    }

    fn time(&mut self) -> Option<((u32, u32, u32), &'a str)> {
        let hour = self.number()?;
        self.literal(b':')?;
        let minute = self.number()?;
        self.literal(b':')?;
        let second = self.number()?;
        let mut fraction = "";
        if let [b'.' | b',', b'0'..=b'9', ..] = self.0.as_bytes() {
            let digits = self.0.bytes().skip(1).take_while(u8::is_ascii_digit).count();
            fraction = self.0.get(1..1 + digits.min(9))?;
            self.skip(1 + digits);
        }
        (hour < 24 && minute < 60 && second < 60).then_some(((hour, minute, second), fraction))
    }

    fn zone(&mut self) -> Option<i32> {
        let sign = match self.first()? {
            b'Z' => 0,
            b'+' => 1,
            b'-' => -1,
            _ => return None,
        };
        self.skip(1);
        if sign == 0 {
            return Some(0);
        }
        let hours = self.digits(2)?;
        self.literal(b':')?;
        let minutes = self.digits(2)?;
        // Go allows offsets of a full day and a full hour.
        (hours <= 24 && minutes <= 60).then_some(sign * (hours * 60 + minutes) as i32)
    }

    /// Takes exactly `count` digits.
    fn digits(&mut self, count: usize) -> Option<u32> {
        let digits = self.0.as_bytes().get(..count)?;
        let value =
            digits.iter().try_fold(0, |value, digit| Some(value * 10 + char::from(*digit).to_digit(10)?))?;
        self.skip(count);
        Some(value)
    }

    /// Takes one or two digits.
    fn number(&mut self) -> Option<u32> {
        self.digits(2).or_else(|| self.digits(1))
    }

    fn first(&self) -> Option<u8> {
        self.0.bytes().next()
    }

    fn literal(&mut self, byte: u8) -> Option<()> {
        (self.first() == Some(byte)).then(|| self.skip(1))
    }

    fn skip(&mut self, count: usize) {
        self.0 = self.0.get(count..).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::{is_timestamp, rfc3339};

    #[test]
    fn layouts() {
        for text in [
            "2001-12-14",
            "2001-1-2",
            "2001-1-2 3:4:5",
            "2001-1-2   03:04:05.123",
            "2001-12-14T21:59:43.10-05:00",
            "2001-12-14t21:59:43Z",
            "2000-02-29",
        ] {
            assert!(is_timestamp(text), "{text}");
        }
        for text in [
            "2001-13-14",
            "2001-02-29",
            "20011-1-1",
            "2001-1-2T3:4:5",
            "2001-1-2 3:4:5Z",
            "2001-1-2 24:0:0",
            "2001-1-",
            "2001-12-14 21:59:43.10 -5",
            "2001-12-14x",
        ] {
            assert!(!is_timestamp(text), "{text}");
        }
    }
    #[test]
    fn json_has_them_in_full() {
        let cases = [
            ("2001-1-2", Some("2001-01-02T00:00:00Z")),
            ("2001-12-14 21:59:43.10", Some("2001-12-14T21:59:43.1Z")),
            ("2001-12-14t1:2:3,1234567891-05:30", Some("2001-12-14T01:02:03.123456789-05:30")),
            ("2001-12-14T21:59:43+00:60", Some("2001-12-14T21:59:43+01:00")),
            ("2001-12-14T21:59:43+24:00", None),
        ];
        for (text, json) in cases {
            assert_eq!(rfc3339(text).as_deref(), json, "{text}");
        }
    }
}
