//! Pipelines, calls and operands.

use super::generate::Maker;
use super::literals::{self, quote};
use super::random::Choices;
use super::tables::*;

/// Which functions a template may call.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Set {
    Builtin,
    Sprig,
    ArgoCd,
}

impl Set {
    pub(crate) fn named(name: &str) -> Self {
        match name {
            "sprig" => Self::Sprig,
            "argocd" => Self::ArgoCd,
            _ => Self::Builtin,
        }
    }
}

impl Maker {
    /// A pipeline of up to four commands, most often of one or two.
    pub(crate) fn pipe(&mut self, depth: usize) -> String {
        let mut out = self.command(depth);
        let mut chance = 35;
        while depth > 0 && self.choices.chance(chance) {
            let (name, params) = self.function();
            let fixed = params.chars().filter(|&c| c != '*').count().saturating_sub(1);
            let cut: String = params.chars().take(fixed).collect();
            let args = self.args(&cut, depth - 1);
            out = format!("{out} | {name}{args}{}", ordered(name));
            chance = 20;
        }
        out
    }

    fn command(&mut self, depth: usize) -> String {
        if depth > 0 && self.choices.chance(75) {
            if self.set != Set::Builtin && self.choices.chance(6) {
                return self.composed(depth);
            }
            let (name, params) = self.function();
            let args = self.args(params, depth - 1);
            return format!("{name}{args}{}", ordered(name));
        }
        self.operand('a', 0)
    }

    fn function(&mut self) -> (&'static str, &'static str) {
        let choices = &mut self.choices;
        match self.set {
            Set::Builtin => *choices.pick(BUILTIN),
            Set::ArgoCd if choices.chance(20) => *choices.pick(ARGOCD),
            _ if choices.chance(15) => {
                let found = *choices.pick(BUILTIN);
                if found.0 == "slice" { ("len", "a") } else { found }
            }
            _ => *choices.pick(SPRIG),
        }
    }

    /// Calls whose arguments belong together, and functions whose results are no two times the same.
    fn composed(&mut self, depth: usize) -> String {
        match self.choices.below(12) {
            0 | 1 => {
                let keys = self.choices.joined(1, 4, |choices| {
                    format!(" \"{}\"", choices.text(&["a", "b", "c", "d", "k", "z", "y", ""]))
                });
                let (default, map) = (self.operand('a', 0), self.operand('m', 0));
                format!("dig{keys} {default} {map}")
            }
            2 | 3 => {
                let name = self.choices.text(&["merge", "mergeOverwrite", "mustMerge", "mustMergeOverwrite"]);
                let maps: String =
                    (0..2 + self.choices.below(2)).map(|_| format!(" {}", self.dict(2))).collect();
                format!("{name}{maps}")
            }
            4 => self.dict(3),
            5 => self.list(3),
            6 => self.choices.text(RANDOM).to_owned(),
            7 => {
                let layout = quoted(&mut self.choices, literals::layout);
                let time = self.choices.text(&[
                    "now",
                    "(now)",
                    ".tm",
                    ZONED,
                    "(toDate \"2006\" \"2031\")",
                    "0",
                    ".i64",
                ]);
                let zone = self.choices.text(ZONES);
                match self.choices.below(3) {
                    0 => format!("dateInZone {layout} {time} \"{zone}\""),
                    1 => format!("date {layout} {time}"),
                    _ => format!("{time} | date {layout}"),
                }
            }
            8 => {
                let (layout, text) = (
                    quoted(&mut self.choices, literals::layout),
                    quoted(&mut self.choices, literals::layout),
                );
                format!("toDate {layout} {text} | date \"2006-01-02T15:04:05.999999999Z07:00\"")
            }
            9 => {
                let (range, version) = (
                    quoted(&mut self.choices, literals::constraint),
                    quoted(&mut self.choices, literals::version),
                );
                format!("semverCompare {range} {version}")
            }
            10 => {
                let version = quoted(&mut self.choices, literals::version);
                let member = self.choices.text(&[
                    "Major",
                    "Minor",
                    "Patch",
                    "Prerelease",
                    "Metadata",
                    "Original",
                    "String",
                    "IncMajor",
                    "IncPatch",
                    "major",
                ]);
                format!("(semver {version}).{member}")
            }
            _ => {
                let pipe = self.pipe(depth - 1);
                let name = self.choices.text(&[
                    "toJson",
                    "toPrettyJson",
                    "toRawJson",
                    "quote",
                    "squote",
                    "typeOf",
                    "kindOf",
                    "deepCopy",
                    "toString",
                ]);
                format!("{pipe} | {name}")
            }
        }
    }

