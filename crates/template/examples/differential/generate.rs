//! Templates at random, by the grammar: statements, and what is no statement.

use super::data::data;
use super::expressions::Set;
use super::random::Choices;
use super::runner;
use serde_json::{Value as Json, json};

/// Returns a case: the same for the same seed and number.
///
/// Half of the cases are tame: a statement that fails where it stands is taken back, so that the others are seen.
pub(crate) fn case(seed: u64, number: u64) -> Json {
    let choices = Choices::new(seed.wrapping_mul(1_000_003).wrapping_add(number));
    let mut maker = Maker { choices, variables: Vec::new(), in_range: false, set: Set::Builtin, tame: false };
    let name = *maker.choices.pick(&["builtin", "sprig", "argocd"]);
    maker.set = Set::named(name);
    maker.tame = maker.choices.chance(50);
    let mut options = json!({ "funcs": name });
    let missing = maker.choices.text(&["", "", "default", "zero", "error", "invalid"]);
    if !missing.is_empty() {
        options["missingkey"] = missing.into();
    }
    let mut case = json!({
        "name": format!("differential/{seed}-{number}"),
        "data": data(&mut maker.choices),
        "defines": [{ "name": "d", "text": "<{{.}}>" }, { "name": "e", "text": "{{if .}}{{range .}}{{.}},{{end}}{{else}}none{{end}}" }],
        "options": options,
    });
    if maker.tame {
        maker.tame_template(&mut case);
    } else {
        let template = maker.template();
        maker.delimit(&mut case, template);
    }
    case
}

/// Makes one template.
pub(crate) struct Maker {
    pub(crate) choices: Choices,
    /// The variables that are in scope.
    pub(crate) variables: Vec<String>,
    pub(crate) in_range: bool,
    pub(crate) set: Set,
    /// Nothing that is wrong on purpose.
    pub(crate) tame: bool,
}

impl Maker {
    fn tame_template(&mut self, case: &mut Json) {
        let mut kept = String::new();
        for _ in 0..=self.choices.below(8) {
            let mark = self.variables.len();
            let candidate = kept.clone() + &self.statement(2);
            case["template"] = candidate.clone().into();
            match runner::render(case) {
                Ok(_) => kept = candidate,
                Err(_) => self.variables.truncate(mark),
            }
        }
        case["template"] = kept.into();
    }

    /// Puts a template into a case, sometimes with other delimiters.
    fn delimit(&mut self, case: &mut Json, mut template: String) {
        if self.choices.chance(4) {
            let (left, right) = *self.choices.pick(&[
                ("<<", ">>"),
                ("[[", "]]"),
                ("{%", "%}"),
                ("(", ")"),
                ("{{", "]]"),
                ("é", "日"),
                ("", "]]"),
            ]);
            let shown = if left.is_empty() { "{{" } else { left };
            template = template.replace("}}", "\u{0}").replace("{{", shown).replace('\u{0}', right);
            case["options"]["delims"] = json!([left, right]);
        }
        case["template"] = template.into();
    }

    fn template(&mut self) -> String {
        let mut out = String::new();
        let mut defined = None;
        if self.choices.chance(12) {
            let name = self.choices.text(&["x", "y", "d"]);
            // A body that may not call itself: Go goes 100,000 templates deep.
            let body = self.own_scope(|maker| maker.body(2));
            out.push_str(&self.action(&format!("define \"{name}\"")));
            out.push_str(&body);
            out.push_str(&self.action("end"));
            defined = Some(name);
        }
        let count = 1 + self.choices.below(4);
        for _ in 0..count {
            out.push_str(&self.statement(3));
            if let Some(name) = defined.filter(|_| self.choices.chance(40)) {
                let pipe = self.pipe(1);
                out.push_str(&self.action(&format!("template \"{name}\" {pipe}")));
            }
        }
        if self.choices.chance(3) {
            out.push_str(&self.odd());
        }
        if self.choices.chance(6) {
            out = self.damaged(&out);
        }
        out
    }

