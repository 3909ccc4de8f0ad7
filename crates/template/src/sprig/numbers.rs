//! Numbers: conversions, integer, float and decimal arithmetic, ranges.

use super::args::{A, Family, I, S, any, fixed, int, text, variadic};
use super::coerce::{to_float, to_int};
use crate::env::Env;
use crate::function::{Outcome, Ty};
use crate::go::decimal::Decimal;
use crate::go::fmt::value_text;
use crate::go::number::{NumberError, parse_int};
use crate::value::{Elem, List, Value, lossy};

pub(super) fn table() -> Family {
    vec![
        ("atoi", fixed(&[S], |_, a| Ok(Value::int(clamped(&text(a, 0)))))),
        ("int", fixed(&[A], |_, a| Ok(Value::int(to_int(any(a, 0)))))),
        ("int64", fixed(&[A], |_, a| Ok(Value::int64(to_int(any(a, 0)))))),
        ("float64", fixed(&[A], |_, a| Ok(to_float(any(a, 0)).into()))),
        ("toDecimal", fixed(&[A], to_decimal)),
        ("add1", fixed(&[A], |_, a| Ok(Value::int64(to_int(any(a, 0)).wrapping_add(1))))),
        ("add", variadic(&[], A, |_, a| Ok(Value::int64(folded(0, a, i64::wrapping_add))))),
        ("sub", fixed(&[A, A], |_, a| pair(a, |a, b| Ok(a.wrapping_sub(b))))),
        ("div", fixed(&[A, A], |_, a| pair(a, |a, b| divided(a, b, i64::wrapping_div)))),
        ("mod", fixed(&[A, A], |_, a| pair(a, |a, b| divided(a, b, i64::wrapping_rem)))),
        ("mul", variadic(&[A], A, |_, a| Ok(Value::int64(folded(1, a, i64::wrapping_mul))))),
        ("max", variadic(&[A], A, |_, a| Ok(Value::int64(a.iter().map(to_int).max().unwrap_or(0))))),
        ("biggest", variadic(&[A], A, |_, a| Ok(Value::int64(a.iter().map(to_int).max().unwrap_or(0))))),
        ("min", variadic(&[A], A, |_, a| Ok(Value::int64(a.iter().map(to_int).min().unwrap_or(0))))),
        ("maxf", variadic(&[A], A, |_, a| Ok(extreme(a, f64::INFINITY)))),
        ("minf", variadic(&[A], A, |_, a| Ok(extreme(a, f64::NEG_INFINITY)))),
        ("floor", fixed(&[A], |_, a| Ok(to_float(any(a, 0)).floor().into()))),
        ("ceil", fixed(&[A], |_, a| Ok(to_float(any(a, 0)).ceil().into()))),
        ("round", variadic(&[A, I], Ty::Float64, round)),
        ("add1f", fixed(&[A], |_, a| decimal(Some(1.0), a, |a, b| Ok(b.add(a))))),
        ("addf", variadic(&[], A, |_, a| decimal(Some(0.0), a, |a, b| Ok(a.add(b))))),
        ("subf", variadic(&[A], A, |_, a| decimal(None, a, |a, b| Ok(a.sub(b))))),
        ("mulf", variadic(&[A], A, |_, a| decimal(None, a, |a, b| Ok(a.mul(b))))),
        ("divf", variadic(&[A], A, |_, a| decimal(None, a, Decimal::div))),
        ("until", fixed(&[I], |env, a| until(env, int(a, 0)).map(int_list))),
        ("untilStep", fixed(&[I, I, I], |env, a| range(env, int(a, 0), int(a, 1), int(a, 2)).map(int_list))),
        ("seq", variadic(&[], I, seq)),
    ]
}

/// Reads a decimal integer; one out of range is the nearest, what is no number is 0.
pub(super) fn clamped(text: &str) -> i64 {
    match parse_int(text, 10) {
        Ok(number) => number,
        Err(NumberError::Syntax) => 0,
        Err(NumberError::Range) if text.starts_with('-') => i64::MIN,
        Err(NumberError::Range) => i64::MAX,
    }
}

fn to_decimal(env: &mut Env<'_>, args: &[Value]) -> Outcome {
    let text = lossy(&value_text(any(args, 0), env.room())?);
    Ok(Value::int64(parse_int(&text, 8).unwrap_or(0)))
}

fn folded(start: i64, args: &[Value], operation: fn(i64, i64) -> i64) -> i64 {
    args.iter().map(to_int).fold(start, operation)
}

fn pair(args: &[Value], operation: impl Fn(i64, i64) -> Outcome<i64>) -> Outcome {
    operation(to_int(any(args, 0)), to_int(any(args, 1))).map(Value::int64)
}

