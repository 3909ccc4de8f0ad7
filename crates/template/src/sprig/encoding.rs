//! Base 64, base 32, JSON.

use super::args::{A, Family, S, any, bytes, fixed, string};
use crate::env::Env;
use crate::function::{Fault, Outcome};
use crate::go::encoding::{base32_decode, base32_encode, base64_decode, base64_encode};
use crate::go::json::{Style, decode, decode_around_numbers, encode};
use crate::value::Value;

pub(super) fn table() -> Family {
    // A bad input gives the text of the error for a result.
    vec![
        ("b64enc", fixed(&[S], |_, a| Ok(base64_encode(bytes(a, 0)).into()))),
        ("b64dec", fixed(&[S], |_, a| Ok(base64_decode(bytes(a, 0)).map_or_else(Value::from, string)))),
        ("b32enc", fixed(&[S], |_, a| Ok(base32_encode(bytes(a, 0)).into()))),
        ("b32dec", fixed(&[S], |_, a| Ok(base32_decode(bytes(a, 0)).map_or_else(Value::from, string)))),
        ("toJson", fixed(&[A], |env, a| or_empty(to_json(env, a, Style::Compact)))),
        ("toPrettyJson", fixed(&[A], |env, a| or_empty(to_json(env, a, Style::Pretty)))),
        ("toRawJson", fixed(&[A], |env, a| to_json(env, a, Style::Raw))),
        ("mustToJson", fixed(&[A], |env, a| to_json(env, a, Style::Compact))),
        ("mustToPrettyJson", fixed(&[A], |env, a| to_json(env, a, Style::Pretty))),
        ("mustToRawJson", fixed(&[A], |env, a| to_json(env, a, Style::Raw))),
        ("fromJson", fixed(&[S], |env, a| Ok(decode_around_numbers(json(env, a)?).unwrap_or_default().0))),
        ("mustFromJson", fixed(&[S], |env, a| Ok(decode(json(env, a)?)?))),
    ]
}

fn to_json(env: &mut Env<'_>, args: &[Value], style: Style) -> Outcome {
    encode(any(args, 0), style, env.room()).map(string)
}

/// The forgiving functions give nothing for an error, but a limit is a limit.
fn or_empty(result: Outcome) -> Outcome {
    match result {
        Err(Fault::Error(_)) => Ok("".into()),
        other => other,
    }
}

/// The text of a document that may be read.
fn json<'a>(env: &mut Env<'_>, args: &'a [Value]) -> Outcome<&'a [u8]> {
    let text = bytes(args, 0);
    env.items(text.len() / 4)?;
    Ok(text)
}
