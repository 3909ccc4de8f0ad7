//! Numbers: how messages show them, and which are multiples of others.

use trueup_manifest::{plain_decimal, shortest_digits};

/// Writes a number as English texts have it: `70,000.5`, `1×10²¹`.
pub(super) fn shown(number: f64) -> String {
    if !number.is_finite() {
        return if number.is_nan() {
            "NaN"
        } else if number > 0.0 {
            "∞"
        } else {
            "-∞"
        }
        .to_owned();
    }
    let (digits, exponent) = shortest_digits(number);
    if digits == "0" || (-4..6).contains(&exponent) {
        return grouped(number);
    }
    let sign = if number < 0.0 { "-" } else { "" };
    let (first, rest) = digits.split_at_checked(1).unwrap_or((&digits, ""));
    let point = if rest.is_empty() { "" } else { "." };
    let sign_of_exponent = if exponent < 0 { "⁻" } else { "" };
    let power: String = format!("{:02}", exponent.unsigned_abs()).chars().map(superscript).collect();
    format!("{sign}{first}{point}{rest}×10{sign_of_exponent}{power}")
}

/// Writes a number with commas between thousands.
pub(super) fn grouped(number: f64) -> String {
    let (digits, exponent) = shortest_digits(number);
    let plain = plain_decimal(&digits, exponent);
    let (whole, fraction) = plain.split_once('.').map_or((plain.as_str(), None), |(w, f)| (w, Some(f)));
    let mut text = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    let sign = if number < 0.0 { "-" } else { "" };
    match fraction {
        Some(fraction) => format!("{sign}{text}.{fraction}"),
        None => format!("{sign}{text}"),
    }
}

fn superscript(digit: char) -> char {
    let all = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    digit.to_digit(10).and_then(|digit| all.get(digit as usize).copied()).unwrap_or(digit)
}

/// Tells whether a number is a multiple of another one, both taken as the decimals that they are written as.
pub(super) fn is_multiple(number: f64, of: f64) -> bool {
    match (scaled(number), scaled(of)) {
        (Some((number, scale)), Some((of, of_scale))) => {
            let lowest = scale.min(of_scale);
            let up = |value: i128, scale: i32| {
                10_i128
                    .checked_pow(u32::try_from(scale - lowest).ok()?)
                    .and_then(|ten| value.checked_mul(ten))
            };
            match (up(number, scale), up(of, of_scale)) {
                (Some(number), Some(of)) => of != 0 && number % of == 0,
                _ => (number as f64 / of as f64).fract() == 0.0,
            }
        }
        _ => (number / of).fract() == 0.0,
    }
}

/// Returns a finite number as an integer and the power of ten it is to be multiplied with.
fn scaled(number: f64) -> Option<(i128, i32)> {
    if !number.is_finite() {
        return None;
    }
    let (digits, exponent) = shortest_digits(number);
    let scale = exponent + 1 - i32::try_from(digits.len()).ok()?;
    Some((digits.parse().ok()?, scale))
}
