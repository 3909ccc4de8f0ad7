//! Regular expressions.

use super::args::{Family, I, S, bytes, fixed, int, string};
use crate::env::Env;
use crate::function::{Fault, Outcome};
use crate::go::quote::{can_backquote, quote};
use crate::go::regex::{Regex, quote_meta};
use crate::value::{Elem, List, Value, lossy};
use std::sync::Arc;

pub(super) fn table() -> Family {
    vec![
        ("regexFind", fixed(&[S, S], |env, a| find(env, a, false))),
        ("mustRegexFind", fixed(&[S, S], |env, a| find(env, a, true))),
        (
            "regexMatch",
            fixed(&[S, S], |env, a| {
                Ok(env.regex(bytes(a, 0)).is_ok_and(|re| re.is_match(bytes(a, 1))).into())
            }),
        ),
        ("mustRegexMatch", fixed(&[S, S], |env, a| Ok(compiled(env, a, true)?.is_match(bytes(a, 1)).into()))),
        ("regexFindAll", fixed(&[S, S, I], |env, a| find_all(env, a, false))),
        ("mustRegexFindAll", fixed(&[S, S, I], |env, a| find_all(env, a, true))),
        ("regexReplaceAll", fixed(&[S, S, S], |env, a| replace(env, a, false, true))),
        ("mustRegexReplaceAll", fixed(&[S, S, S], |env, a| replace(env, a, true, true))),
        ("regexReplaceAllLiteral", fixed(&[S, S, S], |env, a| replace(env, a, false, false))),
        ("mustRegexReplaceAllLiteral", fixed(&[S, S, S], |env, a| replace(env, a, true, false))),
        ("regexSplit", fixed(&[S, S, I], |env, a| split(env, a, false))),
        ("mustRegexSplit", fixed(&[S, S, I], |env, a| split(env, a, true))),
        ("regexQuoteMeta", fixed(&[S], |_, a| Ok(string(quote_meta(bytes(a, 0)))))),
    ]
}

/// Compiles the pattern; the forms without `must` panic upstream, which words the error differently.
fn compiled(env: &mut Env<'_>, args: &[Value], must: bool) -> Outcome<Arc<Regex>> {
    let pattern = bytes(args, 0);
    env.regex(pattern).map_err(|error| {
        if must {
            return Fault::Error(error);
        }
        let spelled =
            if can_backquote(pattern) { [b"`", pattern, b"`"].concat() } else { quote(pattern, false) };
        Fault::Error(format!("regexp: Compile({}): {error}", lossy(&spelled)))
    })
}

fn find(env: &mut Env<'_>, args: &[Value], must: bool) -> Outcome {
    Ok(string(compiled(env, args, must)?.find(bytes(args, 1)).unwrap_or_default()))
}

fn strings(env: &mut Env<'_>, pieces: Vec<&[u8]>) -> Outcome {
    env.items(pieces.len())?;
    Ok(Value::string_list(pieces))
}

fn nil() -> Value {
    Value::List(List::nil(Elem::String))
}

fn find_all(env: &mut Env<'_>, args: &[Value], must: bool) -> Outcome {
    let regex = compiled(env, args, must)?;
    let limit = usize::try_from(int(args, 2)).unwrap_or(usize::MAX);
    let found = regex.find_all(bytes(args, 1), limit);
    if found.is_empty() { Ok(nil()) } else { strings(env, found) }
}

fn replace(env: &mut Env<'_>, args: &[Value], must: bool, expand: bool) -> Outcome {
    let regex = compiled(env, args, must)?;
    let template = bytes(args, 2);
    let replaced = regex.replace_all(bytes(args, 1), expand.then_some(template), template, env.room());
    match replaced {
        Some(text) => Ok(string(text)),
        None => Err(Fault::Limit("the text of a value is longer than the limit".to_owned())),
    }
}

fn split(env: &mut Env<'_>, args: &[Value], must: bool) -> Outcome {
    let regex = compiled(env, args, must)?;
    match int(args, 2) {
        0 => Ok(nil()),
        count => strings(env, regex.split(bytes(args, 1), usize::try_from(count).ok())),
    }
}
