//! Strings: trimming, cutting, quoting, splitting.

use super::args::{A, Family, I, S, any, bytes, fixed, int, string, variadic};
use super::coerce::{string_list, strslice, strval};
use crate::env::Env;
use crate::function::{Fault, Function, Outcome};
use crate::go::fmt::{quoted, value_text};
use crate::go::unicode::{is_digit, is_letter, is_space, to_lower, to_title, to_upper, trim, trim_space};
use crate::value::{Runes, Text, Value};

pub(super) fn table() -> Family {
    vec![
        ("hello", fixed(&[], |_, _| Ok("Hello!".into()))),
        ("trim", fixed(&[S], |_, a| Ok(string(trim_space(bytes(a, 0)))))),
        ("trimAll", fixed(&[S, S], trim_all)),
        ("trimall", fixed(&[S, S], trim_all)),
        ("trimPrefix", fixed(&[S, S], |_, a| Ok(string(strip_prefix(bytes(a, 1), bytes(a, 0)))))),
        ("trimSuffix", fixed(&[S, S], |_, a| Ok(string(strip_suffix(bytes(a, 1), bytes(a, 0)))))),
        ("upper", fixed(&[S], |_, a| Ok(mapped(a, to_upper)))),
        ("lower", fixed(&[S], |_, a| Ok(mapped(a, to_lower)))),
        ("title", fixed(&[S], |_, a| Ok(title(bytes(a, 0)).into()))),
        ("repeat", fixed(&[I, S], repeat)),
        ("substr", fixed(&[I, I, S], substr)),
        ("trunc", fixed(&[I, S], |_, a| Ok(string(trunc(int(a, 0), bytes(a, 1)))))),
        ("contains", fixed(&[S, S], |_, a| Ok(contains(bytes(a, 1), bytes(a, 0)).into()))),
        ("hasPrefix", fixed(&[S, S], |_, a| Ok(bytes(a, 1).starts_with(bytes(a, 0)).into()))),
        ("hasSuffix", fixed(&[S, S], |_, a| Ok(bytes(a, 1).ends_with(bytes(a, 0)).into()))),
        ("quote", variadic(&[], A, quote)),
        ("squote", variadic(&[], A, squote)),
        ("cat", variadic(&[], A, cat)),
        ("indent", fixed(&[I, S], |env, a| indent(env, a).map(string))),
        ("nindent", fixed(&[I, S], nindent)),
        ("replace", fixed(&[S, S, S], replace)),
        ("plural", fixed(&[S, S, I], |_, a| Ok(any(a, usize::from(int(a, 2) != 1)).clone()))),
        ("toString", fixed(&[A], |env, a| strval(env, any(a, 0)).map(Value::Str))),
        ("toStrings", fixed(&[A], to_strings)),
        ("split", fixed(&[S, S], |env, a| parts(env, bytes(a, 1), bytes(a, 0), -1))),
        ("splitn", fixed(&[S, I, S], |env, a| parts(env, bytes(a, 2), bytes(a, 0), int(a, 1)))),
        ("splitList", fixed(&[S, S], split_list)),
        ("join", fixed(&[S, A], join)),
        ("sortAlpha", Function { mutates: true, ..fixed(&[A], sort_alpha) }),
    ]
}

fn strip_prefix<'a>(text: &'a [u8], prefix: &[u8]) -> &'a [u8] {
    text.strip_prefix(prefix).unwrap_or(text)
}

fn strip_suffix<'a>(text: &'a [u8], suffix: &[u8]) -> &'a [u8] {
    text.strip_suffix(suffix).unwrap_or(text)
}

fn trim_all(_: &mut Env<'_>, args: &[Value]) -> Outcome {
    let cut: Vec<char> = Runes(bytes(args, 0)).map(|(rune, _)| rune).collect();
    Ok(string(trim(bytes(args, 1), |rune| cut.contains(&rune))))
}

/// Maps every rune of a string that is not all ASCII; an invalid byte becomes U+FFFD.
fn mapped(args: &[Value], map: fn(char) -> char) -> Value {
    let runes = Runes(bytes(args, 0)).map(|(rune, _)| map(rune));
    runes.collect::<String>().into()
}

