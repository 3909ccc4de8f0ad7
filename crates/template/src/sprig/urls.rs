//! URLs.

use super::args::{Family, M, S, bytes, fixed, map, string};
use crate::env::Env;
use crate::function::{Fault, Outcome};
use crate::go::url::{Url, User};
use crate::value::{Map, Text, Value};

pub(super) fn table() -> Family {
    vec![("urlParse", fixed(&[S], parse)), ("urlJoin", fixed(&[M], join))]
}

fn parse(_: &mut Env<'_>, args: &[Value]) -> Outcome {
    let url = Url::parse(bytes(args, 0)).map_err(|error| format!("unable to parse url: {error}"))?;
    let user = url.user.as_ref().map(User::to_bytes).unwrap_or_default();
    let pieces = [
        ("scheme", url.scheme.clone()),
        ("host", url.host.clone()),
        ("hostname", url.hostname().to_vec()),
        ("path", url.path.clone()),
        ("query", url.query.clone()),
        ("opaque", url.opaque.clone()),
        ("fragment", url.fragment.clone()),
        ("userinfo", user),
    ];
    Ok(Value::from_iter(pieces.map(|(name, piece)| (name, Text::from(piece)))))
}

fn piece(dict: Option<&Map>, key: &str) -> Outcome<Vec<u8>> {
    match dict.and_then(|dict| dict.get(key.as_bytes())) {
        None => Ok(Vec::new()),
        Some(Value::Str(text)) => Ok(text.as_bytes().to_vec()),
        Some(Value::Nil) => Err("runtime error: invalid memory address or nil pointer dereference".into()),
        Some(value) => {
            let kind = value.kind().name();
            Err(Fault::Error(format!("unable to parse {key} key, must be of type string, but {kind} found")))
        }
    }
}

fn join(_: &mut Env<'_>, args: &[Value]) -> Outcome {
    let dict = map(args, 0);
    let mut url = Url {
        scheme: piece(dict, "scheme")?,
        host: piece(dict, "host")?,
        path: piece(dict, "path")?,
        query: piece(dict, "query")?,
        opaque: piece(dict, "opaque")?,
        fragment: piece(dict, "fragment")?,
        user: None,
    };
    let user = piece(dict, "userinfo")?;
    if !user.is_empty() {
        let spelled = [b"proto://", user.as_slice(), b"@host"].concat();
        let parsed =
            Url::parse(&spelled).map_err(|error| format!("unable to parse userinfo in dict: {error}"))?;
        url.user = parsed.user;
    }
    Ok(string(url.to_bytes()))
}
