//! Reading and writing numbers as Go's `strconv` does.

/// Why a number could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NumberError {
    #[error("invalid syntax")]
    Syntax,
    #[error("value out of range")]
    Range,
}

/// Reads an unsigned integer; base 0 takes Go's prefixes and underscores.
pub(crate) fn parse_uint(text: &str, base: u32) -> Result<u64, NumberError> {
    let syntax = Err(NumberError::Syntax);
    if text.is_empty() {
        return syntax;
    }
    let (radix, digits) = if base == 0 { prefix(text) } else { (base, text) };
    if digits.is_empty() {
        return syntax;
    }
    let mut value = 0_u64;
    let mut range = false;
    for c in digits.chars() {
        if c == '_' && base == 0 {
            continue;
        }
        let Some(digit) = c.to_digit(radix) else { return syntax };
        match value.checked_mul(u64::from(radix)).and_then(|v| v.checked_add(u64::from(digit))) {
            Some(next) => value = next,
            // Go stops at the overflow, so a bad digit after it goes unseen.
            None => {
                range = true;
                break;
            }
        }
    }
    match range {
        true => Err(NumberError::Range),
        false if text.contains('_') && !underscores_ok(text) => syntax,
        false => Ok(value),
    }
}

fn prefix(text: &str) -> (u32, &str) {
    let Some(rest) = text.strip_prefix('0') else { return (10, text) };
    if text.len() >= 3 {
        for (letter, radix) in [('b', 2), ('o', 8), ('x', 16)] {
            if let Some(digits) = rest.strip_prefix([letter, letter.to_ascii_uppercase()]) {
                return (radix, digits);
            }
        }
    }
    if rest.is_empty() { (10, text) } else { (8, rest) }
}

/// Reads a signed integer of 64 bits.
pub(crate) fn parse_int(text: &str, base: u32) -> Result<i64, NumberError> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let value = parse_uint(digits, base)?;
    let signed = if negative { 0_i64.checked_sub_unsigned(value) } else { i64::try_from(value).ok() };
    signed.ok_or(NumberError::Range)
}

/// Reports whether underscores only separate digits (or follow a base prefix).
fn underscores_ok(text: &str) -> bool {
    let body = text.strip_prefix(['-', '+']).unwrap_or(text);
    let prefix = body.strip_prefix('0').and_then(|rest| rest.strip_prefix(['b', 'B', 'o', 'O', 'x', 'X']));
    let hex = prefix.is_some() && body.get(1..2).is_some_and(|x| x.eq_ignore_ascii_case("x"));
    let mut saw = if prefix.is_some() { '0' } else { '^' };
    for c in prefix.unwrap_or(body).chars() {
        saw = match c {
            '0'..='9' => '0',
            'a'..='f' | 'A'..='F' if hex => '0',
            '_' if saw == '0' => '_',
            '_' => return false,
            _ if saw == '_' => return false,
            _ => '!',
        };
    }
    saw != '_'
}

/// Reads a float: decimal, hexadecimal, `Inf`, `NaN`.
pub(crate) fn parse_float(text: &str) -> Result<f64, NumberError> {
    let lower = text.to_ascii_lowercase();
    let unsigned = lower.strip_prefix(['+', '-']).unwrap_or(&lower);
    match unsigned {
        "inf" | "infinity" => {
            return Ok(if lower.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY });
        }
        "nan" if unsigned.len() == lower.len() => return Ok(f64::NAN),
        _ => {}
    }
    if text.contains('_') && !underscores_ok(text) {
        return Err(NumberError::Syntax);
    }
    let plain = lower.replace('_', "");
    let value = if unsigned.starts_with("0x") { hex_float(&plain)? } else { decimal_float(&plain)? };
    if value.is_infinite() { Err(NumberError::Range) } else { Ok(value) }
}

fn decimal_float(text: &str) -> Result<f64, NumberError> {
    let ok = text.bytes().all(|b| b.is_ascii_digit() || b"+-.e".contains(&b));
    if !ok {
        return Err(NumberError::Syntax);
    }
    text.parse().map_err(|_| NumberError::Syntax)
}

fn hex_float(text: &str) -> Result<f64, NumberError> {
    let syntax = NumberError::Syntax;
    let negative = text.starts_with('-');
    let body = text.trim_start_matches(['+', '-']).strip_prefix("0x").ok_or(syntax)?;
    let (mantissa, exponent) = body.split_once('p').ok_or(syntax)?;
    let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(syntax);
    }
    let size: i64 = digits.parse().unwrap_or(i64::MAX).min(100_000);
    let mut exponent = if exponent.starts_with('-') { -size } else { size };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return Err(syntax);
    }
    let (mut bits, mut sticky) = (0_u64, false);
    for (position, c) in whole.chars().chain(fraction.chars()).enumerate() {
        let digit = c.to_digit(16).ok_or(syntax)?;
        if position >= whole.len() {
            exponent -= 4;
        }
        if bits >> 60 == 0 {
            bits = bits << 4 | u64::from(digit);
        } else {
            exponent += 4;
            sticky |= digit != 0;
        }
    }
    let value = scale(bits, sticky, exponent);
    Ok(if negative { -value } else { value })
}