/// Capitalises the first letter of every word, as the old `strings.Title`.
fn title(bytes: &[u8]) -> String {
    let mut before = ' ';
    let runes = Runes(bytes).map(|(rune, _)| {
        let starts = is_separator(std::mem::replace(&mut before, rune));
        if starts { to_title(rune) } else { rune }
    });
    runes.collect()
}

fn is_separator(rune: char) -> bool {
    if rune.is_ascii() {
        return !(rune.is_ascii_alphanumeric() || rune == '_');
    }
    !is_letter(rune) && !is_digit(rune) && is_space(rune)
}

/// Repeats text after asking for the room.
pub(super) fn repeated(env: &mut Env<'_>, text: &[u8], count: i64) -> Outcome<Vec<u8>> {
    let count = usize::try_from(count).map_err(|_| Fault::from("strings: negative Repeat count"))?;
    if text.is_empty() {
        return Ok(Vec::new());
    }
    env.allocate(text.len().saturating_mul(count))?;
    Ok(text.repeat(count))
}

fn repeat(env: &mut Env<'_>, args: &[Value]) -> Outcome {
    repeated(env, bytes(args, 1), int(args, 0)).map(string)
}

fn substr(_: &mut Env<'_>, args: &[Value]) -> Outcome {
    let (start, end, text) = (int(args, 0), int(args, 1), bytes(args, 2));
    let len = i64::try_from(text.len()).unwrap_or(i64::MAX);
    let out_of_range =
        |what: String| Fault::Error(format!("runtime error: slice bounds out of range {what}"));
    let (from, to) = if start < 0 {
        match end {
            ..0 => return Err(out_of_range(format!("[:{end}]"))),
            _ if end > len => return Err(out_of_range(format!("[:{end}] with length {len}"))),
            _ => (0, end),
        }
    } else if end < 0 || end > len {
        (start, len)
    } else {
        (start, end)
    };
    if from > to {
        return Err(out_of_range(format!("[{from}:{to}]")));
    }
    let range = usize::try_from(from).unwrap_or(0)..usize::try_from(to).unwrap_or(0);
    Ok(string(text.get(range).unwrap_or_default()))
}

/// Keeps the first bytes, or the last if the count is negative.
fn trunc(count: i64, text: &[u8]) -> &[u8] {
    let size = usize::try_from(count.unsigned_abs()).unwrap_or(usize::MAX);
    let kept = if count < 0 {
        text.len().checked_sub(size).filter(|&from| from > 0).and_then(|from| text.get(from..))
    } else {
        text.get(..size)
    };
    kept.unwrap_or(text)
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(text, part).is_some()
}

fn there(args: &[Value]) -> impl Iterator<Item = &Value> {
    args.iter().filter(|arg| !matches!(arg, Value::Nil))
}

fn quote(env: &mut Env<'_>, args: &[Value]) -> Outcome {
    let mut out = Vec::new();
    for (position, arg) in there(args).enumerate() {
        if position > 0 {
            out.push(b' ');
        }
        let text = strval(env, arg)?;
        env.allocate(text.len())?;
        out.extend(quoted(text.as_bytes()));
    }
    Ok(string(out))
}

fn squote(env: &mut Env<'_>, args: &[Value]) -> Outcome {
    let mut out = Vec::new();
    for (position, arg) in there(args).enumerate() {
        out.extend_from_slice(if position > 0 { b" '" } else { b"'" });
        out.extend(value_text(arg, env.room())?);
        out.push(b'\'');
    }
    Ok(string(out))
}

fn cat(env: &mut Env<'_>, args: &[Value]) -> Outcome {
    let mut out = Vec::new();
    for (position, arg) in there(args).enumerate() {
        if position > 0 {
            out.push(b' ');
        }
        out.extend(value_text(arg, env.room())?);
    }
    Ok(string(out))
}

fn indent(env: &mut Env<'_>, args: &[Value]) -> Outcome<Vec<u8>> {
    let text = bytes(args, 1);
    let lines = memchr::memchr_iter(b'\n', text).count() + 1;
    let pad = repeated(env, b" ", int(args, 0))?;
    env.allocate(pad.len().saturating_mul(lines))?;
    let mut out = Vec::with_capacity(text.len() + pad.len() * lines);
    for (position, line) in text.split(|&b| b == b'\n').enumerate() {
        if position > 0 {
            out.push(b'\n');
        }
        out.extend_from_slice(&pad);
        out.extend_from_slice(line);
    }
    Ok(out)
}

