//! What labels may look like.

/// Returns what is wrong with a label key: an optional DNS subdomain and a slash, then a name of up to 63 characters.
pub fn label_key_problem(key: &str) -> Option<String> {
    let (prefix, name) = match key.split_once('/') {
        Some((prefix, name)) => (Some(prefix), name),
        None => (None, key),
    };
    if name.contains('/') {
        return Some(format!(
            "a qualified name {} with an optional DNS subdomain prefix and '/'",
            shape("MyName")
        ));
    }
    if let Some(prefix) = prefix {
        if prefix.is_empty() {
            return Some("prefix part must be non-empty".to_owned());
        }
        if let Some(problem) = subdomain_problem(prefix) {
            return Some(format!("prefix part {problem}"));
        }
    }
    match name {
        "" => Some(format!("name part must be non-empty; name part {}", shape("MyName"))),
        name if name.len() > 63 => Some("name part must be no more than 63 characters".to_owned()),
        name if !is_name(name) => Some(format!("name part {}", shape("MyName"))),
        _ => None,
    }
}

/// Returns what is wrong with a label value: empty, or a name of up to 63 characters.
pub fn label_value_problem(value: &str) -> Option<String> {
    if value.len() > 63 {
        return Some("must be no more than 63 characters".to_owned());
    }
    if value.is_empty() || is_name(value) {
        return None;
    }
    Some(format!("a valid label must be an empty string or {}", shape("MyValue").trim_start_matches("must ")))
}

fn shape(example: &str) -> String {
    format!(
        "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character \
         (e.g. '{example}')"
    )
}

/// Alphanumeric at both ends; `-`, `_` and `.` between.
fn is_name(text: &str) -> bool {
    let ends = |c: Option<u8>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    ends(text.bytes().next())
        && ends(text.bytes().next_back())
        && text.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.'))
}

fn subdomain_problem(text: &str) -> Option<&'static str> {
    if text.len() > 253 {
        return Some("must be no more than 253 characters");
    }
    let ends = |c: Option<u8>| c.is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    let is_label = |label: &str| {
        ends(label.bytes().next())
            && ends(label.bytes().next_back())
            && label.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-')
    };
    if text.split('.').all(is_label) {
        return None;
    }
    Some(
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an \
         alphanumeric character (e.g. 'example.com')",
    )
}