/// Returns `bits * 2^exponent` rounded once, to even.
fn scale(bits: u64, sticky: bool, exponent: i64) -> f64 {
    if bits == 0 {
        return 0.0;
    }
    // Bring the top bit to position 63, then see how many bits the result can hold.
    let shift = i64::from(bits.leading_zeros());
    let (bits, exponent) = (bits << shift, exponent - shift);
    let top = exponent + 63;
    if top > 1023 {
        return f64::INFINITY;
    }
    let kept = if top >= -1022 { 53 } else { 53 - (-1022 - top) };
    if kept < 0 {
        return 0.0;
    }
    let dropped = 64 - kept;
    let wide = u128::from(bits);
    let (quotient, remainder) = (wide >> dropped, wide & ((1 << dropped) - 1));
    let half = 1_u128 << (dropped - 1);
    let up = remainder > half || (remainder == half && (sticky || quotient & 1 == 1));
    let rounded = (quotient + u128::from(up)) as f64;
    let power = exponent + dropped;
    // Two steps keep the power of two representable; both are exact.
    let half_power = power / 2;
    rounded * f64::powi(2.0, half_power as i32) * f64::powi(2.0, (power - half_power) as i32)
}

/// Returns the shortest digits that read back as `value`, and the exponent of the first: `d.ddd × 10^e`.
pub(crate) fn shortest(value: f64) -> (String, i32) {
    trueup_manifest::shortest_digits(value)
}

fn split_scientific(text: &str) -> (String, i32) {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    (mantissa.replace('.', ""), exponent.parse().unwrap_or(0))
}

/// Writes a float as `strconv.FormatFloat(value, format, precision, 64)`; `None` is the shortest that reads back.
pub(crate) fn format_float(value: f64, format: char, precision: Option<usize>) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    let size = value.abs();
    let body = match format {
        'b' => binary(size),
        'x' | 'X' => {
            let text = hexadecimal(size, precision);
            if format == 'X' { text.to_ascii_uppercase() } else { text }
        }
        'f' => match precision {
            Some(precision) => format!("{size:.precision$}"),
            None => {
                let (digits, exponent) = shortest(size);
                trueup_manifest::plain_decimal(&digits, exponent)
            }
        },
        'e' | 'E' => {
            let (digits, exponent) = match precision {
                Some(precision) => split_scientific(&format!("{size:.precision$e}")),
                None => shortest(size),
            };
            scientific(&digits, exponent, format)
        }
        _ => general(size, format, precision),
    };
    format!("{sign}{body}")
}

/// Writes a float as `%v` does.
pub(crate) fn float_text(value: f64) -> String {
    format_float(value, 'g', None)
}

fn general(size: f64, format: char, precision: Option<usize>) -> String {
    let (mut digits, exponent) = match precision {
        Some(precision) => split_scientific(&format!("{size:.*e}", precision.max(1) - 1)),
        None => shortest(size),
    };
    let kept = digits.trim_end_matches('0').len().max(1);
    digits.truncate(kept);
    let threshold = match precision {
        None => 6,
        Some(precision) => {
            let precision = i32::try_from(precision.max(1)).unwrap_or(i32::MAX);
            let count = i32::try_from(digits.len()).unwrap_or(i32::MAX);
            if precision > count && count > exponent { count } else { precision }
        }
    };
    let threshold = if precision.is_none() { 6 } else { threshold };
    if exponent < -4 || exponent >= threshold {
        let letter = if format == 'G' { 'E' } else { 'e' };
        return scientific(&digits, exponent, letter);
    }
    positional(&digits, exponent)
}

fn positional(digits: &str, exponent: i32) -> String {
    if exponent < 0 {
        let zeros = usize::try_from(-exponent - 1).unwrap_or(0);
        return format!("0.{}{digits}", "0".repeat(zeros));
    }
    let whole = usize::try_from(exponent).unwrap_or(0) + 1;
    match digits.split_at_checked(whole) {
        Some((whole, "")) => whole.to_owned(),
        Some((whole, fraction)) => format!("{whole}.{fraction}"),
        None => format!("{digits}{}", "0".repeat(whole - digits.len())),
    }
}