    /// Takes out, doubles or puts in a few characters.
    fn damaged(&mut self, text: &str) -> String {
        let mut chars: Vec<char> = text.chars().collect();
        for _ in 0..=self.choices.below(2) {
            if chars.is_empty() {
                break;
            }
            let at = self.choices.below(chars.len());
            match self.choices.below(3) {
                0 => drop(chars.remove(at)),
                1 => chars.insert(at, chars.get(at).copied().unwrap_or(' ')),
                _ => {
                    let c = *self.choices.pick(&[
                        '{', '}', '(', ')', '|', '.', '$', '"', '`', '\'', '-', ' ', '\n', ':', '=', ',',
                        '/', '*', 'é', '1', 'x', '@', '+', '\t', '_', '\\', '\u{0}',
                    ]);
                    chars.insert(at, c);
                }
            }
        }
        chars.into_iter().collect()
    }

    fn action(&mut self, body: &str) -> String {
        let open = self.choices.text(&["{{", "{{ ", "{{", "{{ ", "{{- ", "{{\n", "{{-\t"]);
        let close = self.choices.text(&["}}", " }}", "}}", " }}", " -}}", "\n}}", "\t-}}"]);
        format!("{open}{body}{close}")
    }

    fn body(&mut self, depth: usize) -> String {
        let mark = self.variables.len();
        let text = (0..=self.choices.below(2)).map(|_| self.statement(depth - 1)).collect();
        self.variables.truncate(mark);
        text
    }

    /// Makes something that sees no variables and no loop from outside.
    fn own_scope(&mut self, make: impl FnOnce(&mut Self) -> String) -> String {
        let variables = std::mem::take(&mut self.variables);
        let in_range = std::mem::replace(&mut self.in_range, false);
        let text = make(self);
        (self.variables, self.in_range) = (variables, in_range);
        text
    }

    fn statement(&mut self, depth: usize) -> String {
        let kind = if depth == 0 { self.choices.below(55) } else { self.choices.below(104) };
        match kind {
            0..8 => self.text(),
            8..44 => {
                let pipe = self.pipe(3);
                self.action(&pipe)
            }
            44..55 => self.assignment(),
            55..70 => self.branch("if", depth),
            70..80 => self.branch("with", depth),
            80..93 => self.range(depth),
            93..95 => self.comment(),
            95..98 => {
                let name = self.choices.text(&["d", "d", "e", "e", "nope", "b"]);
                let pipe = if self.choices.chance(85) { format!(" {}", self.pipe(2)) } else { String::new() };
                let quote = self.choices.text(&["\"", "`"]);
                self.action(&format!("template {quote}{name}{quote}{pipe}"))
            }
            98..100 => {
                let pipe = self.pipe(1);
                let body = self.own_scope(|maker| maker.body(depth));
                let (open, close) = (self.action(&format!("block \"b\" {pipe}")), self.action("end"));
                format!("{open}{body}{close}")
            }
            100..103 if self.in_range => {
                let word = self.choices.text(&["break", "continue"]);
                self.action(word)
            }
            _ if self.tame => self.text(),
            _ => self.odd(),
        }
    }

    fn text(&mut self) -> String {
        let choices = &mut self.choices;
        choices.joined(1, 2, |choices| {
            choices
                .text(&[
                    "text", " \n ", "a: b\n", "}} ", "é", "{", "\t", "\r\n", "-}}", "{ {", "日本\n", "  ",
                ])
                .to_owned()
        })
    }

    fn comment(&mut self) -> String {
        self.choices
            .text(&[
                "{{/* note */}}",
                "{{- /* note */ -}}",
                "{{/**/}}",
                "{{- /* a\nb */}}",
                "{{/* }} */}}",
                "{{ /* no */}}",
                "{{/* open",
                "{{/* a */ }}",
                "{{/* x */-}}",
            ])
            .to_owned()
    }

    fn assignment(&mut self) -> String {
        let pipe = self.pipe(2);
        if !self.variables.is_empty() && self.choices.chance(40) {
            let name = self.choices.pick(&self.variables).clone();
            return self.action(&format!("{name} = {pipe}"));
        }
        let name = format!("${}", self.choices.text(&["x", "y", "z", "x1", "é"]));
        let action = self.action(&format!("{name} := {pipe}"));
        self.variables.push(name);
        action
    }