fn divided(a: i64, b: i64, operation: fn(i64, i64) -> i64) -> Outcome<i64> {
    if b == 0 { Err("runtime error: integer divide by zero".into()) } else { Ok(operation(a, b)) }
}

/// Returns the largest or the smallest; `top` wins over NaN, and NaN over the rest.
fn extreme(args: &[Value], top: f64) -> Value {
    let better = |a: f64, b: f64| match () {
        () if a == top || b == top => top,
        () if a.is_nan() || b.is_nan() => f64::NAN,
        () if a == 0.0 && b == 0.0 => {
            // +0 is the larger zero.
            if a.is_sign_negative() == (top > 0.0) { b } else { a }
        }
        () if (a > b) == (top > 0.0) => a,
        () => b,
    };
    let numbers = args.iter().map(to_float);
    numbers.reduce(better).unwrap_or(0.0).into()
}

/// Raises 10 to a power as Go's `math.Pow` does, with its rounding.
fn power_of_ten(power: f64) -> f64 {
    if power == 0.0 {
        return 1.0;
    }
    let (mut answer, mut answer_exponent) = (1.0_f64, 0_i64);
    // 10 = 0.625 × 2^4
    let (mut base, mut exponent) = (0.625_f64, 4_i64);
    let mut count = power.abs() as u64;
    while count != 0 {
        if exponent > 1 << 12 {
            answer_exponent += exponent;
            break;
        }
        if count & 1 == 1 {
            answer *= base;
            answer_exponent += exponent;
        }
        base *= base;
        exponent <<= 1;
        if base < 0.5 {
            base += base;
            exponent -= 1;
        }
        count >>= 1;
    }
    if power < 0.0 {
        answer = 1.0 / answer;
        answer_exponent = -answer_exponent;
    }
    // In two steps, so that neither power of two is out of range before the product is.
    let exponent = i32::try_from(answer_exponent.clamp(-2200, 2200)).unwrap_or(0);
    let half = exponent / 2;
    answer * 2.0_f64.powi(half) * 2.0_f64.powi(exponent - half)
}

fn round(_: &mut Env<'_>, args: &[Value]) -> Outcome {
    let on = args.get(2).map_or(0.5, to_float);
    let power = power_of_ten(int(args, 1) as f64);
    let digit = power * to_float(any(args, 0));
    let fraction = if digit.is_infinite() { f64::NAN } else { digit - digit.trunc() };
    let whole = if fraction >= on { digit.ceil() } else { digit.floor() };
    Ok((whole / power).into())
}

fn decimal(
    start: Option<f64>,
    args: &[Value],
    operation: fn(&Decimal, &Decimal) -> Result<Decimal, String>,
) -> Outcome {
    let mut numbers = start.into_iter().chain(args.iter().map(to_float)).map(Decimal::from_float);
    let mut result = match numbers.next() {
        Some(first) => first?,
        None => return Ok(0.0.into()),
    };
    for number in numbers {
        result = operation(&result, &number?)?;
    }
    Ok(result.to_float().into())
}

fn int_list(numbers: Vec<i64>) -> Value {
    Value::List(List::appended(Elem::Int, numbers.into_iter().map(Value::int).collect()))
}

fn until(env: &mut Env<'_>, count: i64) -> Outcome<Vec<i64>> {
    range(env, 0, count, if count < 0 { -1 } else { 1 })
}

fn range(env: &mut Env<'_>, start: i64, stop: i64, step: i64) -> Outcome<Vec<i64>> {
    let mut numbers = Vec::new();
    let down = stop < start;
    if (down && step >= 0) || (!down && step <= 0) {
        return Ok(numbers);
    }
    let count =
        (i128::from(stop) - i128::from(start)).unsigned_abs().div_ceil(u128::from(step.unsigned_abs()));
    env.items(usize::try_from(count).unwrap_or(usize::MAX))?;
    let mut next = Some(start);
    while let Some(number) = next.filter(|&number| if down { number > stop } else { number < stop }) {
        numbers.push(number);
        next = number.checked_add(step);
    }
    Ok(numbers)
}

fn seq(env: &mut Env<'_>, args: &[Value]) -> Outcome {
    let (start, step, end) = match args.len() {
        1 => (1, None, int(args, 0)),
        2 => (int(args, 0), None, int(args, 1)),
        3 => (int(args, 0), Some(int(args, 1)), int(args, 2)),
        _ => return Ok("".into()),
    };
    let direction = if end < start { -1 } else { 1 };
    if direction < 0 && step.is_some_and(|step| step > 0) {
        return Ok("".into());
    }
    let numbers = range(env, start, end.wrapping_add(direction), step.unwrap_or(direction))?;
    let mut out = String::new();
    for (position, number) in numbers.iter().enumerate() {
        if position > 0 {
            out.push(' ');
        }
        out.push_str(&number.to_string());
    }
    env.allocate(out.len())?;
    Ok(out.into())
}
