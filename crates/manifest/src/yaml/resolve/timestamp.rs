//! Dates and times, in the four layouts Go's YAML libraries try.

/// Tells whether the text is `2006-1-2`, `2006-1-2 15:4:5.9`, or `2006-1-2T15:4:5.9Z07:00`.
pub(super) fn is_timestamp(text: &str) -> bool {
    let bytes = text.as_bytes();
    let begins = matches!(bytes, [b'0'..=b'9', b'0'..=b'9', b'0'..=b'9', b'0'..=b'9', b'-', ..]);
    begins && Reader(bytes).timestamp().is_some()
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn timestamp(&mut self) -> Option<()> {
        let year = self.digits(4)?;
        self.literal(b'-')?;
        let month = self.number()?;
        self.literal(b'-')?;
        let day = self.number()?;
        let valid = (1..=12).contains(&month) && (1..=days(year, month)).contains(&day);
        match self.0 {
            _ if !valid => None,
            [] => Some(()),
            [b'T' | b't', ..] => {
                self.skip(1);
                self.time()?;
                self.zone()?;
                self.end()
            }
            [b' ', ..] => {
                let spaces = self.0.iter().take_while(|byte| **byte == b' ').count();
                self.skip(spaces);
                self.time()?;
                self.end()
            }
            _ => None,
        }
    }

    fn time(&mut self) -> Option<()> {
        let hour = self.number()?;
        self.literal(b':')?;
        let minute = self.number()?;
        self.literal(b':')?;
        let second = self.number()?;
        if let [b'.' | b',', b'0'..=b'9', ..] = self.0 {
            let digits = self.0.iter().skip(1).take_while(|byte| byte.is_ascii_digit()).count();
            self.skip(1 + digits);
        }
        (hour < 24 && minute < 60 && second < 60).then_some(())
    }

    fn zone(&mut self) -> Option<()> {
        if self.0.first() == Some(&b'Z') {
            self.skip(1);
            return Some(());
        }
        if !matches!(self.0.first(), Some(b'+' | b'-')) {
            return None;
        }
        self.skip(1);
        let hours = self.digits(2)?;
        self.literal(b':')?;
        let minutes = self.digits(2)?;
        // Go allows offsets of a full day and a full hour.
        (hours <= 24 && minutes <= 60).then_some(())
    }

    /// Takes exactly `count` digits.
    fn digits(&mut self, count: usize) -> Option<u32> {
        let digits = self.0.get(..count)?;
        let value =
            digits.iter().try_fold(0, |value, digit| Some(value * 10 + char::from(*digit).to_digit(10)?))?;
        self.skip(count);
        Some(value)
    }

    /// Takes one or two digits.
    fn number(&mut self) -> Option<u32> {
        self.digits(2).or_else(|| self.digits(1))
    }

    fn literal(&mut self, byte: u8) -> Option<()> {
        (self.0.first() == Some(&byte)).then(|| self.skip(1))
    }

    fn end(&self) -> Option<()> {
        self.0.is_empty().then_some(())
    }

    fn skip(&mut self, count: usize) {
        self.0 = self.0.get(count..).unwrap_or_default();
    }
}

fn days(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::is_timestamp;

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
}