fn scientific(digits: &str, exponent: i32, letter: char) -> String {
    let (first, rest) = digits.split_at_checked(1).unwrap_or((digits, ""));
    let point = if rest.is_empty() { "" } else { "." };
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{first}{point}{rest}{letter}{sign}{:02}", exponent.unsigned_abs())
}

/// Returns mantissa and power of two of a finite, non-negative float.
fn parts(size: f64) -> (u64, i32) {
    let bits = size.to_bits();
    let exponent = i32::try_from(bits >> 52 & 0x7FF).unwrap_or(0);
    let fraction = bits & ((1 << 52) - 1);
    if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) }
}

fn binary(size: f64) -> String {
    let (mantissa, power) = parts(size);
    format!("{mantissa}p{power:+}")
}

fn hexadecimal(size: f64, precision: Option<usize>) -> String {
    let (mut mantissa, mut power) = parts(size);
    if mantissa == 0 {
        power = 0;
    } else {
        let shift = mantissa.leading_zeros();
        // The leading 1 at bit 60, fifteen hexadecimal digits below it.
        mantissa = if shift >= 3 { mantissa << (shift - 3) } else { mantissa };
        power += 60 - (i32::try_from(shift).unwrap_or(0) - 3);
    }
    if let Some(precision) = precision.filter(|&p| p < 15) {
        let dropped = u32::try_from((15 - precision) * 4).unwrap_or(0);
        let (mask, half) = ((1_u64 << dropped) - 1, 1_u64 << (dropped - 1));
        let rest = mantissa & mask;
        let odd = mantissa >> dropped & 1 == 1;
        mantissa &= !mask;
        if rest > half || (rest == half && odd) {
            mantissa += 1 << dropped;
        }
        if mantissa >> 61 != 0 {
            mantissa >>= 1;
            power += 1;
        }
    }
    let fraction = format!("{:015x}", mantissa & ((1 << 60) - 1));
    let fraction = match precision {
        None => fraction.trim_end_matches('0').to_owned(),
        Some(precision) if precision <= 15 => fraction.get(..precision).unwrap_or_default().to_owned(),
        Some(precision) => format!("{fraction}{}", "0".repeat(precision - 15)),
    };
    let point = if fraction.is_empty() { "" } else { "." };
    let sign = if power < 0 { '-' } else { '+' };
    format!("0x{}{point}{fraction}p{sign}{:02}", mantissa >> 60, power.unsigned_abs())
}

/// Converts as amd64 does: truncated, and the smallest integer for NaN and anything out of range.
pub(crate) fn float_to_int(value: f64) -> i64 {
    let whole = value.trunc();
    if (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&whole) {
        whole as i64
    } else {
        i64::MIN
    }
}

/// Converts to an unsigned integer as Go's compiler does on amd64.
pub(crate) fn float_to_uint(value: f64) -> u64 {
    const TOP: f64 = 9_223_372_036_854_775_808.0;
    if value < TOP { float_to_int(value) as u64 } else { float_to_int(value - TOP) as u64 ^ 1 << 63 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_written_as_go_writes_them() {
        for (value, text) in
            [(100000.0, "100000"), (1e6, "1e+06"), (1e-5, "1e-05"), (-0.0, "-0"), (1.5, "1.5")]
        {
            assert_eq!(float_text(value), text);
        }
        assert_eq!(format_float(1.0, 'x', None), "0x1p+00");
        assert_eq!(format_float(0.1, 'x', None), "0x1.999999999999ap-04");
        assert_eq!(format_float(1.0, 'b', None), "4503599627370496p-52");
        assert_eq!(format_float(123456.0, 'g', Some(3)), "1.23e+05");
        assert_eq!(format_float(100.0, 'g', Some(3)), "100");
    }

    #[test]
    fn numbers_are_read_as_go_reads_them() {
        assert_eq!(parse_int("-0x1F", 0), Ok(-31));
        assert_eq!(parse_int("010", 0), Ok(8));
        assert_eq!(parse_int("1_000", 0), Ok(1000));
        assert_eq!(parse_int("1__0", 0), Err(NumberError::Syntax));
        assert_eq!(parse_int("-9223372036854775808", 10), Ok(i64::MIN));
        assert_eq!(parse_uint("18446744073709551616", 0), Err(NumberError::Range));
        assert_eq!(parse_float("0x1p-2"), Ok(0.25));
        // Two texts of 17 digits are equally near: the even one.
        assert_eq!(float_text(61_245.0 / 262_144.0), "0.23363113403320312");
        assert_eq!(parse_float("1e400"), Err(NumberError::Range));
        assert_eq!(parse_float("0x1.fffffffffffff8p1023"), Err(NumberError::Range));
        assert_eq!(parse_float("0x0.8p-1074"), Ok(0.0));
        assert_eq!(parse_float("-.5"), Ok(-0.5));
    }
}
