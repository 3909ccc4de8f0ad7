//! Paths into documents: `spec.containers.[name=web].env.0`.

mod matcher;

pub(crate) use matcher::{CreateKind, Matched, match_path};

use crate::error::{Error, ErrorKind, Result};
use crate::fieldspec::{split_path, wrong_kind};
use crate::items;
use crate::node;
use trueup_manifest::Value;

/// Splits a path at a delimiter, keeping `[…]` together; brackets without `=` only quote.
pub(crate) fn split_smart(path: &str, delimiter: char) -> Vec<String> {
    let mut result = Vec::new();
    let mut parts = split_path(path, delimiter).into_iter();
    while let Some(part) = parts.next() {
        if !part.starts_with('[') || part.ends_with(']') {
            result.push(part);
            continue;
        }
        let mut joined = part;
        for part in parts.by_ref() {
            joined.push(delimiter);
            joined.push_str(&part);
            if part.ends_with(']') {
                break;
            }
        }
        result.push(if joined.contains('=') { joined } else { joined.trim_matches(['[', ']']).to_owned() });
    }
    result
}

/// A number as Go's `Atoi` reads it.
pub(crate) fn number(part: &str) -> Option<i64> {
    let digits = part.strip_prefix(['+', '-']).unwrap_or(part);
    let valid = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    valid.then(|| part.strip_prefix('+').unwrap_or(part).parse().ok()).flatten()
}

pub(crate) fn is_index(part: &str) -> bool {
    number(part).is_some_and(|at| at >= 0)
}

pub(crate) fn is_element(part: &str) -> bool {
    part.starts_with('[') && part.ends_with(']')
}

/// Splits `[name=value]`.
pub(crate) fn split_element(part: &str) -> Result<(&str, &str)> {
    let inner = part.strip_suffix(']').unwrap_or(part);
    let inner = inner.strip_prefix('[').unwrap_or(inner);
    inner
        .split_once('=')
        .ok_or_else(|| path_error("list path element must contain fieldName=fieldValue for element to match"))
}

pub(crate) fn path_error(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Replacement, message)
}

/// Looks a path up; nothing is made.
pub(crate) fn lookup<'v>(document: &'v Value, path: &[String]) -> Result<Option<&'v Value>> {
    let mut at = document;
    for part in path.iter().map(|part| part.trim()).filter(|part| !part.is_empty()) {
        let Some(next) = step(at, part)? else { return Ok(None) };
        at = next;
    }
    Ok(Some(at))
}

/// The path to what a path leads to now, which leads there also when an element has become another one since.
pub(crate) fn settled(document: &Value, path: &[String]) -> Vec<String> {
    let mut at = document;
    let mut settled = Vec::with_capacity(path.len());
    for part in path.iter().map(|part| part.trim()).filter(|part| !part.is_empty()) {
        let Ok(Some(next)) = step(at, part) else { break };
        let index = at.as_seq().and_then(|items| items.iter().position(|item| std::ptr::eq(item, next)));
        settled.push(index.map_or_else(|| part.to_owned(), |index| index.to_string()));
        at = next;
    }
    settled
}

fn step<'v>(at: &'v Value, part: &str) -> Result<Option<&'v Value>> {
    let items = || match at.as_seq() {
        Some(items) => Ok(items),
        None if node::is_null(at) => Ok(&[][..]),
        None => Err(wrong_kind("SequenceNode", at)),
    };
    match number(part) {
        Some(index) if index < 0 => Err(path_error(format!("array index {index} cannot be negative"))),
        Some(index) => Ok(usize::try_from(index)
            .ok()
            .and_then(|index| items().map(|items| items.get(index)).transpose())
            .transpose()?),
        None if part == "-" => Ok(items()?.last()),
        None if part == "*" => Err(path_error("wildcard is not supported in PathGetter")),
        None if is_element(part) => {
            let (name, value) = split_element(part)?;
            Ok(items()?.iter().find(|item| {
                let text = if name.is_empty() { Some(*item) } else { item.get(name) };
                text.is_some_and(|text| node::text(text) == value)
            }))
        }
        None if node::is_null(at) => Ok(None),
        None => match at.as_map() {
            Some(map) => Ok(map.get(part)),
            None => Err(wrong_kind("MappingNode", at)),
        },
    }
}

/// Changes what a path leads to, if it leads anywhere.
pub(crate) fn edit(
    document: &Value,
    path: &[String],
    change: &mut dyn FnMut(&Value) -> Result<Value>,
) -> Result<Option<Value>> {
    let mut parts = path;
    let part = loop {
        let Some((part, rest)) = parts.split_first() else { return change(document).map(Some) };
        parts = rest;
        if !part.trim().is_empty() {
            break part.trim();
        }
    };
    let Some(found) = step(document, part)? else { return Ok(None) };
    let Some(new) = edit(found, parts, change)? else { return Ok(None) };
    Ok(match document.view() {
        trueup_manifest::View::Map(map) => {
            let mut map = map.clone();
            map.insert(part, new);
            Some(map.into())
        }
        trueup_manifest::View::Seq(items) => {
            let at = items.iter().position(|item| std::ptr::eq(item, found));
            let mut list = document.clone();
            if let Some(at) = at {
                items::set(&mut list, at, &new);
            }
            Some(list)
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_stay_together() {
        assert_eq!(split_smart("a.[name=x.y].b", '.'), ["a", "[name=x.y]", "b"]);
        assert_eq!(split_smart("a.[x.io/y].b", '.'), ["a", "x.io/y", "b"]);
        assert_eq!(split_smart("a.b\\.c.0", '.'), ["a", "b.c", "0"]);
    }
}
