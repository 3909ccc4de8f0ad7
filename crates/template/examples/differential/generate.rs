//! Templates and data at random, by a grammar.

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
    let mut options = json!({ "funcs": functions });
    if !missing.is_empty() {
        options["missingkey"] = missing.into();
    }
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

/// Functions with what they take: `s`tring, `i`nt, `a`ny, `l`ist, `m`ap, `f`loat, `b`ool, `t`ime, `n`umber of any
/// kind, and texts of a kind: `j`son, `r`egex, `v`ersion, `c`onstraint, `u`rl, `p`ath, `y` layout, `d`uration, `x`
/// base 64, `z`one, `q` YAML. A `*` repeats the one before it.
const BUILTIN: &[(&str, &str)] = &[
    ("and", "aa*"), ("or", "aa*"), ("not", "a"), ("len", "a"), ("index", "ai"), ("index", "ms"), ("index", "as"), ("index", "lii"),
    ("eq", "aa"), ("eq", "aaa"), ("ne", "aa"), ("lt", "nn"), ("le", "nn"), ("gt", "ss"), ("ge", "aa"), ("print", "a*"),
    ("println", "a*"), ("html", "a*"), ("js", "a*"), ("urlquery", "a*"), ("call", "aa"), ("printf", "ha*"), ("printf", "ha"),
    ("printf", "hn"), ("printf", "hs"), ("eq", "ss"), ("eq", "nn"), ("slice", "aii"), ("slice", "si"), ("slice", "lii"),
];

const SPRIG: &[(&str, &str)] = &[
    ("trim", "s"), ("trimAll", "ss"), ("trimPrefix", "ss"), ("trimSuffix", "ss"), ("upper", "s"), ("lower", "s"),
    ("title", "s"), ("untitle", "s"), ("swapcase", "s"), ("repeat", "is"), ("substr", "iis"), ("trunc", "is"),
    ("abbrev", "is"), ("abbrevboth", "iis"), ("initials", "s"), ("nospace", "s"), ("wrap", "is"), ("wrapWith", "iss"),
    ("contains", "ss"), ("hasPrefix", "ss"), ("hasSuffix", "ss"), ("quote", "a*"), ("squote", "a*"), ("cat", "a*"),
    ("indent", "is"), ("nindent", "is"), ("replace", "sss"), ("plural", "ssi"), ("snakecase", "s"), ("kebabcase", "s"),
    ("camelcase", "s"), ("toString", "a"), ("toStrings", "a"), ("splitList", "ss"), ("split", "ss"), ("splitn", "sis"),
    ("join", "sa"), ("sortAlpha", "a"), ("b64enc", "s"), ("b64dec", "x"), ("b32enc", "s"), ("b32dec", "x"),
    ("sha1sum", "s"), ("sha256sum", "s"), ("sha512sum", "s"), ("adler32sum", "s"), ("regexQuoteMeta", "s"),
    ("atoi", "s"), ("int", "a"), ("int64", "a"), ("float64", "a"), ("toDecimal", "a"), ("add", "n*"), ("mul", "nn*"),
    ("sub", "nn"), ("div", "nn"), ("mod", "nn"), ("add1", "n"), ("max", "nn*"), ("min", "nn*"), ("addf", "n*"),
    ("subf", "nn*"), ("mulf", "nn*"), ("divf", "nn*"), ("add1f", "n"), ("maxf", "nn*"), ("minf", "nn*"), ("floor", "n"),
    ("ceil", "n"), ("round", "ni"), ("round", "nif"), ("until", "i"), ("untilStep", "iii"), ("seq", "i*"),
    ("default", "aa"), ("default", "a"), ("empty", "a"), ("coalesce", "a*"), ("all", "a*"), ("any", "a*"),
    ("ternary", "aab"), ("fail", "s"), ("kindOf", "a"), ("kindIs", "sa"), ("typeOf", "a"), ("typeIs", "sa"),
    ("typeIsLike", "sa"), ("deepEqual", "aa"), ("deepCopy", "a"), ("list", "a*"), ("tuple", "a*"), ("first", "l"),
    ("last", "l"), ("rest", "l"), ("initial", "l"), ("append", "la"), ("prepend", "la"), ("concat", "l*"),
    ("reverse", "l"), ("uniq", "l"), ("without", "la*"), ("compact", "l"), ("has", "al"), ("slice", "lii"),
    ("slice", "li"), ("chunk", "il"), ("mustFirst", "a"), ("mustRest", "a"), ("mustUniq", "a"), ("mustHas", "aa"),
    ("mustSlice", "ai"), ("mustChunk", "ia"), ("dict", "sasa"), ("dict", "a*"), ("get", "ms"), ("set", "msa"),
    ("unset", "ms"), ("hasKey", "ms"), ("pluck", "sm*"), ("dig", "ssam"), ("dig", "sam"), ("pick", "ms*"),
    ("omit", "ms*"), ("merge", "mm*"), ("mergeOverwrite", "mm*"), ("mustMerge", "mm"), ("mustMergeOverwrite", "mm"),
    ("date", "yt"), ("dateInZone", "ytz"), ("htmlDate", "t"), ("htmlDateInZone", "tz"), ("dateModify", "dt"),
    ("mustDateModify", "dt"), ("toDate", "ys"), ("mustToDate", "yo"), ("toDate", "yo"), ("unixEpoch", "t"),
    ("duration", "a"), ("duration", "n"), ("durationRound", "d"), ("toJson", "a"), ("toPrettyJson", "a"),
    ("toRawJson", "a"), ("mustToJson", "a"), ("fromJson", "j"), ("mustFromJson", "j"), ("regexMatch", "rs"),
    ("regexFind", "rs"), ("regexFindAll", "rsi"), ("regexReplaceAll", "rsg"), ("regexReplaceAllLiteral", "rss"),
    ("regexSplit", "rsi"), ("mustRegexFind", "rs"), ("mustRegexMatch", "rs"), ("base", "p"), ("dir", "p"),
    ("clean", "p"), ("ext", "p"), ("isAbs", "p"), ("urlParse", "u"), ("urlJoin", "m"), ("urlJoin", "w"), ("semver", "v"),
    ("semverCompare", "cv"), ("hello", ""), ("decryptAES", "sx"), ("keys", "m"),
];

