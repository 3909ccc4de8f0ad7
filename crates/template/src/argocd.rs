//! What Argo CD adds for ApplicationSets.

use crate::env::Env;
use crate::function::{Body, Fault, Function, Outcome, Ty};
use crate::go::unicode::to_lower;
use crate::value::{IntType, Runes, Value};
use crate::yaml::{Want, from_yaml, to_yaml};

/// Returns the functions with their names.
pub(crate) fn table() -> impl Iterator<Item = (&'static str, Function)> {
    const ANY: &[Ty] = &[Ty::Any];
    const STRING: &[Ty] = &[Ty::String];
    let plain = |params, body| Function::new(params, None, Body::Plain(body));
    [
        ("normalize", plain(STRING, |_, args| Ok(normalize(text(args)).into()))),
        ("slugify", Function::new(&[], Some(Ty::Any), Body::Plain(slugify))),
        ("toYaml", plain(ANY, |env, args| Ok(to_yaml(env, args.first().unwrap_or(&Value::Nil))?.into()))),
        ("fromYaml", plain(STRING, |env, args| from_yaml(env, text(args), Want::Map))),
        ("fromYamlArray", plain(STRING, |env, args| from_yaml(env, text(args), Want::List))),
    ]
    .into_iter()
}

fn text(args: &[Value]) -> &[u8] {
    match args.first() {
        Some(Value::Str(text)) => text.as_bytes(),
        _ => b"",
    }
}

/// Makes a name that DNS accepts: small letters, digits, `-` and `.`, at most 253 of them.
pub(crate) fn normalize(name: &[u8]) -> String {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
    let change = |(rune, _)| Some(to_lower(rune)).filter(|&c| allowed(c)).unwrap_or('-');
    let name: String = Runes(name).map(change).take(253).collect();
    name.trim_matches(['-', '.']).to_owned()
}

fn mismatch(value: &Value, wanted: &str) -> Fault {
    let got = match value {
        Value::Nil => "nil".into(),
        value => value.type_name(),
    };
    Fault::Error(format!("interface conversion: interface {{}} is {got}, not {wanted}"))
}

/// `slugify [max [smart]] name`
fn slugify(_: &mut Env<'_>, args: &[Value]) -> Outcome {
    let (mut max, mut smart, mut name) = (50, true, String::new());
    for (position, arg) in args.iter().enumerate() {
        match (position, arg) {
            (at, Value::Str(text)) if at + 1 == args.len() => name = normalize(text.as_bytes()),
            (at, other) if at + 1 == args.len() => return Err(mismatch(other, "string")),
            (0, Value::Int(IntType::Int, size)) => max = *size,
            (0, other) => return Err(mismatch(other, "int")),
            (1, Value::Bool(b)) => smart = *b,
            (1, other) => return Err(mismatch(other, "bool")),
            _ => {}
        }
    }
    let len = i64::try_from(name.len()).unwrap_or(i64::MAX);
    if !smart && len >= max {
        let Ok(size) = usize::try_from(max) else {
            return Err(Fault::Error(format!("runtime error: slice bounds out of range [:{max}]")));
        };
        name.truncate(size);
    }
    let mut slug = String::with_capacity(name.len());
    for c in name.chars() {
        let c = if c == '.' { '-' } else { c };
        if c != '-' || !slug.ends_with('-') {
            slug.push(c);
        }
    }
    let slug = slug.trim_matches(['-', '_']);
    let limit = usize::try_from(max).unwrap_or(0);
    if smart && limit > 0 && slug.len() > limit {
        let head = slug.get(..=limit).unwrap_or(slug);
        let cut = head.rfind('-').unwrap_or(limit);
        return Ok(slug.get(..cut).unwrap_or(slug).into());
    }
    Ok(slug.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_normalized() {
        assert_eq!(normalize("Foo_Bar/é..".as_bytes()), "foo-bar");
        assert_eq!(normalize(&[b'a'; 300]).len(), 253);
    }
}
