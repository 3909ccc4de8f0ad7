//! What templates are made of: functions with their parameters, and texts and numbers worth trying.

/// Functions with what they take: `s`tring, `i`nt, `a`ny, `l`ist, `m`ap, `f`loat, `b`ool, `t`ime, `n`umber of any
/// kind, and texts of a kind: `j`son, `r`egex, `v`ersion, `c`onstraint, `u`rl, `p`ath, `y` layout, `d`uration, `x`
/// base 64, `z`one, `q` YAML. A `*` repeats the one before it.
#[rustfmt::skip]
pub(crate) const BUILTIN: &[(&str, &str)] = &[
    ("and", "aa*"), ("or", "aa*"), ("not", "a"), ("len", "a"), ("index", "ai"), ("index", "ms"), ("index", "as"), ("index", "lii"),
    ("eq", "aa"), ("eq", "aaa"), ("ne", "aa"), ("lt", "nn"), ("le", "nn"), ("gt", "ss"), ("ge", "aa"), ("print", "a*"),
    ("println", "a*"), ("html", "a*"), ("js", "a*"), ("urlquery", "a*"), ("call", "aa"), ("printf", "ha*"), ("printf", "ha"),
    ("printf", "hn"), ("printf", "hs"), ("eq", "ss"), ("eq", "nn"), ("slice", "aii"), ("slice", "si"), ("slice", "lii"),
];

#[rustfmt::skip]
pub(crate) const SPRIG: &[(&str, &str)] = &[
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
    ("values", "m"), ("ago", "t"), ("biggest", "nn*"), ("date_in_zone", "ytz"), ("date_modify", "dt"), ("must_date_modify", "dt"),
    ("mustAppend", "aa"), ("mustPush", "aa"), ("push", "la"), ("mustPrepend", "aa"), ("mustCompact", "a"), ("mustInitial", "a"), ("mustLast", "a"),
    ("mustReverse", "a"), ("mustWithout", "aa*"), ("mustDeepCopy", "a"), ("mustToPrettyJson", "a"), ("mustToRawJson", "a"), ("trimall", "ss"),
    ("mustRegexFindAll", "rsi"), ("mustRegexReplaceAll", "rsg"), ("mustRegexReplaceAllLiteral", "rss"), ("mustRegexSplit", "rsi"),
    ("osBase", "p"), ("osClean", "p"), ("osDir", "p"), ("osExt", "p"), ("osIsAbs", "p"),
];

/// A time in a zone of its own. It is not in the data: what `printf` shows of its zone with most verbs is an address.
pub(crate) const ZONED: &str =
    r#"(toDate "2006-01-02T15:04:05Z07:00" "1999-12-31T23:59:59.000000001+05:30")"#;

/// What is no two times the same, seen through what is.
#[rustfmt::skip]
pub(crate) const RANDOM: &[&str] = &[
    "randAlpha 5 | len", "randAlphaNum 7 | len", "randNumeric 3 | len", "randAscii 4 | len", "randBytes 6 | b64dec | len", "randInt 3 4", "shuffle .name | len",
    "uuidv4 | len", "randAlpha 0", "randAlpha -1", "randNumeric 9 | regexMatch `^[0-9]{9}$`", "uuidv4 | regexMatch `^[0-9a-f-]{36}$`", "encryptAES \"k\" .name | decryptAES \"k\"",
    "now.Year", "now.Unix", "now | unixEpoch", "now | date_modify \"-1h\" | htmlDate", "(now.Sub .tm).Hours", "htpasswd \"a:b\" \"c\"", "ago now", "ago .tm",
];

#[rustfmt::skip]
pub(crate) const ARGOCD: &[(&str, &str)] = &[
    ("normalize", "s"), ("slugify", "s"), ("slugify", "is"), ("slugify", "ibs"), ("toYaml", "a"), ("fromYaml", "q"),
    ("fromYamlArray", "q"), ("fromYaml", "j"),
];