const ARGOCD: &[(&str, &str)] = &[
    ("normalize", "s"), ("slugify", "s"), ("slugify", "is"), ("slugify", "ibs"), ("toYaml", "a"), ("fromYaml", "q"),
    ("fromYamlArray", "q"), ("fromYaml", "j"),
];

const STRINGS: &[&str] = &[
    "", "a", "abc", "Hello World", "foo-bar_baz", "HTTPServer", "getHTTPResponse2xx", " padded\\t", "line1\\nline2\\n", "é", "日本語テキスト",
    "ß ﬁ", "x=1&y=<2>", "0", "1", "-5", "1.5", "1e3", "0x1F", "010", "true", "false", "nil", "a,b,,c", "a/b/c.txt", "%d %s %%", "'q' \\\"d\\\"",
    "\\\\", "\\x00\\x7f", "\\xff\\xfe", "🎉 party", "ǅungla", "İstanbul", "the quick brown fox jumps", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "$1", "${a}x",
    "name", "m", "k", "_0", "2024-02-29", "v1.2.3", "\\u00a0nbsp", "ſK", "Σίσυφος", "a\\tb", "[x]", "{}", "-", "_", "--a--", "9223372036854775808",
];
const NUMBERS: &[&str] = &[
    "0", "1", "-1", "2", "3", "5", "10", "42", "100", "-7", "1.5", "-2.5", "0.1", "1e3", "1e6", "1e21", "1e-7", "2.0", "'a'", "0x1F", "010", "1_000",
    "9223372036854775807", "-9223372036854775808", "123456789.125", "1i", "0x1p-2", "1e100", "0b101", "0o17", "3.14159", "-0.0", "65535", "4294967296",
];
const FORMATS: &[&str] = &[
    "%v", "%s", "%d", "%q", "%x", "%T", "%5d|%-5d|", "%05d", "%+d", "%.2f", "%8.3f", "%e", "%g", "%t", "%c", "%U", "%#v", "%+v", "%o", "%b", "%X", "%#x", "% x",
    "%s %s", "%[2]v %[1]v", "%*d", "%.*f", "%", "%!", "%z", "a%%b", "%6.2f%%", "%-10s|", "%10s|", "%.3s", "%#q", "%+q", "%O", "%G", "%#o", "%08.3f", "% d", "%+.2e",
    "%[3]v", "%[x]v", "%.", "%5", "%v %v %v", "%05s", "%x", "%#g", "%F", "%#U", "%6t", "%w", "%1000001d", "%.0f", "%3c", "%-3c|", "%q %d", "%#.3x", "%20v|%-20v|",
];
const REGEXES: &[&str] = &[
    "a", "[a-z]+", "^a", "b$", "(a)(b)?", "\\\\d+", "\\\\w+", "[^a]", "a|b", "a*", "x*", "(?i)HELLO", ".", "\\\\s", "(?P<n>[a-z])", "a{2,3}", "[[:alpha:]]+", "\\\\bfoo", "(", "[", "*", "a**",
    "(?=a)", "\\\\p{L}", "\\\\pN", "(?s).*", "(?m)^l", "\\\\Qa.b\\\\E", "", "a{1001}", "\\\\1", "[b-a]", "é", "(?U)a+", "[\\\\w-]+", "o+?", "(?:ab)+", "\\\\x41", "\\\\z", "[]a]", "(a|b)*c", "\\\\p{Greek}",
    "a{2}{3}", "(?i:K)", "\\\\B", "$", "^", "(^|,)", "[^\\\\n]*", "a)", "\\\\8", "(?P<1a>x)", "{", "a{,2}", "[[:foo:]]", "\\\\C", "(?i)ß", "(?-i)a", "x{0}", "\\\\Aa", ".{3}", "[é-ü]",
];
const VERSIONS: &[&str] = &["1.2.3", "v1.2", "1", "1.2.3-alpha.1", "2.0.0-rc.1+build", "v1.29.3-gke.1", "", "x", "1.2.3.4", "01.2.3", "0.0.1", "1.2.3-01", "0.2.5", "1.10.0", "1.2.3+m", "99999999999999999999.0.0"];
const CONSTRAINTS: &[&str] = &[
    ">=1.0", "^1.2", "~1.2.3", "1.x", "*", "", ">1.2", "<=1.2", "!=1.2", "1.2 - 2.0", ">=1.0-0", ">= 1.2, < 3", "^0.2.3", "^0.0", "~0", "=1.2.3", "1.2.3 || 2", "=<2", "~>1.2", "x", ">=1.2.3-alpha", "!=1.2.x", "bad",
    ">1 <2", "^1.2.3-beta", "<2.0.0,", "||", "1.2.3-2.0.0", "^0", "~1", ">=v1.2", "1.2.*", "! 1", ">=1.29.0-0", "v1", " 1.2 ",
];
const URLS: &[&str] = &[
    "http://user:p%40ss@host:80/p/a?q=1#frag", "https://example.com", "mailto:x@y", "/rel/path?x", "//h/p", "http://[::1]:8080/", "a:b:c", ":bad", "http://h/%zz", "%", "http://a b/", "HTTP://H", "x?y?z", "", "*", "http://h:x/", "ftp://é.com/ü", "a/b:c", "http://h#%41",
    "http://[::1", "http://h/a%2Fb", "file:///etc/x", "http://u@h", "http://h?", "s3:opaque?q",
];
const PATHS: &[&str] = &["", "/", "a/b", "/a/b/", "../x", "a/../b", "./a", "a//b", "file.tar.gz", ".hidden", "a/.b.c", "/../a", "..", "a/./b/../../..", "x."];
const LAYOUTS: &[&str] = &["2006-01-02", "Jan 2, 2006 at 3:04pm (MST)", "2006-01-02T15:04:05Z07:00", "Mon Monday Jan _2 002 __2", "15:04:05.000", "06/1/2 03:04:05.999 PM", "-0700 -07 Z0700 -07:00:00", "2006", "", "x", "20060102150405", "Mon, 02 Jan 2006 15:04:05 MST", "5.00 4 3", "_2006 January"];
const DATES: &[&str] = &["2024-02-29", "2023-02-29", "Feb 3, 2013 at 7:54pm (PST)", "2024-03-01T10:00:00+02:00", "2024", "12:30:45.123", "24/1/2 01:02:03 AM", "x", "", "2024-13-01", "20240301123456", "2024-03-01T10:00:00Z", "Mon, 02 Jan 2006 15:04:05 GMT"];
const DURATIONS: &[&str] = &["1h30m", "-1.5h", "300ms", "1us", "", "x", "1", "25h", "8760h1s", "100000h", "0", "2h45m30.5s", "1d", ".5s", "1h-"];
const JSONS: &[&str] = &["{\\\"a\\\":1}", "[1,2,{\\\"b\\\":null}]", "1e400", "\\\"x\\\\u00e9\\\"", "nul", "", "{", "[1,]", "{\\\"a\\\":1,\\\"a\\\":2}", "12345678901234567890", " true ", "{\\\"a\\\" 1}", "\\\"\\\\ud800\\\"", "-", "1.", "01", "[1 2]", "{a:1}", "\\\"\\n\\\"", "nullx", "\\\"\\\\x\\\"", "0.1", "1E5"];
const YAMLS: &[&str] = &["a: 1\\nb: [x, yes]\\n", "- 1\\n- a: b\\n", "x", "", "a: {b: 0x1F, c: 010, d: 1e3}", "a: |\\n  t\\n  u\\n", "null", "a: 2024-01-01\\n", "'1': 2\\n", "a: .5\\nb: ~\\n", "[1, 2"];
const BASES: &[&str] = &["YWJj", "YQ==", "YQ", "!", "aGVsbG8gd29ybGQ=", "ME======", "MFRGG===", "", "YWJ\\njZGVm", "a=bc", "YQ==x", "MFRGGZDF", "M=======", "30tEfhuJSVRhpG97XCuWgz2okj7L8vQ1s6V9zVUPeDQ="];
const ZONES: &[&str] = &["UTC", "America/New_York", "Asia/Kolkata", "Local", "", "Nope/Zone", "Europe/Berlin", "utc", "Asia/Kathmandu"];
const REPLACEMENTS: &[&str] = &["-", "$1", "${1}x", "$n", "$$", "", "$1x", "<$0>", "${n}", "$", "${", "$2", "é"];
const FIELDS: &[&str] = &[
    ".name", ".n", ".f", ".i", ".i64", ".t", ".no", ".nil", ".e", ".l", ".el", ".m", ".em", ".nested", ".users", ".il", ".sl", ".ss", ".nope", ".m.k", ".m.z.y", ".m.nope", ".m.nope.x",
    ".ss.app", ".ss.nope", ".big", ".u8", ".tm", ".by", ".nl", ".nm", ".utf", ".bad", ".m.a", ".nan", ".inf", ".name.x", ".l.x", ".nil.x", ".tm.Year", ".tm.Weekday", ".u64", ".deep.a.b.c", ".i32", ".mixed",
];

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
        let name = ["bob", "Web-1", "", "日本"][self.below(4)];
        let float = [1.5, -0.25, 1e6, 1_234_567.0, 1e-7, 100_000.0][self.below(6)];
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
                    let c = *self.pick(&['{', '}', '(', ')', '|', '.', '$', '"', '`', '\'', '-', ' ', '\n', ':', '=', ',', '/', '*', 'é', '1', 'x', '@', '+']);
                    chars.insert(at, c);
                }
            }
        }
        chars.into_iter().collect()
    }

    fn open(&mut self) -> &'static str {
        if self.chance(10) { "{{- " } else { ["{{", "{{ "][self.below(2)] }
    }

    fn close(&mut self) -> &'static str {
        if self.chance(10) { " -}}" } else { ["}}", " }}"][self.below(2)] }
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
                let name = format!("${}", ["x", "y", "z"][self.below(3)]);
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
        let pipe = if self.chance(60) { (*self.pick(&[".l", ".m", ".users", ".sl", ".il", ".ss", "3", ".i", ".nested"])).to_owned() } else { self.pipe(functions, 2) };
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
            let cut: String = params.chars().take(params.chars().filter(|&c| c != '*').count().saturating_sub(1)).collect();
            let args = self.args(functions, &cut, depth - 1);
            out = format!("{out} | {name}{args}");
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
        if self.chance(10) && !text.contains(['\\', '`']) { format!("`{text}`") } else { format!("\"{text}\"") }
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
                _ => (*self.pick(&["0", "1", "2", "3", "5", "7", "10", "12", "-1", "-2", "-5", "4"])).to_owned(),
            },
            'n' => match self.below(3) {
                0 => (*self.pick(&[".n", ".f", ".i", ".i64", ".u8", ".big", ".i32", ".nan", ".inf", ".u64"])).to_owned(),
                1 => self.quoted(&["1", "1.5", "x", "0x10", "010", "-3", "1e3", "", "2.0", "1_000"]),
                _ => (*self.pick(NUMBERS)).to_owned(),
            },
            'f' => (*self.pick(&["0.5", "1", ".f", "0.1"])).to_owned(),
            'b' => (*self.pick(&["true", "false", ".t", ".no"])).to_owned(),
            'l' => match (functions, self.below(4)) {
                ("builtin", _) | (_, 0..3) => (*self.pick(&[".l", ".el", ".sl", ".il", ".nested", ".users", ".nl", ".mixed"])).to_owned(),
                _ => "(list 1 \"a\" nil 2.5 .m)".to_owned(),
            },
            'm' => match (functions, self.below(4)) {
                ("builtin", _) | (_, 0..2) => (*self.pick(&[".m", ".em", ".ss", ".nm", ".deep", ".m.z", "(index .users 0)"])).to_owned(),
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
