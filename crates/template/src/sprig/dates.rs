//! Dates and durations.

use super::args::{A, Family, S, any, bytes, fixed, string, text};
use super::numbers::clamped;
use crate::env::Env;
use crate::function::{Outcome, Ty};
use crate::go::duration::{duration_text, parse_duration, round};
use crate::go::layout;
use crate::go::time::{Time, Zone, zone};
use crate::value::{IntType, Value};

const T: Ty = Ty::Time;
const ISO_DATE: &[u8] = b"2006-01-02";
const SECOND: i64 = 1_000_000_000;

pub(super) fn table() -> Family {
    let in_zone: crate::function::Plain = |env, a| in_zone(env, bytes(a, 0), any(a, 1), &text(a, 2));
    let modify: crate::function::Plain = |_, a| Ok(modified(a).unwrap_or_else(|_| any(a, 1).clone()));
    let must_modify: crate::function::Plain = |_, a| Ok(modified(a)?);
    vec![
        ("now", fixed(&[], |env, _| Ok(env.now()?.into()))),
        ("date", fixed(&[S, A], |env, a| self::in_zone(env, bytes(a, 0), any(a, 1), "Local"))),
        ("dateInZone", fixed(&[S, A, S], in_zone)),
        ("date_in_zone", fixed(&[S, A, S], in_zone)),
        ("htmlDate", fixed(&[A], |env, a| self::in_zone(env, ISO_DATE, any(a, 0), "Local"))),
        ("htmlDateInZone", fixed(&[A, S], |env, a| self::in_zone(env, ISO_DATE, any(a, 0), &text(a, 1)))),
        ("dateModify", fixed(&[S, T], modify)),
        ("date_modify", fixed(&[S, T], modify)),
        ("mustDateModify", fixed(&[S, T], must_modify)),
        ("must_date_modify", fixed(&[S, T], must_modify)),
        (
            "toDate",
            fixed(&[S, S], |_, a| {
                Ok(layout::parse(&text(a, 0), &text(a, 1)).unwrap_or_else(|_| Time::zero()).into())
            }),
        ),
        ("mustToDate", fixed(&[S, S], |_, a| Ok(layout::parse(&text(a, 0), &text(a, 1))?.into()))),
        ("unixEpoch", fixed(&[T], |env, a| Ok(instant(env, any(a, 0))?.unix().to_string().into()))),
        ("ago", fixed(&[A], ago)),
        ("duration", fixed(&[A], |_, a| Ok(duration(any(a, 0)).into()))),
        ("durationRound", fixed(&[A], duration_round)),
    ]
}

/// Returns the instant that a value means: what is neither a time nor Unix seconds is now.
fn instant(env: &mut Env<'_>, value: &Value) -> Outcome<Time> {
    match value {
        Value::Time(time) => Ok((**time).clone()),
        Value::Int(IntType::Int | IntType::Int64 | IntType::Int32, seconds) => {
            Ok(Time::from_unix(*seconds, 0))
        }
        _ => env.now(),
    }
}

fn in_zone(env: &mut Env<'_>, layout: &[u8], value: &Value, name: &str) -> Outcome {
    let time = instant(env, value)?.with_zone(zone(name).unwrap_or(Zone::Utc));
    Ok(string(time.format(layout)))
}

fn modified(args: &[Value]) -> Result<Value, String> {
    let nanos = parse_duration(&text(args, 0))?;
    match any(args, 1) {
        Value::Time(time) => Ok(time.add(nanos).into()),
        value => Ok(value.clone()),
    }
}

fn ago(env: &mut Env<'_>, args: &[Value]) -> Outcome {
    let then = match any(args, 0) {
        Value::Int(IntType::Int32, _) => env.now()?,
        value => instant(env, value)?,
    };
    let passed = env.now()?.since(&then);
    Ok(duration_text(round(passed, SECOND)).into())
}

fn duration(value: &Value) -> String {
    let seconds = match value {
        Value::Str(text) => clamped(&text.to_str_lossy()),
        Value::Int(IntType::Int64, seconds) => *seconds,
        _ => 0,
    };
    duration_text(seconds.wrapping_mul(SECOND))
}

fn duration_round(env: &mut Env<'_>, args: &[Value]) -> Outcome {
    let nanos = match any(args, 0) {
        Value::Str(text) => parse_duration(&text.to_str_lossy()).unwrap_or(0),
        Value::Int(IntType::Int64, nanos) => *nanos,
        Value::Time(time) => env.now()?.since(time),
        _ => 0,
    };
    let size = nanos.unsigned_abs();
    let hour = 3_600_000_000_000_u64;
    let units = [
        (hour * 24 * 365, "y"),
        (hour * 24 * 30, "mo"),
        (hour * 24, "d"),
        (hour, "h"),
        (60_000_000_000, "m"),
        (1_000_000_000, "s"),
    ];
    let found = units.iter().find(|(unit, _)| size > *unit);
    Ok(found.map_or_else(|| "0s".to_owned(), |(unit, name)| format!("{}{name}", size / unit)).into())
}