#[rustfmt::skip]
pub(crate) const STRINGS: &[&str] = &[
    "", "a", "abc", "Hello World", "foo-bar_baz", "HTTPServer", "getHTTPResponse2xx", " padded\\t", "line1\\nline2\\n", "é", "日本語テキスト",
    "ß ﬁ", "x=1&y=<2>", "0", "1", "-5", "1.5", "1e3", "0x1F", "010", "true", "false", "nil", "a,b,,c", "a/b/c.txt", "%d %s %%", "'q' \\\"d\\\"",
    "\\\\", "\\x00\\x7f", "\\xff\\xfe", "🎉 party", "ǅungla", "İstanbul", "the quick brown fox jumps", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "$1", "${a}x",
    "name", "m", "k", "_0", "2024-02-29", "v1.2.3", "\\u00a0nbsp", "ſK", "Σίσυφος", "a\\tb", "[x]", "{}", "-", "_", "--a--", "9223372036854775808",
];
#[rustfmt::skip]
pub(crate) const NUMBERS: &[&str] = &[
    "0", "1", "-1", "2", "3", "5", "10", "42", "100", "-7", "1.5", "-2.5", "0.1", "1e3", "1e6", "1e21", "1e-7", "2.0", "'a'", "0x1F", "010", "1_000",
    "9223372036854775807", "-9223372036854775808", "123456789.125", "1i", "0x1p-2", "1e100", "0b101", "0o17", "3.14159", "-0.0", "65535", "4294967296",
];
#[rustfmt::skip]
pub(crate) const FORMATS: &[&str] = &[
    "%v", "%s", "%d", "%q", "%x", "%T", "%5d|%-5d|", "%05d", "%+d", "%.2f", "%8.3f", "%e", "%g", "%t", "%c", "%U", "%#v", "%+v", "%o", "%b", "%X", "%#x", "% x",
    "%s %s", "%[2]v %[1]v", "%*d", "%.*f", "%", "%!", "%z", "a%%b", "%6.2f%%", "%-10s|", "%10s|", "%.3s", "%#q", "%+q", "%O", "%G", "%#o", "%08.3f", "% d", "%+.2e",
    "%[3]v", "%[x]v", "%.", "%5", "%v %v %v", "%05s", "%x", "%#g", "%F", "%#U", "%6t", "%w", "%1000001d", "%.0f", "%3c", "%-3c|", "%q %d", "%#.3x", "%20v|%-20v|",
];
#[rustfmt::skip]
pub(crate) const REGEXES: &[&str] = &[
    "a", "[a-z]+", "^a", "b$", "(a)(b)?", "\\\\d+", "\\\\w+", "[^a]", "a|b", "a*", "x*", "(?i)HELLO", ".", "\\\\s", "(?P<n>[a-z])", "a{2,3}", "[[:alpha:]]+", "\\\\bfoo", "(", "[", "*", "a**",
    "(?=a)", "\\\\p{L}", "\\\\pN", "(?s).*", "(?m)^l", "\\\\Qa.b\\\\E", "", "a{1001}", "\\\\1", "[b-a]", "é", "(?U)a+", "[\\\\w-]+", "o+?", "(?:ab)+", "\\\\x41", "\\\\z", "[]a]", "(a|b)*c", "\\\\p{Greek}",
    "a{2}{3}", "(?i:K)", "\\\\B", "$", "^", "(^|,)", "[^\\\\n]*", "a)", "\\\\8", "(?P<1a>x)", "{", "a{,2}", "[[:foo:]]", "\\\\C", "(?i)ß", "(?-i)a", "x{0}", "\\\\Aa", ".{3}", "[é-ü]",
];
#[rustfmt::skip]
pub(crate) const VERSIONS: &[&str] = &["1.2.3", "v1.2", "1", "1.2.3-alpha.1", "2.0.0-rc.1+build", "v1.29.3-gke.1", "", "x", "1.2.3.4", "01.2.3", "0.0.1", "1.2.3-01", "0.2.5", "1.10.0", "1.2.3+m", "99999999999999999999.0.0"];
#[rustfmt::skip]
pub(crate) const CONSTRAINTS: &[&str] = &[
    ">=1.0", "^1.2", "~1.2.3", "1.x", "*", "", ">1.2", "<=1.2", "!=1.2", "1.2 - 2.0", ">=1.0-0", ">= 1.2, < 3", "^0.2.3", "^0.0", "~0", "=1.2.3", "1.2.3 || 2", "=<2", "~>1.2", "x", ">=1.2.3-alpha", "!=1.2.x", "bad",
    ">1 <2", "^1.2.3-beta", "<2.0.0,", "||", "1.2.3-2.0.0", "^0", "~1", ">=v1.2", "1.2.*", "! 1", ">=1.29.0-0", "v1", " 1.2 ",
];
#[rustfmt::skip]
pub(crate) const URLS: &[&str] = &[
    "http://user:p%40ss@host:80/p/a?q=1#frag", "https://example.com", "mailto:x@y", "/rel/path?x", "//h/p", "http://[::1]:8080/", "a:b:c", ":bad", "http://h/%zz", "%", "http://a b/", "HTTP://H", "x?y?z", "", "*", "http://h:x/", "ftp://é.com/ü", "a/b:c", "http://h#%41",
    "http://[::1", "http://h/a%2Fb", "file:///etc/x", "http://u@h", "http://h?", "s3:opaque?q",
];
#[rustfmt::skip]
pub(crate) const PATHS: &[&str] = &["", "/", "a/b", "/a/b/", "../x", "a/../b", "./a", "a//b", "file.tar.gz", ".hidden", "a/.b.c", "/../a", "..", "a/./b/../../..", "x."];
#[rustfmt::skip]
pub(crate) const LAYOUTS: &[&str] = &["2006-01-02", "Jan 2, 2006 at 3:04pm (MST)", "2006-01-02T15:04:05Z07:00", "Mon Monday Jan _2 002 __2", "15:04:05.000", "06/1/2 03:04:05.999 PM", "-0700 -07 Z0700 -07:00:00", "2006", "", "x", "20060102150405", "Mon, 02 Jan 2006 15:04:05 MST", "5.00 4 3", "_2006 January"];
#[rustfmt::skip]
pub(crate) const DATES: &[&str] = &["2024-02-29", "2023-02-29", "Feb 3, 2013 at 7:54pm (PST)", "2024-03-01T10:00:00+02:00", "2024", "12:30:45.123", "24/1/2 01:02:03 AM", "x", "", "2024-13-01", "20240301123456", "2024-03-01T10:00:00Z", "Mon, 02 Jan 2006 15:04:05 GMT"];
#[rustfmt::skip]
pub(crate) const DURATIONS: &[&str] = &["1h30m", "-1.5h", "300ms", "1us", "", "x", "1", "25h", "8760h1s", "100000h", "0", "2h45m30.5s", "1d", ".5s", "1h-"];
#[rustfmt::skip]
pub(crate) const JSONS: &[&str] = &["{\\\"a\\\":1}", "[1,2,{\\\"b\\\":null}]", "1e400", "\\\"x\\\\u00e9\\\"", "nul", "", "{", "[1,]", "{\\\"a\\\":1,\\\"a\\\":2}", "12345678901234567890", " true ", "{\\\"a\\\" 1}", "\\\"\\\\ud800\\\"", "-", "1.", "01", "[1 2]", "{a:1}", "\\\"\\n\\\"", "nullx", "\\\"\\\\x\\\"", "0.1", "1E5"];
#[rustfmt::skip]
pub(crate) const YAMLS: &[&str] = &["a: 1\\nb: [x, yes]\\n", "- 1\\n- a: b\\n", "x", "", "a: {b: 0x1F, c: 010, d: 1e3}", "a: |\\n  t\\n  u\\n", "null", "a: 2024-01-01\\n", "'1': 2\\n", "a: .5\\nb: ~\\n", "[1, 2"];
#[rustfmt::skip]
pub(crate) const BASES: &[&str] = &["YWJj", "YQ==", "YQ", "!", "aGVsbG8gd29ybGQ=", "ME======", "MFRGG===", "", "YWJ\\njZGVm", "a=bc", "YQ==x", "MFRGGZDF", "M=======", "30tEfhuJSVRhpG97XCuWgz2okj7L8vQ1s6V9zVUPeDQ="];
#[rustfmt::skip]
pub(crate) const ZONES: &[&str] = &["UTC", "America/New_York", "Asia/Kolkata", "Local", "", "Nope/Zone", "Europe/Berlin", "utc", "Asia/Kathmandu"];
#[rustfmt::skip]
pub(crate) const REPLACEMENTS: &[&str] = &["-", "$1", "${1}x", "$n", "$$", "", "$1x", "<$0>", "${n}", "$", "${", "$2", "é"];
#[rustfmt::skip]
pub(crate) const NUMERIC_FIELDS: &[&str] = &[".n", ".f", ".i", ".i64", ".u8", ".big", ".i32", ".nan", ".inf", ".u64", ".i8", ".i16", ".u", ".u16", ".u32", ".r"];
#[rustfmt::skip]
pub(crate) const FIELDS: &[&str] = &[
    ".name", ".n", ".f", ".i", ".i64", ".t", ".no", ".nil", ".e", ".l", ".el", ".m", ".em", ".nested", ".users", ".il", ".sl", ".ss", ".nope", ".m.k", ".m.z.y", ".m.nope", ".m.nope.x",
    ".ss.app", ".ss.nope", ".big", ".u8", ".tm", ".by", ".nl", ".nm", ".utf", ".bad", ".m.a", ".nan", ".inf", ".name.x", ".l.x", ".nil.x", ".tm.Year", ".tm.Weekday", ".u64", ".deep.a.b.c", ".i32", ".mixed",
    ".r", ".r.a", ".r.b", ".r.a.b", ".r.c.k.a", ".i8", ".u16", ".tm.UTC.Hour", ".m.z", ".users.n", "$.m.k", "$.r.a", "$.nope",
];