    /// A map with random members.
    fn dict(&mut self, depth: usize) -> String {
        let members: String = (0..self.choices.below(4))
            .map(|_| {
                let key = self.choices.text(&["a", "b", "c", "k", "z"]);
                format!(" \"{key}\" {}", self.item(depth))
            })
            .collect();
        format!("(dict{members})")
    }

    fn list(&mut self, depth: usize) -> String {
        let items: String = (0..self.choices.below(4)).map(|_| format!(" {}", self.item(depth))).collect();
        format!("(list{items})")
    }

    fn item(&mut self, depth: usize) -> String {
        match self.choices.below(if depth == 0 { 6 } else { 9 }) {
            0 => self.choices.text(&["nil", "true", "false", "\"\"", "0", "1", "2.5"]).to_owned(),
            1..4 => quote_of(&mut self.choices, STRINGS),
            4 => self.choices.text(FIELDS).to_owned(),
            5 => self.choices.text(NUMBERS).to_owned(),
            6 | 7 => self.dict(depth - 1),
            _ => self.list(depth - 1),
        }
    }

    fn args(&mut self, params: &str, depth: usize) -> String {
        let mut out = String::new();
        let mut last = 'a';
        for param in params.chars() {
            let count = if param == '*' { self.choices.below(3) } else { 1 };
            if param != '*' {
                last = param;
            }
            for _ in 0..count {
                out.push_str(self.choices.text(&[" ", " ", " ", " ", " ", "  ", "\n", "\t"]));
                // Now and then something else than what is wanted.
                let wanted = if !self.tame && self.choices.chance(6) { 'a' } else { last };
                out.push_str(&self.operand(wanted, depth));
            }
        }
        if !self.tame && self.choices.chance(1) {
            out.push_str(" 1");
        }
        out
    }

    fn operand(&mut self, wanted: char, depth: usize) -> String {
        if depth > 0 && "ansl".contains(wanted) && self.choices.chance(30) {
            let pipe = self.pipe(depth);
            let field = if self.choices.chance(6) {
                self.choices.text(&[".x", ".a", ".k.z", ".a.b.c", ".Year"])
            } else {
                ""
            };
            return format!("({pipe}){field}");
        }
        if wanted == 'a' && !self.variables.is_empty() && self.choices.chance(25) {
            let field =
                if self.choices.chance(8) { self.choices.text(&[".x", ".a", ".k", ".n"]) } else { "" };
            return format!("{}{field}", self.choices.pick(&self.variables));
        }
        self.leaf(wanted)
    }

