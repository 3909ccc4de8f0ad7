//! Quantities: `100m`, `1Gi`, `1e3`, in the one form Kubernetes writes them.

use ecow::EcoString;

/// Which suffixes a quantity uses.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Decimal,
    Binary,
    Exponent,
}

/// How many digits a quantity may have, and how far its exponent may reach.
const MAX_DIGITS: usize = 64;
/// Finer than this is rounded away from zero.
const NANO: i32 = -9;

/// Returns the canonical form, or nothing if it is no quantity.
///
/// ```
/// # use trueup_diff::typed::canonical_quantity;
/// assert_eq!(canonical_quantity("1000m").unwrap(), "1");
/// assert_eq!(canonical_quantity("1.5Gi").unwrap(), "1536Mi");
/// assert_eq!(canonical_quantity("12x"), None);
/// ```
pub fn canonical_quantity(text: &str) -> Option<EcoString> {
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let number_len = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    let (number, suffix) = rest.split_at_checked(number_len)?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') {
        return None;
    }
    let (family, scale) = suffix_of(suffix)?;
    let digits = format!("{whole}{fraction}");
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() {
        return Some("0".into());
    }
    if digits.len() > MAX_DIGITS {
        return None;
    }
    let fraction_len = i32::try_from(fraction.len()).ok()?;
    let amount = match scale {
        Scale::Ten(exponent) => Amount::new(digits.into(), exponent - fraction_len),
        Scale::Two(exponent) => Amount::new(times_power_of_two(digits, exponent), -fraction_len),
    };
    let amount = amount.rounded();
    let text = match family {
        Family::Binary => binary(&amount).unwrap_or_else(|| decimal(&amount, Family::Decimal)),
        family => decimal(&amount, family),
    };
    Some(if negative { ecow::eco_format!("-{text}") } else { text.into() })
}

enum Scale {
    Ten(i32),
    Two(u32),
}

fn suffix_of(suffix: &str) -> Option<(Family, Scale)> {
    let ten = |exponent| Some((Family::Decimal, Scale::Ten(exponent)));
    match suffix {
        "" => ten(0),
        "n" => ten(-9),
        "u" => ten(-6),
        "m" => ten(-3),
        "k" => ten(3),
        "M" => ten(6),
        "G" => ten(9),
        "T" => ten(12),
        "P" => ten(15),
        "E" => ten(18),
        _ => match BINARY.iter().position(|name| *name == suffix) {
            Some(at) => Some((Family::Binary, Scale::Two(u32::try_from(at).ok()? * 10 + 10))),
            None => {
                let exponent = suffix.strip_prefix(['e', 'E'])?;
                let exponent: i32 = exponent.strip_prefix('+').unwrap_or(exponent).parse().ok()?;
                (-1000..=1000).contains(&exponent).then_some((Family::Exponent, Scale::Ten(exponent)))
            }
        },
    }
}

const BINARY: [&str; 6] = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

/// A positive decimal number: digits without trailing zeros, times a power of ten.
struct Amount {
    digits: String,
    exponent: i32,
}

impl Amount {
    fn new(mut digits: String, mut exponent: i32) -> Self {
        let trimmed = digits.trim_end_matches('0').len();
        exponent += i32::try_from(digits.len() - trimmed).unwrap_or(0);
        digits.truncate(trimmed);
        Self { digits, exponent }
    }

    /// Rounds up to whole nanos.
    fn rounded(self) -> Self {
        let excess = usize::try_from(NANO - self.exponent).unwrap_or(0);
        if excess == 0 {
            return self;
        }
        let kept = self.digits.len().saturating_sub(excess);
        let up = increment(self.digits.get(..kept).unwrap_or_default());
        Self::new(up, NANO)
    }

    /// Writes the number as an integer of a unit of ten to some power; nothing if that leaves a fraction.
    fn integer(&self, unit: i32) -> Option<String> {
        let zeros = usize::try_from(self.exponent - unit).ok()?;
        Some(format!("{}{}", self.digits, "0".repeat(zeros)))
    }
}

fn decimal(amount: &Amount, family: Family) -> String {
    let units: [(i32, &str); 10] = [
        (18, "E"),
        (15, "P"),
        (12, "T"),
        (9, "G"),
        (6, "M"),
        (3, "k"),
        (0, ""),
        (-3, "m"),
        (-6, "u"),
        (-9, "n"),
    ];
    for (unit, suffix) in units {
        let Some(integer) = amount.integer(unit) else { continue };
        return match family {
            Family::Exponent if unit != 0 => format!("{integer}e{unit}"),
            _ => format!("{integer}{suffix}"),
        };
    }
    "0".into()
}

/// Writes it with the largest binary suffix that leaves no fraction; nothing if it has one itself.
fn binary(amount: &Amount) -> Option<String> {
    let mut digits = amount.integer(0)?;
    let mut suffix = "";
    for name in BINARY {
        match divided_by_1024(&digits) {
            Some(quotient) => (digits, suffix) = (quotient, name),
            None => break,
        }
    }
    Some(format!("{digits}{suffix}"))
}

fn digit(byte: u8) -> u32 {
    u32::from(byte.wrapping_sub(b'0'))
}

fn divided_by_1024(digits: &str) -> Option<String> {
    let mut rest = 0;
    let mut out = String::with_capacity(digits.len());
    for byte in digits.bytes() {
        rest = rest * 10 + digit(byte);
        out.extend(char::from_digit(rest / 1024, 10));
        rest %= 1024;
    }
    let trimmed = out.trim_start_matches('0');
    (rest == 0 && !trimmed.is_empty()).then(|| trimmed.to_owned())
}

fn times_power_of_two(digits: &str, power: u32) -> String {
    let mut out: Vec<u32> = digits.bytes().rev().map(digit).collect();
    for _ in 0..power {
        let mut carry = 0;
        for place in &mut out {
            let doubled = *place * 2 + carry;
            (*place, carry) = (doubled % 10, doubled / 10);
        }
        if carry > 0 {
            out.push(carry);
        }
    }
    out.into_iter().rev().filter_map(|digit| char::from_digit(digit, 10)).collect()
}

fn increment(digits: &str) -> String {
    let mut out: Vec<u32> = digits.bytes().rev().map(digit).collect();
    let mut carry = 1;
    for place in &mut out {
        let sum = *place + carry;
        (*place, carry) = (sum % 10, sum / 10);
    }
    if carry > 0 {
        out.push(carry);
    }
    out.into_iter().rev().filter_map(|digit| char::from_digit(digit, 10)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_have_one_form() {
        let cases = [
            ("0.1", "100m"),
            ("1000", "1k"),
            ("1024Mi", "1Gi"),
            ("1000Mi", "1000Mi"),
            ("0.5Gi", "512Mi"),
            ("1e3", "1e3"),
            ("0.1m", "100u"),
            ("0.1n", "1n"),
            ("-1.5", "-1500m"),
            ("0Gi", "0"),
            ("0.1Ki", "102400m"),
            ("12E", "12E"),
            ("1500e-3", "1500e-3"),
            (".5", "500m"),
            ("5.", "5"),
        ];
        for (text, canonical) in cases {
            assert_eq!(canonical_quantity(text).as_deref(), Some(canonical), "{text}");
        }
        for text in ["", "x", "1x", "1 ", "--1", "1.2.3", "Gi", "1ee3", "1e99999999999"] {
            assert_eq!(canonical_quantity(text), None, "{text}");
        }
    }
}
