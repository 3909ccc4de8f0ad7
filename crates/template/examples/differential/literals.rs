//! Literals, and texts in the small languages that functions take.

use super::random::Choices;

/// Writes a text as a Go string literal, raw or interpreted.
pub(crate) fn quote(choices: &mut Choices, text: &str) -> String {
    if !text.contains('`') && choices.chance(60) {
        return format!("`{text}`");
    }
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_ascii_control() => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            c if !c.is_ascii() && choices.chance(20) => {
                let code = u32::from(c);
                let escaped = if code > 0xFFFF { format!("\\U{code:08x}") } else { format!("\\u{code:04X}") };
                out.push_str(&escaped);
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A number as Go spells it, or nearly.
pub(crate) fn number(choices: &mut Choices) -> String {
    let digits = |choices: &mut Choices, symbols: &str, most: usize| {
        let symbols: Vec<char> = symbols.chars().collect();
        choices.joined(1, most, |choices| choices.pick(&symbols).to_string())
    };
    let sign = choices.text(&["", "", "", "-", "+"]);
    let body = match choices.below(12) {
        0..4 => digits(choices, "0123456789", 5),
        4 => format!("{}.{}", digits(choices, "0123456789", 4), digits(choices, "0123456789", 6)),
        5 => format!("0{}{}", choices.text(&["x", "X"]), digits(choices, "0123456789abcdefABCDEF_", 8)),
        6 => format!("0{}{}", choices.text(&["b", "B", "o", "O", ""]), digits(choices, "01234567_", 8)),
        7 => {
            let exponent = choices.text(&["", "+", "-"]);
            format!("{}e{exponent}{}", digits(choices, "0123456789.", 4), digits(choices, "0123456789", 2))
        }
        8 => format!(
            "0x{}p{}{}",
            digits(choices, "0123456789abcdef.", 4),
            choices.text(&["", "-", "+"]),
            digits(choices, "0123456789", 2)
        ),
        9 => format!("{}i", digits(choices, "0123456789.", 4)),
        10 => format!(
            "{}{}{}i",
            digits(choices, "0123456789.", 3),
            choices.text(&["+", "-"]),
            digits(choices, "0123456789.", 3)
        ),
        _ => digits(choices, "0123456789_.eExi", 6),
    };
    format!("{sign}{body}")
}

/// A character constant, or nearly.
pub(crate) const CHARACTERS: &[&str] = &[
    "'a'",
    "'é'",
    "'日'",
    r"'\n'",
    r"'\''",
    r"'\\'",
    r"'\x41'",
    r"'\u00e9'",
    r"'\U0001F389'",
    r"'\101'",
    "''",
    "'ab'",
    r"'\q'",
    r"'\ud800'",
    "'\u{1D11E}'",
    r"'\0'",
    r"'\377'",
    r"'\400'",
    "'\"'",
    r#"'\"'"#,
    "' '",
    "'{'",
];

/// A format for printf.
pub(crate) fn format(choices: &mut Choices) -> String {
    choices.joined(1, 3, |choices| {
        let text = choices.text(&["", "", " ", "x", "é", "%%", "|", "[", "\n"]);
        let flags = choices.joined(0, 2, |choices| choices.text(&["+", "-", "#", "0", " "]).to_owned());
        let index = |choices: &mut Choices| {
            choices.text(&["", "", "", "", "", "[1]", "[2]", "[3]", "[0]", "[x]", "[1"])
        };
        let size =
            |choices: &mut Choices| choices.text(&["", "", "", "1", "3", "5", "12", "*", "[1]*", "[2]*"]);
        let precision = match choices.below(4) {
            0 => format!(".{}", size(choices)),
            _ => String::new(),
        };
        // The address of a value is another every time, so `%p` is left out.
        let verb = choices.text(&[
            "v", "v", "v", "s", "s", "d", "d", "q", "x", "X", "T", "t", "c", "U", "b", "o", "O", "e", "E",
            "f", "F", "g", "G", "w", "z", "", "é", "!",
        ]);
        format!("{text}%{flags}{}{precision}{}{verb}", size(choices), index(choices))
    })
}

/// A regular expression.
pub(crate) fn regex(choices: &mut Choices, depth: usize) -> String {
    let branch = |choices: &mut Choices| {
        choices.joined(0, 3, |choices| {
            let atom = atom(choices, depth);
            let times = choices.text(&[
                "", "", "", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{0,}", "{,3}", "{2}?",
                "**", "{1001}", "{3,1}",
            ]);
            format!("{atom}{times}")
        })
    };
    let first = branch(choices);
    let others = match choices.below(4) {
        0 => choices.joined(1, 2, |choices| format!("|{}", branch(choices))),
        _ => String::new(),
    };
    first + &others
}

fn atom(choices: &mut Choices, depth: usize) -> String {
    match choices.below(if depth == 0 { 9 } else { 13 }) {
        0..4 => {
            choices.text(&["a", "b", "o", "l", "H", "1", "-", " ", "é", "日", ".", ",", "x", "K"]).to_owned()
        }
        4 => choices
            .text(&[
                r"\d",
                r"\D",
                r"\w",
                r"\W",
                r"\s",
                r"\S",
                r"\b",
                r"\B",
                r"\A",
                r"\z",
                r"\pL",
                r"\PL",
                r"\p{Lu}",
                r"\p{Greek}",
                r"\p{^Han}",
                r"\.",
                r"\n",
                r"\x41",
                r"\x{65e5}",
                r"\Qa+b\E",
                r"\1",
                r"\Z",
                r"\C",
                r"\a",
                r"\_",
                r"\101",
                r"\p{X}",
            ])
            .to_owned(),
        5 => choices
            .text(&["^", "$", "(?m)", "(?i)", "(?s)", "(?U)", "(?-i)", "(?im-s)", "()", "(?:)"])
            .to_owned(),
        6 | 7 => {
            let not = choices.text(&["", "", "^"]);
            let inside = choices.joined(1, 3, |choices| {
                choices
                    .text(&[
                        "a",
                        "z",
                        "0-9",
                        "a-f",
                        "é",
                        r"\d",
                        r"\w",
                        r"\s",
                        "[:alpha:]",
                        "[:^space:]",
                        "[:x:]",
                        "-",
                        "]",
                        "^",
                        r"\]",
                        "b-a",
                        r"\pL",
                        r"\PN",
                        r"\x61-\x7a",
                        ".",
                        "日-語",
                    ])
                    .to_owned()
            });
            format!("[{not}{inside}]")
        }
        8 => choices
            .text(&[
                "(", ")", "[", "]", "{", "}", "*", "+", "?", "\\", "(?<n>a)", "(?P<n>a)", "(?P=n)", "(?=a)",
                "(?>a)",
            ])
            .to_owned(),
        9 | 10 => format!("({})", regex(choices, depth - 1)),
        11 => format!(
            "({}{})",
            choices.text(&["?:", "?i:", "?s:", "?P<n>", "?<m>", "?P<a1>"]),
            regex(choices, depth - 1)
        ),
        _ => format!("(?:{})", regex(choices, depth - 1)),
    }
}

/// A version, or nearly.
pub(crate) fn version(choices: &mut Choices) -> String {
    let v = choices.text(&["", "", "", "v", "V", "=", " "]);
    let part = |choices: &mut Choices| {
        choices.text(&["0", "1", "2", "3", "10", "12", "01", "x", "*", ""]).to_owned()
    };
    let numbers = (0..=choices.below(4)).map(|_| part(choices)).collect::<Vec<_>>().join(".");
    let pre =
        choices.text(&["", "", "", "", "-alpha", "-alpha.1", "-rc.10", "-0", "-01", "-a.b-c", "-", "-é"]);
    let build = choices.text(&["", "", "", "", "", "+b", "+b.1", "+", "+é"]);
    format!("{v}{numbers}{pre}{build}")
}

/// A constraint on versions.
pub(crate) fn constraint(choices: &mut Choices) -> String {
    let one = |choices: &mut Choices| {
        if choices.chance(8) {
            return format!("{} - {}", version(choices), version(choices));
        }
        let operator = choices.text(&[
            "", "=", "!=", ">", "<", ">=", "<=", "=>", "=<", "~", "~>", "^", "==", ">> ", "! ", ">= ", "^ ",
        ]);
        format!("{operator}{}", version(choices))
    };
    let first = one(choices);
    let others = match choices.below(3) {
        0 => choices.joined(1, 2, |choices| {
            format!("{}{}", choices.text(&[", ", ",", " ", " || ", "||", "  ", " ,"]), one(choices))
        }),
        _ => String::new(),
    };
    first + &others
}

/// A layout of times.
pub(crate) fn layout(choices: &mut Choices) -> String {
    choices.joined(1, 6, |choices| {
        choices
            .text(&[
                "2006",
                "06",
                "01",
                "1",
                "Jan",
                "January",
                "02",
                "2",
                "_2",
                "002",
                "__2",
                "Mon",
                "Monday",
                "15",
                "03",
                "3",
                "04",
                "4",
                "05",
                "5",
                ".000",
                ".999",
                ",000000",
                ".0",
                ".999999999",
                "PM",
                "pm",
                "MST",
                "Z07:00",
                "Z0700",
                "Z07",
                "-07:00",
                "-0700",
                "-07",
                "Z070000",
                "-07:00:00",
                "-",
                "/",
                " ",
                ":",
                "T",
                "é",
                "x",
                "7",
                "0",
                "_",
                "_2006",
                "Janu",
                "Z",
                ".00x",
                "Z07:00:00",
            ])
            .to_owned()
    })
}

/// A duration, or nearly.
pub(crate) fn duration(choices: &mut Choices) -> String {
    let sign = choices.text(&["", "", "", "-", "+"]);
    let parts = choices.joined(0, 3, |choices| {
        let amount = choices.text(&[
            "0",
            "1",
            "90",
            "1.5",
            ".5",
            "2.",
            "1000",
            "9223372036",
            "0.0000001",
            "99999999999",
            ".",
        ]);
        format!("{amount}{}", choices.text(&["h", "m", "s", "ms", "us", "µs", "ns", "d", "", "y"]))
    });
    format!("{sign}{parts}")
}

/// A URL, or nearly.
pub(crate) fn url(choices: &mut Choices) -> String {
    let scheme = choices.text(&["", "", "http:", "https:", "HTTP:", "a+b.c-1:", "1a:", "mailto:", ":", "é:"]);
    let user = choices.text(&["", "", "", "u@", "u:p@", "u:@", "%40:%3a@", ":p@", "u%zz@", "a b@"]);
    let host = choices.text(&[
        "h",
        "example.com",
        "[::1]",
        "[::1%25en0]",
        "[::1",
        "127.0.0.1",
        "é.com",
        "a b",
        "h%41",
        "",
        "H_-~!",
    ]);
    let port = choices.text(&["", "", "", ":80", ":", ":x", ":99999"]);
    let path = choices.joined(0, 3, |choices| {
        choices
            .text(&[
                "/", "/a", "/..", "/.", "/%2F", "/é", "/a b", "/%", "/%4", "/;x=1", "/@:", "//", "/*",
                "/a%20b",
            ])
            .to_owned()
    });
    let query = choices.text(&["", "", "", "?", "?a=1&b", "?é", "?a=%zz", "?x y", "?a?b"]);
    let fragment = choices.text(&["", "", "", "#", "#f", "#é", "#%", "#a b", "#%41#"]);
    let authority = if choices.chance(70) { format!("//{user}{host}{port}") } else { String::new() };
    format!("{scheme}{authority}{path}{query}{fragment}")
}

/// JSON, or nearly.
pub(crate) fn json(choices: &mut Choices, depth: usize) -> String {
    let space = choices.text(&["", "", "", " ", "\n"]);
    let body = match choices.below(if depth == 0 { 7 } else { 11 }) {
        0 => choices.text(&["null", "true", "false", "nil", "True"]).to_owned(),
        1 | 2 => choices
            .text(&[
                "0",
                "1",
                "-1",
                "1.5",
                "1e3",
                "1E+2",
                "-0",
                "01",
                "1.",
                ".5",
                "1e",
                "12345678901234567890",
                "0.1e-7",
                "1e400",
                "+1",
            ])
            .to_owned(),
        3..7 => choices
            .text(&[
                "\"\"",
                "\"a\"",
                "\"é\"",
                r#""\n\"""#,
                r#""\u00e9""#,
                r#""\ud83c\udf89""#,
                r#""\ud800""#,
                r#""\x""#,
                "\"a",
                "\"<&>\"",
                "\"\u{2028}\"",
                "\"\t\"",
                "'a'",
            ])
            .to_owned(),
        7 | 8 => {
            let items: Vec<String> = (0..choices.below(3)).map(|_| json(choices, depth - 1)).collect();
            format!("[{}{}", items.join(","), choices.text(&["]", "]", "]", "]", ",]", ""]))
        }
        _ => {
            let member = |choices: &mut Choices| {
                let key = choices.text(&["\"a\"", "\"b\"", "\"c\"", "\"\"", "a", "1"]);
                format!("{key}{}{}", choices.text(&[":", ":", ":", ": ", " "]), json(choices, depth - 1))
            };
            let members: Vec<String> = (0..choices.below(3)).map(|_| member(choices)).collect();
            format!("{{{}{}", members.join(","), choices.text(&["}", "}", "}", "}", ",}", ""]))
        }
    };
    format!("{space}{body}{space}")
}