    fn leaf(&mut self, wanted: char) -> String {
        let builtin = self.set == Set::Builtin;
        let choices = &mut self.choices;
        let kind = choices.below(6);
        match wanted {
            's' if kind == 0 => choices.text(&[".name", ".e", ".utf", ".bad", ".m.k", ".ss.app"]).to_owned(),
            's' => quote_of(choices, STRINGS),
            'i' if kind == 0 => {
                choices.text(&[".i", "(len .l)", "(len .name)", "'a'", "2.0", "1e1", ".n"]).to_owned()
            }
            'i' => choices
                .text(&["0", "1", "2", "3", "5", "7", "10", "12", "-1", "-2", "-5", "4", "0x3", "25"])
                .to_owned(),
            'n' if kind < 2 => choices.text(NUMERIC_FIELDS).to_owned(),
            'n' if kind == 2 => quote_of(
                choices,
                &["1", "1.5", "x", "0x10", "010", "-3", "1e3", "", "2.0", "1_000", " 1", "+1", "inf", "0b1"],
            ),
            'n' => numeric(choices),
            'f' => choices.text(&["0.5", "1", ".f", "0.1", "0"]).to_owned(),
            'b' => choices.text(&["true", "false", ".t", ".no"]).to_owned(),
            'l' if !builtin && kind == 0 => self.list(2),
            'l' => choices
                .text(&[".l", ".el", ".sl", ".il", ".nested", ".users", ".nl", ".mixed", ".r", ".by"])
                .to_owned(),
            'm' if !builtin && kind < 2 => self.dict(2),
            'm' => choices
                .text(&[".m", ".em", ".ss", ".nm", ".deep", ".m.z", "(index .users 0)", ".r", "."])
                .to_owned(),
            't' if !builtin && kind == 0 => ZONED.to_owned(),
            't' => choices.text(&[".tm", "1700000000", ".i64", ".i", ".i32"]).to_owned(),
            'h' => either(choices, FORMATS, literals::format),
            'j' => either(choices, JSONS, |choices| literals::json(choices, 2)),
            'r' => either(choices, REGEXES, |choices| literals::regex(choices, 2)),
            'v' => either(choices, VERSIONS, literals::version),
            'c' => either(choices, CONSTRAINTS, literals::constraint),
            'u' => either(choices, URLS, literals::url),
            'p' => quote_of(choices, PATHS),
            'y' => either(choices, LAYOUTS, literals::layout),
            'o' => quote_of(choices, DATES),
            'd' => either(choices, DURATIONS, literals::duration),
            'x' => quote_of(choices, BASES),
            'z' => quote_of(choices, ZONES),
            'q' => quote_of(choices, YAMLS),
            'g' => quote_of(choices, REPLACEMENTS),
            'w' => format!("(urlParse {})", either(choices, URLS, literals::url)),
            _ => match kind {
                0 => quote_of(choices, STRINGS),
                1 => numeric(choices),
                2 => choices.text(&["true", "false", ".", "$", "nil", "$.name", ".", "'a'"]).to_owned(),
                _ => choices.text(FIELDS).to_owned(),
            },
        }
    }
}

/// What makes the order of a function's result the same every time.
fn ordered(name: &str) -> &'static str {
    if matches!(name, "keys" | "values") { " | sortAlpha" } else { "" }
}

fn numeric(choices: &mut Choices) -> String {
    match choices.below(12) {
        0 => choices.text(literals::CHARACTERS).to_owned(),
        1 | 2 => literals::number(choices),
        _ => choices.text(NUMBERS).to_owned(),
    }
}

fn quoted(choices: &mut Choices, make: impl FnOnce(&mut Choices) -> String) -> String {
    let text = make(choices);
    quote(choices, &text)
}

/// A text of a table, or one that is made.
fn either(
    choices: &mut Choices,
    table: &[&'static str],
    make: impl FnOnce(&mut Choices) -> String,
) -> String {
    if choices.chance(50) { quote_of(choices, table) } else { quoted(choices, make) }
}

/// A text of a table, whose texts are written as in interpreted literals; sometimes varied a little.
fn quote_of(choices: &mut Choices, texts: &[&'static str]) -> String {
    let text = choices.text(texts);
    if !text.contains('`') && choices.chance(30) {
        return format!("`{}`", varied(choices, &text.replace(r"\\", r"\").replace(r#"\""#, "\"")));
    }
    if choices.chance(10) && !text.contains(['\\', '`']) {
        format!("`{text}`")
    } else {
        format!("\"{text}\"")
    }
}

/// Changes a few characters, most of them into what has a meaning somewhere.
fn varied(choices: &mut Choices, text: &str) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..=choices.below(2) {
        let at = choices.below(chars.len() + 1).min(chars.len());
        let c = *choices.pick(&[
            'a', 'B', '0', '1', '9', '.', '-', '_', '+', '*', '?', '(', ')', '[', ']', '{', '}', '^', '$',
            '|', '\\', '/', ':', '%', '#', ' ', '\n', '\t', ',', ';', '=', '<', '>', '~', '!', '@', '"',
            '\'', 'é', 'İ', '日', 'x', 'p', 'd', 'w', 'e', 'E', 'v', 'h', 's', 'm', 'Z',
        ]);
        match choices.below(3) {
            0 if at < chars.len() => drop(chars.remove(at)),
            1 if at < chars.len() => chars.splice(at..=at, [c]).for_each(drop),
            _ => chars.insert(at, c),
        }
    }
    chars.into_iter().collect()
}
