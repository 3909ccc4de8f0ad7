//! The formatter below `fmt`: flags, padding, and one method per kind of scalar.

use super::number::format_float;
use super::quote::{can_backquote, quote, quote_rune};
use super::unicode::is_print;
use crate::value::Runes;

/// An output buffer with the flags of the current directive.
pub(super) struct Format {
    pub(super) out: Vec<u8>,
    limit: usize,
    /// Set once the buffer would pass the limit; nothing is written any more.
    pub(super) over: bool,
    pub(super) width: Option<usize>,
    pub(super) precision: Option<usize>,
    pub(super) minus: bool,
    pub(super) plus: bool,
    pub(super) sharp: bool,
    pub(super) space: bool,
    pub(super) zero: bool,
    /// `%+v`
    pub(super) plus_v: bool,
    /// `%#v`
    pub(super) sharp_v: bool,
}

impl Format {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            out: Vec::new(),
            limit,
            over: false,
            width: None,
            precision: None,
            minus: false,
            plus: false,
            sharp: false,
            space: false,
            zero: false,
            plus_v: false,
            sharp_v: false,
        }
    }

    pub(super) fn clear_flags(&mut self) {
        let out = std::mem::take(&mut self.out);
        *self = Self { out, over: self.over, ..Self::new(self.limit) };
    }

    pub(super) fn push(&mut self, byte: u8) {
        self.push_all(&[byte]);
    }

    pub(super) fn push_char(&mut self, c: char) {
        self.push_all(c.encode_utf8(&mut [0; 4]).as_bytes());
    }

    pub(super) fn push_str(&mut self, text: &str) {
        self.push_all(text.as_bytes());
    }

    pub(super) fn push_all(&mut self, bytes: &[u8]) {
        if self.room(bytes.len()) {
            self.out.extend_from_slice(bytes);
        }
    }

    fn room(&mut self, more: usize) -> bool {
        self.over |= self.out.len().saturating_add(more) > self.limit;
        !self.over
    }

    fn padding(&mut self, count: usize) {
        if self.room(count) {
            let byte = if self.zero && !self.minus { b'0' } else { b' ' };
            self.out.resize(self.out.len() + count, byte);
        }
    }

    pub(super) fn pad(&mut self, bytes: &[u8]) {
        let missing = self.width.map_or(0, |width| width.saturating_sub(Runes(bytes).count()));
        if !self.minus {
            self.padding(missing);
        }
        self.push_all(bytes);
        if self.minus {
            self.padding(missing);
        }
    }

    /// Pads with spaces only, whatever the flags say.
    fn pad_spaces(&mut self, bytes: &[u8]) {
        let zero = std::mem::replace(&mut self.zero, false);
        self.pad(bytes);
        self.zero = zero;
    }

    fn truncated<'a>(&self, bytes: &'a [u8]) -> &'a [u8] {
        let Some(precision) = self.precision else { return bytes };
        let end: usize = Runes(bytes).take(precision).map(|(_, width)| width).sum();
        bytes.get(..end).unwrap_or(bytes)
    }

    pub(super) fn string(&mut self, bytes: &[u8]) {
        self.pad(self.truncated(bytes));
    }

    pub(super) fn quoted(&mut self, bytes: &[u8]) {
        let bytes = self.truncated(bytes);
        if self.sharp && can_backquote(bytes) {
            self.pad(&[b"`", bytes, b"`"].concat());
        } else {
            self.pad(&quote(bytes, self.plus));
        }
    }

    pub(super) fn rune(&mut self, code: u64) {
        let rune = to_rune(code);
        self.pad(rune.encode_utf8(&mut [0; 4]).as_bytes());
    }

    pub(super) fn quoted_rune(&mut self, code: u64) {
        self.pad(&quote_rune(to_rune(code), self.plus));
    }

    /// `U+0078`, or `U+0078 'x'` with the sharp flag.
    pub(super) fn unicode(&mut self, code: u64) {
        let digits = self.precision.map_or(4, |precision| precision.max(4));
        if !self.room(digits) {
            return;
        }
        let mut text = format!("U+{code:0digits$X}");
        let rune = u32::try_from(code).ok().and_then(char::from_u32);
        if let Some(rune) = rune.filter(|&rune| self.sharp && is_print(rune)) {
            text.push_str(&format!(" '{rune}'"));
        }
        self.pad_spaces(text.as_bytes());
    }

    /// Writes an integer; `bits` are two's complement when `signed`.
    pub(super) fn integer(&mut self, bits: u64, base: u32, signed: bool, verb: char, upper: bool) {
        let negative = signed && (bits as i64) < 0;
        let size = if negative { bits.wrapping_neg() } else { bits };
        let mut digits_wanted = 0;
        if let Some(precision) = self.precision {
            digits_wanted = precision;
            if precision == 0 && size == 0 {
                let zero = std::mem::replace(&mut self.zero, false);
                self.padding(self.width.unwrap_or(0));
                self.zero = zero;
                return;
            }
        } else if let Some(width) = self.width.filter(|_| self.zero && !self.minus) {
            digits_wanted = width.saturating_sub(usize::from(negative || self.plus || self.space));
        }
        if !self.room(digits_wanted) {
            return;
        }
        let digits = match (base, upper) {
            (2, _) => format!("{size:b}"),
            (8, _) => format!("{size:o}"),
            (16, false) => format!("{size:x}"),
            (16, true) => format!("{size:X}"),
            _ => size.to_string(),
        };
        let mut text = String::new();
        match () {
            () if negative => text.push('-'),
            () if self.plus => text.push('+'),
            () if self.space => text.push(' '),
            () => {}
        }
        let zeros = digits_wanted.saturating_sub(digits.len());
        if verb == 'O' {
            text.push_str("0o");
        }
        if self.sharp {
            text.push_str(match (base, upper) {
                (2, _) => "0b",
                (8, _) if zeros == 0 && !digits.starts_with('0') => "0",
                (16, false) => "0x",
                (16, true) => "0X",
                _ => "",
            });
        }
        text.extend(std::iter::repeat_n('0', zeros));
        text.push_str(&digits);
        self.pad_spaces(text.as_bytes());
    }

    /// Writes the bytes in hexadecimal, as `%x` of a string.
    pub(super) fn hex(&mut self, bytes: &[u8], upper: bool) {
        let length = self.precision.map_or(bytes.len(), |precision| precision.min(bytes.len()));
        if length == 0 {
            return self.padding(self.width.unwrap_or(0));
        }
        let prefix: &[u8] = match (self.sharp, upper) {
            (false, _) => b"",
            (true, false) => b"0x",
            (true, true) => b"0X",
        };
        let mut text = prefix.to_vec();
        for (position, byte) in bytes.iter().take(length).enumerate() {
            if self.space && position > 0 {
                text.push(b' ');
                text.extend_from_slice(prefix);
            }
            let digits = if upper { format!("{byte:02X}") } else { format!("{byte:02x}") };
            text.extend_from_slice(digits.as_bytes());
        }
        self.pad(&text);
    }

    /// Writes a float; the precision of the directive goes before `precision`.
    pub(super) fn float(&mut self, value: f64, verb: char, precision: Option<usize>) {
        let precision = self.precision.or(precision);
        if !self.room(precision.unwrap_or(0)) {
            return;
        }
        let mut number = format_float(value, verb, precision);
        if !number.starts_with(['-', '+']) {
            number.insert(0, '+');
        }
        if self.space && number.starts_with('+') && !self.plus {
            number.replace_range(..1, " ");
        }
        if !value.is_finite() {
            if value.is_nan() && !self.space && !self.plus {
                number.remove(0);
            }
            return self.pad_spaces(number.as_bytes());
        }
        if self.sharp && verb != 'b' {
            number = with_point(&number, verb, precision);
        }
        if self.plus || !number.starts_with('+') {
            if self.zero && !self.minus && self.width.is_some_and(|width| width > number.len()) {
                let (sign, digits) = number.split_at_checked(1).unwrap_or(("", &number));
                let zeros = self.width.unwrap_or(0).saturating_sub(number.len());
                self.push_str(sign);
                self.padding(zeros);
                return self.push_str(digits);
            }
            return self.pad(number.as_bytes());
        }
        self.pad(number.get(1..).unwrap_or_default().as_bytes());
    }
}

