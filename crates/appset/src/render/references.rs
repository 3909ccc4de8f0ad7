//! Which parameters a template reads, found in its text.

use super::fast;
use trueup_manifest::EcoString;

/// Returns the names of the parameters that a template text reads, in order, each once.
///
/// For Go templates these are the field chains as they are written: what `range`, `with` and variables make of them is not
/// followed.
///
/// ```
/// use trueup_appset::render::references;
///
/// assert_eq!(references("{{ .path.basename | upper }}-{{ index .metadata.labels \"env.x\" }}", true), ["path.basename", "metadata.labels"]);
/// assert_eq!(references("{{path.basename}}", false), ["path.basename"]);
/// ```
pub fn references(template: &str, go_template: bool) -> Vec<EcoString> {
    let mut names: Vec<EcoString> = Vec::new();
    let mut add = |name: &str| {
        if !name.is_empty() && !names.iter().any(|known| known == name) {
            names.push(name.into());
        }
    };
    if go_template {
        let mut rest = template;
        while let Some((_, after)) = rest.split_once("{{") {
            rest = action(after, &mut add);
        }
    } else {
        fast::tags(template).for_each(add);
    }
    names
}

/// Reads one action up to its `}}`; returns what follows.
fn action<'a>(text: &'a str, add: &mut impl FnMut(&str)) -> &'a str {
    let mut rest = text.trim_start_matches('-').trim_start();
    if let Some(comment) = rest.strip_prefix("/*") {
        return comment.split_once("*/").map_or("", |(_, after)| after);
    }
    let mut previous = ' ';
    while let Some(c) = rest.chars().next() {
        let next = rest.strip_prefix(c).unwrap_or_default();
        match c {
            '}' if next.starts_with('}') => return next.strip_prefix('}').unwrap_or_default(),
            '"' | '`' | '\'' => rest = skip_quoted(next, c),
            '.' if !is_name(previous) && previous != ')' => {
                let end = next.find(|c| !is_name(c) && c != '.').unwrap_or(next.len());
                let (name, after) = next.split_at_checked(end).unwrap_or((next, ""));
                if !name.starts_with(|c: char| c.is_ascii_digit()) {
                    add(name.trim_end_matches('.'));
                }
                rest = after;
            }
            _ => rest = next,
        }
        previous = c;
    }
    ""
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn skip_quoted(text: &str, quote: char) -> &str {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            '\\' if !escaped && quote != '`' => escaped = true,
            c if c == quote && !escaped => return text.get(at + c.len_utf8()..).unwrap_or_default(),
            _ => escaped = false,
        }
    }
    ""
}
