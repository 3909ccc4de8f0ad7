//! Comparing answers, and telling causes apart.

use crate::builders::Answer;

/// How two answers differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    /// Both build, the bytes differ.
    Bytes,
    /// The reference builds, we fail.
    WeFail,
    /// The reference fails, we build.
    WeBuild,
    /// The reference builds what we say we do not support.
    Unsupported,
    /// We crash.
    Crash,
    /// Both fail, in other words.
    Words,
    /// Upstream stumbles over something that `COMPATIBILITY.md` lists; without that, both answer the same.
    Known,
}

impl Class {
    /// Returns a short name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::WeFail => "we-fail",
            Self::WeBuild => "we-build",
            Self::Unsupported => "unsupported",
            Self::Crash => "crash",
            Self::Words => "words",
            Self::Known => "known",
        }
    }
}

/// A difference and what seems to be its cause.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Difference {
    /// How the answers differ.
    pub(crate) class: Class,
    /// The same for differences that look alike.
    pub(crate) cause: String,
}

/// Returns how our answer differs from the reference's. A reference that crashes has no answer.
pub(crate) fn compare(reference: &Answer, ours: &Answer) -> Option<Difference> {
    let (class, cause) = match (reference, ours) {
        (_, Answer::Crash(text)) => (Class::Crash, normalize(text)),
        (Answer::Crash(_) | Answer::Unsupported(_), _) => return None,
        (Answer::Output(want), Answer::Output(got)) if want == got => return None,
        (Answer::Output(want), Answer::Output(got)) => (Class::Bytes, first_difference(want, got)),
        (Answer::Output(_), Answer::Unsupported(text)) => (Class::Unsupported, normalize(text)),
        (Answer::Output(_), Answer::Error(text)) => (Class::WeFail, normalize(text)),
        (Answer::Error(text), Answer::Output(_)) => (Class::WeBuild, normalize(text)),
        (Answer::Error(want), Answer::Error(got)) if squeeze(want) == squeeze(got) => return None,
        (Answer::Error(want), Answer::Error(got) | Answer::Unsupported(got)) => {
            (Class::Words, format!("{} <> {}", normalize(want), normalize(got)))
        }
    };
    Some(Difference { class, cause })
}

/// Makes white space and addresses in memory equal.
fn squeeze(text: &str) -> String {
    let text: Vec<&str> = text.split_whitespace().collect();
    let mut out = String::new();
    for (at, part) in text.join(" ").split("0x").enumerate() {
        if at == 0 {
            out.push_str(part);
            continue;
        }
        let rest = part.trim_start_matches(|c: char| c.is_ascii_hexdigit());
        let address = part.len() - rest.len() > 5;
        out.push_str(if address { "0x" } else { "0x " });
        out.push_str(if address { rest } else { part });
    }
    out
}

/// Takes out of a message what differs from case to case: quoted text, numbers, paths, names.
pub(crate) fn normalize(text: &str) -> String {
    if text.contains("json: unsupported type") {
        return "json: unsupported type".to_owned();
    }
    // A component's error is quoted in that of its parent.
    let text = match text.rsplit_once("accumulateDirectory: \"") {
        Some((_, inner)) => inner,
        None => text,
    };
    // A dump of an object tells nothing about the cause; the words after it do.
    let text = match text.rfind("}: ") {
        Some(at) if text.contains("map[string]interface {}{") => text.get(at..).unwrap_or_default(),
        _ => text,
    };
    let mut out = String::new();
    let mut quote = None;
    for c in text.chars() {
        match quote {
            Some(end) if c == end => quote = None,
            Some(_) => {}
            None if matches!(c, '"' | '`') || (c == '\'' && !out.ends_with(char::is_alphabetic)) => {
                quote = Some(c);
                out.push('Q');
            }
            None if c.is_ascii_digit() => {
                if !out.ends_with('#') {
                    out.push('#');
                }
            }
            None => out.push(c),
        }
    }
    let words =
        out.split_whitespace().map(|word| if word.contains(['/', '.', '[', '{', '<']) { "_" } else { word });
    let mut words: Vec<&str> = words.collect();
    words.dedup();
    let tail = words.len().saturating_sub(14);
    words.get(tail..).unwrap_or_default().join(" ")
}

fn first_difference(want: &[u8], got: &[u8]) -> String {
    let (want, got) = (String::from_utf8_lossy(want), String::from_utf8_lossy(got));
    let mut pairs = want.lines().zip(got.lines());
    match pairs.find(|(want, got)| want != got) {
        Some((want, got)) => format!("{} <> {}", shape(want), shape(got)),
        None => "one is longer".to_owned(),
    }
}

/// Returns the outline of a line: letters, digits and the rest.
fn shape(line: &str) -> String {
    let mut out = String::new();
    for c in line.trim().chars() {
        let class = match c {
            c if c.is_ascii_alphabetic() => 'a',
            c if c.is_ascii_digit() => '9',
            c => c,
        };
        if !out.ends_with(class) || !matches!(class, 'a' | '9' | ' ') {
            out.push(class);
        }
    }
    out.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_answers_do_not_differ() {
        let error = |text: &str| Answer::Error(text.to_owned());
        assert_eq!(
            compare(&error("a\n b &{0x27222c711380 <nil>}"), &error("a b &{0x111111111 <nil>}")),
            None
        );
        assert!(compare(&error("a"), &error("b")).is_some());
        assert_eq!(compare(&Answer::Output(b"a".to_vec()), &Answer::Output(b"a".to_vec())), None);
    }

    #[test]
    fn causes_that_look_alike_are_one() {
        let error = |text: &str| compare(&Answer::Output(Vec::new()), &Answer::Error(text.to_owned()));
        assert_eq!(error("no `a` in /x/y at line 3"), error("no `b` in /z at line 12"));
    }
}