/// The sharp flag: always a decimal point, and trailing zeros up to the precision.
fn with_point(number: &str, verb: char, precision: Option<usize>) -> String {
    let mut digits = match verb {
        'g' | 'G' | 'x' => precision.map_or(6, |p| i64::try_from(p).unwrap_or(i64::MAX)),
        _ => 0,
    };
    let hexadecimal = matches!(verb, 'x' | 'X');
    let tail_at = number
        .find(|c: char| matches!(c, 'p' | 'P') || (!hexadecimal && matches!(c, 'e' | 'E')))
        .unwrap_or(number.len());
    let (body, tail) = number.split_at_checked(tail_at).unwrap_or((number, ""));
    let mut body = body.to_owned();
    let mut saw_nonzero = false;
    for c in body.chars().skip(1).filter(|&c| c != '.') {
        saw_nonzero |= c != '0';
        digits -= i64::from(saw_nonzero);
    }
    if !body.contains('.') {
        if body.len() == 2 && body.ends_with('0') {
            digits -= 1;
        }
        body.push('.');
    }
    body.extend(std::iter::repeat_n('0', usize::try_from(digits).unwrap_or(0)));
    body.push_str(tail);
    body
}

fn to_rune(code: u64) -> char {
    u32::try_from(code).ok().and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER)
}
