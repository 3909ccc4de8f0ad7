//! Scalars: numbers, styles, and scalars that remember how they were spelled.

use super::{Repr, Value, View};
use ecow::EcoString;
use std::fmt;

/// A number as Go holds it.
#[derive(Clone, Copy, Debug)]
pub enum Number {
    /// Anything that fits `int64`.
    Int(i64),
    /// What only `uint64` can hold.
    UInt(u64),
    /// Anything else.
    Float(f64),
}

impl Number {
    /// Returns the integer, if it is one that fits.
    pub fn as_i64(self) -> Option<i64> {
        match self {
            Self::Int(i) => Some(i),
            Self::UInt(u) => i64::try_from(u).ok(),
            Self::Float(_) => None,
        }
    }

    /// Returns the number as a float; integers beyond 2^53 are rounded.
    pub fn as_f64(self) -> f64 {
        match self {
            Self::Int(i) => i as f64,
            Self::UInt(u) => u as f64,
            Self::Float(f) => f,
        }
    }
}

impl PartialEq for Number {
    /// Compares by value: `1` equals `1.0`. NaN equals itself, so that equality stays reflexive.
    fn eq(&self, other: &Self) -> bool {
        match (*self, *other) {
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::UInt(a), Self::UInt(b)) => a == b,
            (Self::Int(a), Self::UInt(b)) | (Self::UInt(b), Self::Int(a)) => u64::try_from(a) == Ok(b),
            (Self::Float(a), Self::Float(b)) => a == b || (a.is_nan() && b.is_nan()),
            (Self::Float(f), Self::Int(i)) | (Self::Int(i), Self::Float(f)) => {
                f == i as f64 && f as i128 == i128::from(i)
            }
            (Self::Float(f), Self::UInt(u)) | (Self::UInt(u), Self::Float(f)) => {
                f == u as f64 && f as i128 == i128::from(u)
            }
        }
    }
}

impl fmt::Display for Number {
    /// Writes it as Go's YAML encoder does: integers in decimal, floats in the shortest `%g` form.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(i) => i.fmt(f),
            Self::UInt(u) => u.fmt(f),
            Self::Float(float) => f.write_str(&go_float_text(*float)),
        }
    }
}

/// How a scalar was written. It never takes part in equality.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ScalarStyle {
    /// `text`
    #[default]
    Plain,
    /// `'text'`
    SingleQuoted,
    /// `"text"`
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

impl ScalarStyle {
    /// Returns true for `'…'` and `"…"`.
    pub fn is_quoted(self) -> bool {
        matches!(self, Self::SingleQuoted | Self::DoubleQuoted)
    }

    /// Returns true for `|` and `>`.
    pub fn is_block(self) -> bool {
        matches!(self, Self::Literal | Self::Folded)
    }
}

/// A scalar together with its spelling in the document.
#[derive(Clone, Debug)]
pub struct SourceScalar {
    /// The text of the scalar, after unquoting and unfolding.
    pub text: EcoString,
    /// How it was written.
    pub style: ScalarStyle,
    /// The explicit tag in its long form (`tag:yaml.org,2002:str`, `!vault`), if one was written.
    pub tag: Option<EcoString>,
    /// What it means.
    pub resolved: Resolved,
    /// The identity that scalars share when the reference holds one node in several places; 0 for none.
    ///
    /// kustomize puts one label into several fields as one node, and a later edit of one field edits them all.
    pub cell: u32,
}

/// What the text of a scalar means.
#[derive(Clone, Debug)]
pub enum Resolved {
    /// Null.
    Null,
    /// A boolean.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string that is the text itself.
    Text,
    /// A string other than the text, such as decoded `!!binary` data.
    String(EcoString),
    /// A timestamp. In JSON it is a string; the text is kept.
    Timestamp,
}

impl SourceScalar {
    /// Returns the canonical value when the spelling adds nothing to it.
    pub(super) fn canonical(&self) -> Option<Value> {
        if self.tag.is_some() || self.cell != 0 {
            return None;
        }
        if matches!(self.resolved, Resolved::Text) {
            return Some(Value(Repr::String(self.text.clone(), self.style)));
        }
        if self.style != ScalarStyle::Plain {
            return None;
        }
        match self.resolved {
            Resolved::Null if self.text.is_empty() => Some(Value::NULL),
            Resolved::Bool(true) if self.text == "true" => Some(Value::from(true)),
            Resolved::Bool(false) if self.text == "false" => Some(Value::from(false)),
            Resolved::Number(Number::Int(i)) if is_decimal(&self.text, i) => Some(Value::from(i)),
            Resolved::Number(Number::Float(f)) if go_float_text(f) == self.text => Some(Value::from(f)),
            _ => None,
        }
    }

    pub(super) fn unsigned(u: u64) -> Self {
        Self {
            text: ecow::eco_format!("{u}"),
            style: ScalarStyle::Plain,
            tag: None,
            resolved: Resolved::Number(Number::UInt(u)),
            cell: 0,
        }
    }