    /// A pipeline that may declare or set a variable, as `if` and `with` take them.
    fn condition(&mut self) -> String {
        let pipe = self.pipe(2);
        match self.choices.below(10) {
            0 | 1 => {
                let name = format!("${}", self.choices.text(&["x", "y", "c"]));
                let text = format!("{name} := {pipe}");
                self.variables.push(name);
                text
            }
            2 if !self.variables.is_empty() => format!("{} = {pipe}", self.choices.pick(&self.variables)),
            _ => pipe,
        }
    }

    fn branch(&mut self, word: &str, depth: usize) -> String {
        let mark = self.variables.len();
        let condition = self.condition();
        let mut out = self.action(&format!("{word} {condition}"));
        out.push_str(&self.body(depth));
        while self.choices.chance(25) {
            let condition = self.condition();
            let other =
                if self.choices.chance(95) { word } else { self.choices.text(&["if", "with", "range"]) };
            out.push_str(&self.action(&format!("else {other} {condition}")));
            out.push_str(&self.body(depth));
        }
        if self.choices.chance(40) {
            out.push_str(&self.action("else"));
            out.push_str(&self.body(depth));
        }
        self.variables.truncate(mark);
        out.push_str(&self.action("end"));
        out
    }

    fn range(&mut self, depth: usize) -> String {
        let pipe = if self.choices.chance(60) {
            self.choices
                .text(&[
                    ".l", ".m", ".users", ".sl", ".il", ".ss", "3", ".i", ".nested", ".r", ".u8", ".n",
                    ".i8", ".by", ".name", "0", ".nil", ".nl", ".nm", ".mixed", ".f", "2.0", "'\\x03'",
                    "(len .l)", ".u", "true",
                ])
                .to_owned()
        } else {
            self.pipe(2)
        };
        let mark = self.variables.len();
        let assigns = self.variables.len() > 1 && self.choices.chance(12);
        let head = match self.choices.below(5) {
            _ if assigns => {
                let (first, second) =
                    (self.choices.pick(&self.variables).clone(), self.choices.pick(&self.variables).clone());
                if self.choices.chance(50) {
                    format!("range {first} = {pipe}")
                } else {
                    format!("range {first}, {second} = {pipe}")
                }
            }
            0 => {
                self.variables.push("$e".to_owned());
                format!("range $e := {pipe}")
            }
            1 | 2 => {
                self.variables.extend(["$i".to_owned(), "$e".to_owned()]);
                let comma = self.choices.text(&[", ", ",", " , "]);
                format!("range $i{comma}$e := {pipe}")
            }
            _ => format!("range {pipe}"),
        };
        let outer = std::mem::replace(&mut self.in_range, true);
        let mut out = self.action(&head);
        out.push_str(&self.body(depth));
        self.in_range = outer;
        if self.choices.chance(30) {
            out.push_str(&self.action("else"));
            out.push_str(&self.body(depth));
        }
        self.variables.truncate(mark);
        out.push_str(&self.action("end"));
        out
    }

