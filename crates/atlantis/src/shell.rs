//! Words as a shell splits them: how `run` steps of version 2 are read.

/// Splits a command into words: quotes go, a backslash escapes outside of single quotes, `#` starts a comment.
///
/// # Errors
/// What upstream says of a quotation that is not closed and a backslash at the end.
pub(crate) fn split(command: &str) -> Result<Vec<String>, &'static str> {
    const UNCLOSED: &str = "EOF found when expecting closing quote";
    const ESCAPE: &str = "EOF found after escape character";
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = command.chars();
    while let Some(c) = chars.next() {
        match c {
            ' ' | '\t' | '\r' | '\n' => words.extend(word.take()),
            '#' if word.is_none() => {
                chars.by_ref().find(|c| *c == '\n');
            }
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next().ok_or(UNCLOSED)? {
                        '\'' => break,
                        c => word.push(c),
                    }
                }
            }
            '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next().ok_or(UNCLOSED)? {
                        '"' => break,
                        '\\' => word.push(chars.next().ok_or(ESCAPE)?),
                        c => word.push(c),
                    }
                }
            }
            '\\' => word.get_or_insert_default().push(chars.next().ok_or(ESCAPE)?),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn words_are_split_as_upstream_splits_them() {
        // Recorded from google/shlex.
        assert_eq!(split("echo 'a  b'  \"c\"").unwrap(), ["echo", "a  b", "c"]);
        assert_eq!(split("a\\ b\"c\\\"d\"'e\\' # f\ng#h ''").unwrap(), ["a bc\"de\\", "g#h", ""]);
        assert!(split("'a").is_err() && split("\"a").is_err() && split("a\\").is_err());
    }
}