    pub(super) fn view(&self) -> View<'_> {
        match &self.resolved {
            Resolved::Null => View::Null,
            Resolved::Bool(b) => View::Bool(*b),
            Resolved::Number(n) => View::Number(*n),
            Resolved::Text | Resolved::Timestamp => View::String(&self.text),
            Resolved::String(s) => View::String(s),
        }
    }

    pub(super) fn as_eco_str(&self) -> Option<&EcoString> {
        match &self.resolved {
            Resolved::Text | Resolved::Timestamp => Some(&self.text),
            Resolved::String(s) => Some(s),
            _ => None,
        }
    }
}

/// Tells whether `text` is how `i` is written in decimal, without writing it.
fn is_decimal(text: &str, i: i64) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    plain && (digits == "0" || !digits.starts_with('0')) && (i < 0) == text.starts_with('-')
}

/// Returns a float as Go's YAML encoders write it: `strconv.FormatFloat(f, 'g', -1, 64)`, and `.inf`, `-.inf`, `.nan`.
pub(crate) fn go_float_text(f: f64) -> EcoString {
    if f.is_nan() {
        return EcoString::from(".nan");
    }
    if f.is_infinite() {
        return EcoString::from(if f > 0.0 { ".inf" } else { "-.inf" });
    }
    let (digits, exponent) = shortest_digits(f);
    let sign = if f.is_sign_negative() { "-" } else { "" };
    if (-4..6).contains(&exponent) {
        return ecow::eco_format!("{sign}{}", plain_decimal(&digits, exponent));
    }
    let (first, rest) = digits.split_at_checked(1).unwrap_or((&digits, ""));
    let point = if rest.is_empty() { "" } else { "." };
    let exponent_sign = if exponent < 0 { '-' } else { '+' };
    ecow::eco_format!("{sign}{first}{point}{rest}e{exponent_sign}{:02}", exponent.abs())
}

/// Returns the shortest digits that read back as a finite float, and the exponent of the first: `d.ddd × 10^e`.
///
/// Of two that are equally near it is the even one, as in Go; the sign is left out.
///
/// ```
/// use trueup_manifest::shortest_digits;
///
/// assert_eq!(shortest_digits(-1250.0), ("125".to_owned(), 3));
/// assert_eq!(shortest_digits(0.233631134033203125), ("23363113403320312".to_owned(), -1));
/// ```
pub fn shortest_digits(f: f64) -> (String, i32) {
    let mut buffer = ryu::Buffer::new();
    let text = buffer.format_finite(f.abs());
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    let digits = all.trim_start_matches('0');
    let (before, zeros) = (whole.len() as i32, (all.len() - digits.len()) as i32);
    match digits.trim_end_matches('0') {
        "" => ("0".to_owned(), 0),
        digits => (digits.to_owned(), exponent.parse().unwrap_or(0) + before - 1 - zeros),
    }
}

/// Writes digits of [`shortest_digits`] without an exponent.
pub fn plain_decimal(digits: &str, exponent: i32) -> String {
    let Ok(point) = usize::try_from(exponent + 1) else {
        return format!("0.{}{digits}", "0".repeat(exponent.unsigned_abs() as usize - 1));
    };
    match digits.split_at_checked(point) {
        Some(("", fraction)) => format!("0.{fraction}"),
        Some((whole, "")) => whole.to_owned(),
        Some((whole, fraction)) => format!("{whole}.{fraction}"),
        None => format!("{digits}{}", "0".repeat(point.saturating_sub(digits.len()))),
    }
}

/// Returns a float as `strconv.FormatFloat(f, 'g', -1, 32)` writes it, with YAML's words for infinities and NaN.
pub(crate) fn go_float32_text(f: f64) -> EcoString {
    let f = f as f32;
    if !f.is_finite() {
        return go_float_text(f64::from(f));
    }
    match go_exponent_form(&format!("{f:e}")) {
        Some(text) => text,
        None => ecow::eco_format!("{f}"),
    }
}

/// Returns the form with an exponent if Go's `%g` chooses it: below 1e-4 and from 1e6 on for the shortest precision.
///
/// Rust's `{:e}` gives the shortest digits that read back the same, as `-1` precision does in Go.
fn go_exponent_form(scientific: &str) -> Option<EcoString> {
    let (mantissa, exponent) = scientific.split_once('e')?;
    let exponent: i32 = exponent.parse().ok()?;
    if (-4..6).contains(&exponent) {
        return None;
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    Some(ecow::eco_format!("{mantissa}e{sign}{:02}", exponent.abs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_written_as_go_writes_them() {
        let cases = [
            (1.0, "1"),
            (0.5, "0.5"),
            (1e6, "1e+06"),
            (1e20, "1e+20"),
            (123456789.0, "1.23456789e+08"),
            (1e-4, "0.0001"),
            (1e-5, "1e-05"),
            (1.234_567_890_123_456_8e29, "1.2345678901234568e+29"),
            (-0.0, "-0"),
            (f64::INFINITY, ".inf"),
        ];
        for (float, text) in cases {
            assert_eq!(go_float_text(float), text);
        }
    }
}