    /// What the grammar does not allow, or hardly.
    fn odd(&mut self) -> String {
        let pipe = self.pipe(1);
        let body = self.choices.text(&[
            "{{break}}",
            "{{continue}}",
            "{{end}}",
            "{{else}}",
            "{{else if true}}",
            "{{if}}x{{end}}",
            "{{range}}x{{end}}",
            "{{with}}{{end}}",
            "{{define \"q\"}}",
            "{{if true}}{{define \"q\"}}{{end}}{{end}}",
            "{{block \"q\"}}{{end}}",
            "{{template}}",
            "{{template .x}}",
            "{{template \"d\" 1 2}}",
            "{{template \"d\" | print}}",
            "{{nil}}",
            "{{$undefined}}",
            "{{$x, $y := 1}}",
            "{{range $a, $b, $c := .l}}{{end}}",
            "{{1 | 2}}",
            "{{.name 1}}",
            "{{1 2}}",
            "{{.name | 3}}",
            "{{()}}",
            "{{(}}",
            "{{)}}",
            "{{.}}{{..}}",
            "{{.name.}}",
            "{{.1}}",
            "{{.name.1}}",
            "{{$}}",
            "{{$.name}}",
            "{{$x.name}}",
            "{{.$x}}",
            "{{nope}}",
            "{{nope .}}",
            "{{\"open}}",
            "{{`open}}",
            "{{'a}}",
            "{{- }}",
            "{{-}}",
            "{{--}}",
            "{{}}",
            "{{ }}",
            "{{- -}}",
            "{{-3}}",
            "{{- 3 -}}",
            "{{3-}}",
            "{{ -3}}",
            "{{+3}}",
            "{{.l.x.y}}",
            "{{.m.k.x}}",
            "{{(.m).k}}",
            "{{(.m.z).y}}",
            "{{(index .users 0).n}}",
            "{{(index .users 9).n}}",
            "{{.nil.x.y}}",
            "{{.nope.x.y}}",
            "{{len}}",
            "{{len 1 2}}",
            "{{index}}",
            "{{printf}}",
            "{{and}}",
            "{{or}}",
            "{{not}}",
            "{{eq}}",
            "{{eq 1}}",
            "{{true | not | not}}",
            "{{.tm.Year}}{{.tm.Month}}{{.tm.Format \"2006\"}}",
            "{{.tm.Format}}",
            "{{.tm.Nope}}",
            "{{.tm.wall}}",
            "{{.tm.Equal .tm}}",
            "{{.tm.Before .tm}}",
            "{{(.tm.Sub .tm).Hours}}",
            "{{.tm.AddDate 1 2 3}}",
            "{{.tm.Unix | printf \"%T\"}}",
            "{{define}}{{end}}",
            "{{define q}}{{end}}",
            "{{define \"q\" .}}{{end}}",
            "{{end 1}}",
            "{{else 1}}",
            "{{break 1}}",
            "{{range .l}}{{break}}{{.}}{{end}}",
            "{{range .l}}{{.}}{{continue}}x{{end}}",
            "{{range .l}}{{else}}{{break}}{{end}}",
            "{{range .l}}{{range .}}{{else}}{{break}}{{end}}y{{end}}",
            "{{$x := 1}}{{if true}}{{$x = 2}}{{end}}{{$x}}",
            "{{$x := 1}}{{if true}}{{$x := 2}}{{end}}{{$x}}",
            "{{with $x := .m}}{{$x.k}}{{end}}",
            "{{with .m}}{{.k}}{{$.name}}{{end}}",
            "{{($x := 1)}}",
            "{{if $x = 1}}{{end}}",
            "{{html}}",
            "{{.m.k | .m}}",
            "{{print .m.k .m.k 1 2 .m.k}}",
            "{{print 1 2 \"a\" \"b\" nil}}",
            "{{template \"d\" .}}{{define \"d\"}}[{{.}}]{{end}}",
            "{{define \"d\"}}{{end}}",
            "{{define \"d\"}} {{/* c */}} {{end}}",
            "{{block \"d\" .}}own{{end}}",
            "{{define \"w\"}}{{template \"d\" .}}{{end}}{{template \"w\" 1}}",
            "{{$x := .m}}{{$x.k}}{{$x.z.y}}{{$x.z.y.w}}",
            "{{true.x}}",
            "{{\"a\".x}}",
            "{{1.x}}",
            "{{nil.x}}",
            "{{print nil}}",
            "{{len nil}}",
            "{{index nil 1}}",
            "{{index .m nil}}",
            "{{eq nil nil}}",
            "{{eq .nil nil}}",
            "{{slice .name 1 2 3}}",
            "{{slice .l 1 2 3}}",
            "{{slice .l 0 1 9}}",
            "{{call nil}}",
            "{{call .name 1}}",
        ]);
        if self.choices.chance(70) { body.to_owned() } else { format!("{body}{}", self.action(&pipe)) }
    }
}