fn nindent(env: &mut Env<'_>, args: &[Value]) -> Outcome {
    let mut out = vec![b'\n'];
    out.extend(indent(env, args)?);
    Ok(string(out))
}

fn replace(env: &mut Env<'_>, args: &[Value]) -> Outcome {
    let (old, new, text) = (bytes(args, 0), bytes(args, 1), bytes(args, 2));
    if old == new {
        return Ok(any(args, 2).clone());
    }
    let count =
        if old.is_empty() { Runes(text).count() + 1 } else { memchr::memmem::find_iter(text, old).count() };
    env.allocate(text.len().saturating_add(new.len().saturating_mul(count)))?;
    let mut out = Vec::with_capacity(text.len() + new.len() * count);
    if old.is_empty() {
        let mut rest = text;
        out.extend_from_slice(new);
        for (_, width) in Runes(text) {
            out.extend_from_slice(rest.get(..width).unwrap_or_default());
            out.extend_from_slice(new);
            rest = rest.get(width..).unwrap_or_default();
        }
        return Ok(string(out));
    }
    let mut from = 0;
    for at in memchr::memmem::find_iter(text, old) {
        out.extend_from_slice(text.get(from..at).unwrap_or_default());
        out.extend_from_slice(new);
        from = at + old.len();
    }
    out.extend_from_slice(text.get(from..).unwrap_or_default());
    Ok(string(out))
}

fn to_strings(env: &mut Env<'_>, args: &[Value]) -> Outcome {
    match any(args, 0) {
        Value::List(list) if list.elem() == crate::value::Elem::String => Ok(any(args, 0).clone()),
        value => strslice(env, value).map(string_list),
    }
}

/// Splits as `strings.SplitN`; a negative count is no limit.
fn split<'a>(text: &'a [u8], separator: &[u8], count: i64) -> Vec<&'a [u8]> {
    let limit = if count < 0 { usize::MAX } else { usize::try_from(count).unwrap_or(usize::MAX) };
    let mut pieces = Vec::new();
    let mut rest = text;
    if limit == 0 {
        return pieces;
    }
    while pieces.len() + 1 < limit {
        let found = match separator {
            [] => Runes(rest).next().filter(|(_, width)| *width < rest.len()).map(|(_, width)| width),
            separator => memchr::memmem::find(rest, separator),
        };
        let Some(at) = found else { break };
        pieces.push(rest.get(..at).unwrap_or_default());
        rest = rest.get(at + separator.len()..).unwrap_or_default();
    }
    if !(separator.is_empty() && text.is_empty()) {
        pieces.push(rest);
    }
    pieces
}

fn parts(env: &mut Env<'_>, text: &[u8], separator: &[u8], count: i64) -> Outcome {
    let pieces = split(text, separator, count);
    env.items(2 * pieces.len())?;
    let entries = pieces.into_iter().enumerate().map(|(at, piece)| (format!("_{at}"), Text::from(piece)));
    Ok(Value::string_map(entries))
}

fn split_list(env: &mut Env<'_>, args: &[Value]) -> Outcome {
    let pieces = split(bytes(args, 1), bytes(args, 0), -1);
    env.items(pieces.len())?;
    Ok(Value::string_list(pieces))
}

fn join(env: &mut Env<'_>, args: &[Value]) -> Outcome {
    let items = strslice(env, any(args, 1))?;
    let separator = bytes(args, 0);
    let size: usize = items.iter().map(|item| item.len() + separator.len()).sum();
    env.allocate(size)?;
    let mut out = Vec::with_capacity(size);
    for (position, item) in items.iter().enumerate() {
        if position > 0 {
            out.extend_from_slice(separator);
        }
        out.extend_from_slice(item.as_bytes());
    }
    Ok(string(out))
}

/// Sorts by bytes. A `[]string` is sorted in place, as sprig does.
fn sort_alpha(env: &mut Env<'_>, args: &[Value]) -> Outcome {
    match any(args, 0) {
        Value::List(list) if list.elem() == crate::value::Elem::String => {
            env.items(list.len())?;
            list.sort_strings();
            Ok(Value::List(list.clone()))
        }
        Value::List(list) => {
            let mut items = strslice(env, &Value::List(list.clone()))?;
            items.sort_unstable();
            Ok(string_list(items))
        }
        value => Ok(string_list(vec![strval(env, value)?])),
    }
}
