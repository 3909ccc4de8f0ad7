//! Templates and data at random, by a grammar.

use super::tables::*;
use serde_json::{Value as Json, json};
use trueup_template::{Random, Seed};

/// Returns a case: the same for the same seed and number.
pub(crate) fn case(seed: u64, number: u64) -> Json {
    let source = Seed(seed.wrapping_mul(1_000_003).wrapping_add(number));
    let mut maker = Maker { next: source.stream(), variables: Vec::new(), in_range: false };
    let functions = ["builtin", "sprig", "argocd"];
    let functions = *maker.pick(&functions);
    let template = maker.template(functions);
    let missing = *maker.pick(&["", "", "default", "zero", "error"]);
    let options = match missing {
        "" => json!({ "funcs": functions }),
        missing => json!({ "funcs": functions, "missingkey": missing }),
    };
    json!({
        "name": format!("differential/{seed}-{number}"),
        "template": template,
        "data": maker.data(),
        "defines": [{ "name": "d", "text": "<{{.}}>" }],
        "options": options,
    })
}

struct Maker<'r> {
    next: Box<dyn FnMut() -> u64 + 'r>,
    variables: Vec<String>,
    in_range: bool,
}

impl Maker<'_> {
    fn below(&mut self, bound: usize) -> usize {
        ((u128::from((self.next)()) * bound as u128) >> 64) as usize
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<'s, T>(&mut self, items: &'s [T]) -> &'s T {
        let at = self.below(items.len());
        items.get(at).or(items.first()).unwrap_or_else(|| std::process::abort())
    }

    fn data(&mut self) -> Json {
        let name = *self.pick(&["bob", "Web-1", "", "日本"]);
        let float = *self.pick(&[1.5, -0.25, 1e6, 1_234_567.0, 1e-7, 100_000.0]);
        json!({
            "name": name, "n": self.below(10), "f": float,
            "i": {"$go:int": self.below(9)}, "i64": {"$go:int64": 7}, "i32": {"$go:int32": -3}, "u8": {"$go:uint8": 200}, "u64": {"$go:uint64": "18446744073709551615"},
            "t": true, "no": false, "nil": null, "e": "", "l": ["a", "b", "c"], "el": [], "m": {"k": "v", "a": 1, "z": {"y": "deep"}, "n": null},
            "em": {}, "nested": [[1, 2], [], [3]], "users": [{"n": "x", "age": 3}, {"n": "y", "age": 5}], "il": {"$go:[]int": [3, 1, 2]},
            "sl": {"$go:[]string": ["p", "q", "a", "p"]}, "ss": {"$go:map[string]string": {"app": "web", "env": "prod"}}, "big": 12345678901234567890.0,
            "tm": {"$go:time": "2024-03-01T12:34:56.789Z"}, "by": {"$go:bytes": "aGk="}, "nl": {"$go:nil-list": null}, "nm": {"$go:nil-map": null},
            "utf": "é日𝄞", "bad": {"$go:string-b64": "Yf9i"}, "nan": {"$go:float64": "NaN"}, "inf": {"$go:float64": "-Inf"}, "deep": {"a": {"b": {"c": [1, {"d": "e"}]}}},
            "mixed": [0, "", null, false, [], {}, "x", 1, 1, "x"],
        })
    }

    fn template(&mut self, functions: &str) -> String {
        let mut out = String::new();
        let count = 1 + self.below(4);
        for _ in 0..count {
            out.push_str(&self.statement(functions, 3));
        }
        if self.chance(6) {
            out = self.damaged(&out);
        }
        out
    }

    /// Takes out, doubles or puts in a few characters.
    fn damaged(&mut self, text: &str) -> String {
        let mut chars: Vec<char> = text.chars().collect();
        for _ in 0..=self.below(2) {
            if chars.is_empty() {
                break;
            }
            let at = self.below(chars.len());
            match self.below(3) {
                0 => drop(chars.remove(at)),
                1 => chars.insert(at, chars.get(at).copied().unwrap_or(' ')),
                _ => {
                    let c = *self.pick(&[
                        '{', '}', '(', ')', '|', '.', '$', '"', '`', '\'', '-', ' ', '\n', ':', '=', ',',
                        '/', '*', 'é', '1', 'x', '@', '+',
                    ]);
                    chars.insert(at, c);
                }
            }
        }
        chars.into_iter().collect()
    }

    fn open(&mut self) -> &'static str {
        self.pick::<&str>(&["{{", "{{ ", "{{", "{{ ", "{{- "])
    }

    fn close(&mut self) -> &'static str {
        self.pick::<&str>(&["}}", " }}", "}}", " }}", " -}}"])
    }

    fn action(&mut self, body: &str) -> String {
        format!("{}{body}{}", self.open(), self.close())
    }

    fn body(&mut self, functions: &str, depth: usize) -> String {
        let mark = self.variables.len();
        let text = (0..=self.below(2)).map(|_| self.statement(functions, depth - 1)).collect();
        self.variables.truncate(mark);
        text
    }

    fn statement(&mut self, functions: &str, depth: usize) -> String {
        let kind = if depth == 0 { self.below(55) } else { self.below(100) };
        match kind {
            0..8 => (*self.pick(&["text", " \n ", "a: b\n", "}} ", "é", "{"])).to_owned(),
            8..45 => {
                let pipe = self.pipe(functions, 3);
                self.action(&pipe)
            }
            45..55 => {
                let pipe = self.pipe(functions, 2);
                let reuse = !self.variables.is_empty() && self.chance(40);
                if reuse {
                    let at = self.below(self.variables.len());
                    let name = self.variables.get(at).cloned().unwrap_or_default();
                    return self.action(&format!("{name} = {pipe}"));
                }
                let name = format!("${}", *self.pick(&["x", "y", "z"]));
                let action = self.action(&format!("{name} := {pipe}"));
                self.variables.push(name);
                action
            }
            55..70 => self.branch("if", functions, depth),
            70..80 => self.branch("with", functions, depth),
            80..93 => self.range(functions, depth),
            93..95 => "{{/* note */}}".to_owned(),
            95..97 => {
                let pipe = self.pipe(functions, 1);
                self.action(&format!("template \"d\" {pipe}"))
            }
            97 => {
                let pipe = self.pipe(functions, 1);
                let variables = std::mem::take(&mut self.variables);
                let in_range = std::mem::replace(&mut self.in_range, false);
                let body = self.body(functions, depth);
                (self.variables, self.in_range) = (variables, in_range);
                format!("{{{{block \"b\" {pipe}}}}}{body}{{{{end}}}}")
            }
            _ if self.in_range => (*self.pick(&["{{break}}", "{{continue}}"])).to_owned(),
            _ => "{{template \"nope\"}}".to_owned(),
        }
    }

    fn branch(&mut self, word: &str, functions: &str, depth: usize) -> String {
        let pipe = self.pipe(functions, 2);
        let mut out = self.action(&format!("{word} {pipe}"));
        out.push_str(&self.body(functions, depth));
        if self.chance(30) {
            let pipe = self.pipe(functions, 2);
            out.push_str(&self.action(&format!("else {word} {pipe}")));
            out.push_str(&self.body(functions, depth));
        }
        if self.chance(40) {
            out.push_str(&self.action("else"));
            out.push_str(&self.body(functions, depth));
        }
        out.push_str(&self.action("end"));
        out
    }

    fn range(&mut self, functions: &str, depth: usize) -> String {
        let pipe = if self.chance(60) {
            (*self.pick(&[".l", ".m", ".users", ".sl", ".il", ".ss", "3", ".i", ".nested"])).to_owned()
        } else {
            self.pipe(functions, 2)
        };
        let mark = self.variables.len();
        let head = match self.below(4) {
            0 => {
                self.variables.push("$e".to_owned());
                format!("range $e := {pipe}")
            }
            1 => {
                self.variables.extend(["$i".to_owned(), "$e".to_owned()]);
                format!("range $i, $e := {pipe}")
            }
            _ => format!("range {pipe}"),
        };
        let outer = std::mem::replace(&mut self.in_range, true);
        let mut out = self.action(&head);
        out.push_str(&self.body(functions, depth));
        self.in_range = outer;
        if self.chance(30) {
            out.push_str(&self.action("else"));
            out.push_str(&self.body(functions, depth));
        }
        self.variables.truncate(mark);
        out.push_str(&self.action("end"));
        out
    }

    fn pipe(&mut self, functions: &str, depth: usize) -> String {
        let mut out = self.command(functions, depth);
        if depth > 0 && self.chance(35) {
            let (name, params) = self.function(functions);
            let cut: String =
                params.chars().take(params.chars().filter(|&c| c != '*').count().saturating_sub(1)).collect();
            let args = self.args(functions, &cut, depth - 1);
            let sorted = if name == "keys" { " | sortAlpha" } else { "" };
            out = format!("{out} | {name}{args}{sorted}");
        }
        out
    }

    fn command(&mut self, functions: &str, depth: usize) -> String {
        if depth > 0 && self.chance(75) {
            let (name, params) = self.function(functions);
            let args = self.args(functions, params, depth - 1);
            if name == "keys" {
                return format!("keys{args} | sortAlpha");
            }
            return format!("{name}{args}");
        }
        self.operand(functions, 'a', 0)
    }

    fn function(&mut self, functions: &str) -> (&'static str, &'static str) {
        match functions {
            "builtin" => *self.pick(BUILTIN),
            "argocd" if self.chance(20) => *self.pick(ARGOCD),
            _ if self.chance(15) => {
                let found = *self.pick(BUILTIN);
                if found.0 == "slice" { ("len", "a") } else { found }
            }
            _ => *self.pick(SPRIG),
        }
    }

    fn args(&mut self, functions: &str, params: &str, depth: usize) -> String {
        let mut out = String::new();
        let mut last = 'a';
        for param in params.chars() {
            let count = if param == '*' { self.below(3) } else { 1 };
            if param != '*' {
                last = param;
            }
            for _ in 0..count {
                out.push(' ');
                // Now and then something else than what is wanted.
                let wanted = if !matches!(last, 't') && self.chance(6) { 'a' } else { last };
                out.push_str(&self.operand(functions, wanted, depth));
            }
        }
        if self.chance(1) {
            out.push_str(" 1");
        }
        out
    }

    fn quoted(&mut self, texts: &[&str]) -> String {
        let text = *self.pick(texts);
        if !text.contains('`') && self.chance(30) {
            return format!("`{}`", self.varied(&text.replace(r"\\", r"\").replace(r#"\""#, "\"")));
        }
        if self.chance(10) && !text.contains(['\\', '`']) {
            format!("`{text}`")
        } else {
            format!("\"{text}\"")
        }
    }

    /// Changes a few characters, most of them into what has a meaning somewhere.
    fn varied(&mut self, text: &str) -> String {
        let mut chars: Vec<char> = text.chars().collect();
        for _ in 0..=self.below(2) {
            let at = self.below(chars.len() + 1).min(chars.len());
            let c = *self.pick(&[
                'a', 'B', '0', '1', '9', '.', '-', '_', '+', '*', '?', '(', ')', '[', ']', '{', '}', '^',
                '$', '|', '\\', '/', ':', '%', '#', ' ', '\n', '\t', ',', ';', '=', '<', '>', '~', '!', '@',
                '"', '\'', 'é', 'İ', '日', 'x', 'p', 'd', 'w', 'e', 'E', 'v', 'h', 's', 'm', 'Z',
            ]);
            match self.below(3) {
                0 if at < chars.len() => drop(chars.remove(at)),
                1 if at < chars.len() => chars.splice(at..=at, [c]).for_each(drop),
                _ => chars.insert(at, c),
            }
        }
        chars.into_iter().collect()
    }

    fn operand(&mut self, functions: &str, wanted: char, depth: usize) -> String {
        if depth > 0 && "ansl".contains(wanted) && self.chance(30) {
            let pipe = self.pipe(functions, depth);
            let field = if self.chance(5) { ".x" } else { "" };
            return format!("({pipe}){field}");
        }
        if wanted == 'a' && !self.variables.is_empty() && self.chance(25) {
            let at = self.below(self.variables.len());
            return self.variables.get(at).cloned().unwrap_or_default();
        }
        match wanted {
            's' => match self.below(5) {
                0 => (*self.pick(&[".name", ".e", ".utf", ".bad", ".m.k", ".ss.app"])).to_owned(),
                _ => self.quoted(STRINGS),
            },
            'i' => match self.below(4) {
                0 => (*self.pick(&[".i", "(len .l)", "(len .name)", "'a'", "2.0"])).to_owned(),
                _ => (*self.pick(&["0", "1", "2", "3", "5", "7", "10", "12", "-1", "-2", "-5", "4"]))
                    .to_owned(),
            },
            'n' => match self.below(3) {
                0 => (*self.pick(&[".n", ".f", ".i", ".i64", ".u8", ".big", ".i32", ".nan", ".inf", ".u64"]))
                    .to_owned(),
                1 => self.quoted(&["1", "1.5", "x", "0x10", "010", "-3", "1e3", "", "2.0", "1_000"]),
                _ => (*self.pick(NUMBERS)).to_owned(),
            },
            'f' => (*self.pick(&["0.5", "1", ".f", "0.1"])).to_owned(),
            'b' => (*self.pick(&["true", "false", ".t", ".no"])).to_owned(),
            'l' => match (functions, self.below(4)) {
                ("builtin", _) | (_, 0..3) => (*self
                    .pick(&[".l", ".el", ".sl", ".il", ".nested", ".users", ".nl", ".mixed"]))
                .to_owned(),
                _ => "(list 1 \"a\" nil 2.5 .m)".to_owned(),
            },
            'm' => match (functions, self.below(4)) {
                ("builtin", _) | (_, 0..2) => {
                    (*self.pick(&[".m", ".em", ".ss", ".nm", ".deep", ".m.z", "(index .users 0)"])).to_owned()
                }
                (_, 2) => "(dict \"k\" 1 \"z\" (dict \"q\" .l) \"e\" \"\")".to_owned(),
                _ => "(dict \"a\" (dict \"b\" nil) \"k\" .name)".to_owned(),
            },
            't' => (*self.pick(&[".tm", "1700000000", ".i64", ".i"])).to_owned(),
            'h' => self.quoted(FORMATS),
            'j' => self.quoted(JSONS),
            'r' => self.quoted(REGEXES),
            'v' => self.quoted(VERSIONS),
            'c' => self.quoted(CONSTRAINTS),
            'u' => self.quoted(URLS),
            'p' => self.quoted(PATHS),
            'y' => self.quoted(LAYOUTS),
            'o' => self.quoted(DATES),
            'd' => self.quoted(DURATIONS),
            'x' => self.quoted(BASES),
            'z' => self.quoted(ZONES),
            'q' => self.quoted(YAMLS),
            'g' => self.quoted(REPLACEMENTS),
            'w' => {
                let url = self.quoted(URLS);
                format!("(urlParse {url})")
            }
            _ => match self.below(6) {
                0 => self.quoted(STRINGS),
                1 => (*self.pick(NUMBERS)).to_owned(),
                2 => (*self.pick(&["true", "false", ".", "$", "nil", "$.name", "."])).to_owned(),
                _ => (*self.pick(FIELDS)).to_owned(),
            },
        }
    }
}
