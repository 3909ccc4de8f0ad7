//! JSON pointers (RFC 6901).

use ecow::EcoString;

/// Splits a pointer into its decoded tokens. The part before the first `/` is ignored, as evanphx/json-patch does.
///
/// `None` is a pointer without any `/`, which names the document.
pub fn tokens(pointer: &str) -> Option<Vec<EcoString>> {
    let (_, rest) = pointer.split_once('/')?;
    Some(rest.split('/').map(unescape).collect())
}

/// Decodes a token: `~1` is `/`, `~0` is `~`.
pub fn unescape(token: &str) -> EcoString {
    if !token.contains('~') {
        return token.into();
    }
    let mut out = EcoString::with_capacity(token.len());
    let mut rest = token;
    while let Some((before, after)) = rest.split_once('~') {
        out.push_str(before);
        (rest, _) = match after.split_at_checked(1) {
            Some(("0", rest)) => (rest, out.push('~')),
            Some(("1", rest)) => (rest, out.push('/')),
            _ => (after, out.push('~')),
        };
    }
    out.push_str(rest);
    out
}

/// Encodes a token.
pub fn escape(token: &str) -> EcoString {
    match token.contains(['~', '/']) {
        true => token.replace('~', "~0").replace('/', "~1").into(),
        false => token.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_survive_escaping() {
        for token in ["a", "a/b", "~", "~1", "~0~1/", "", "ü~"] {
            assert_eq!(unescape(&escape(token)), token);
        }
        assert_eq!(unescape("~2~"), "~2~");
        assert_eq!(tokens(""), None);
        assert_eq!(tokens("/a~1b/0").unwrap(), ["a/b", "0"]);
    }
}
