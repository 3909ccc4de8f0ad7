//! Input that means harm ends in a limit, never in a panic, a hang or a full memory.
#![expect(clippy::panic, reason = "tests fail by panicking")]

use trueup_template::{
    Error, ErrorKind, Functions, Limits, MissingKey, Options, Template, TemplateSet, Time, Value,
};

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.steps = 1_000_000;
    limits.memory = 16 << 20;
    limits.output = 1 << 20;
    limits
}

fn render(text: &str) -> Result<String, Error> {
    let functions = Functions::builtin().with_helm().with_argocd();
    let options = Options::default().limits(limits()).at(Time::from_unix(0, 0)).seed(1);
    Template::parse("t", text, &functions)?.render(&data(), &options)
}

fn data() -> Value {
    Value::from_iter([("s", Value::from("hello")), ("l", vec![Value::from(1.0), Value::Nil].into())])
}

fn is_limited(text: &str) {
    let shown: String = text.chars().take(80).collect();
    match render(text) {
        Err(error) if error.kind() == ErrorKind::Limit => assert_eq!(error.code(), "template/limit"),
        Err(error) => panic!("{shown}: {error}"),
        Ok(output) => panic!("{shown}: {} bytes", output.len()),
    }
}

#[test]
fn loops_and_lists_are_counted() {
    is_limited("{{range 9223372036854775807}}{{end}}");
    is_limited("{{range 9223372036854775807}}x{{end}}");
    is_limited("{{until 1000000000}}");
    is_limited("{{untilStep -9223372036854775807 9223372036854775807 1}}");
    is_limited("{{seq 1 9223372036854775806}}");
    is_limited("{{range until 2000}}{{range until 2000}}{{end}}{{end}}");
    is_limited("{{$l := list 1 2}}{{range until 100}}{{$l = concat $l $l}}{{end}}");
    is_limited("{{randAlphaNum 1000000000}}");
    is_limited("{{randBytes 1000000000}}");
    is_limited(r#"{{splitList "" (repeat 2000000 "a")}}"#);
}

#[test]
fn texts_are_counted() {
    is_limited(r#"{{repeat 1000000000000 "x"}}"#);
    is_limited(r#"{{$s := "x"}}{{range until 64}}{{$s = print $s $s}}{{end}}"#);
    is_limited(r#"{{indent 9223372036854775807 "x"}}"#);
    is_limited(r#"{{$s := repeat 1000000 "a"}}{{replace "" $s $s}}"#);
    is_limited(r#"{{$s := repeat 1000000 "a"}}{{regexReplaceAll "a" $s $s}}"#);
    is_limited(r#"{{$s := repeat 1000000 "\n"}}{{indent 1000 $s}}"#);
    is_limited(r#"{{$s := repeat 1000000 "a"}}{{join $s (until 1000)}}"#);
    is_limited(r#"{{range until 3000}}{{repeat 1000 "x"}}{{end}}"#);
    is_limited(r#"{{range until 20}}{{printf "%999999d" 1}}{{end}}"#);
    is_limited(r#"{{printf "%9999999d" 1}}"#);
    is_limited(r#"{{$l := list "x" "y"}}{{range until 40}}{{$l = list $l $l}}{{end}}{{$l}}"#);
    is_limited(r#"{{$l := list "x" "y"}}{{range until 40}}{{$l = list $l $l}}{{end}}{{toJson $l}}"#);
    is_limited(r#"{{$l := list "x" "y"}}{{range until 40}}{{$l = list $l $l}}{{end}}{{deepCopy $l | len}}"#);
    is_limited(
        r#"{{$l := list "x" "y"}}{{range until 40}}{{$l = list $l $l}}{{end}}{{deepEqual $l $l | not}}{{has $l (list $l)}}{{uniq (list $l (list $l))}}"#,
    );
}

#[test]
fn widths_beyond_gos_are_gos() {
    assert_eq!(render(r#"{{printf "%99999999d" 1}}"#).unwrap(), "%!(NOVERB)%!(EXTRA int=1)");
    assert_eq!(render(r#"{{printf "%.1000000000s" "x"}}"#).unwrap(), "%!(NOVERB)%!(EXTRA string=x)");
    assert_eq!(render(r#"{{printf "%*d" 10000000 1}}"#).unwrap(), "%!(BADWIDTH)1");
    assert_eq!(render(r#"{{len (printf "%1000000d" 1)}}"#).unwrap(), "1000000");
}

#[test]
fn recursion_is_counted() {
    is_limited(r#"{{define "a"}}{{template "a" .}}{{end}}{{template "a" .}}"#);
    is_limited(
        r#"{{define "a"}}{{template "b" .}}{{end}}{{define "b"}}{{template "a" .}}{{end}}{{template "a" .}}"#,
    );
    is_limited(r#"{{define "a"}}{{include "a" .}}{{end}}{{include "a" .}}"#);
    is_limited(
        r#"{{define "a"}}{{if true}}{{with 1}}{{range $.l}}{{template "a" $}}{{end}}{{end}}{{end}}{{end}}{{template "a" .}}"#,
    );
    is_limited(r#"{{$x := "{{ tpl .t . }}"}}{{tpl $x (dict "t" $x)}}"#);
}

#[test]
fn nesting_is_counted() {
    for depth in [1_000, 100_000] {
        let (open, close) = ("(".repeat(depth), ")".repeat(depth));
        is_limited(&format!("{{{{{open}1{close}}}}}"));
        is_limited(&format!("{}{}", "{{if true}}".repeat(depth), "{{end}}".repeat(depth)));
        is_limited(&format!("{}{}", "{{range .l}}".repeat(depth), "{{end}}".repeat(depth)));
        is_limited(&format!("{}{}", "{{block \"b\" .}}".repeat(depth), "{{end}}".repeat(depth)));
        is_limited(&format!("{{{{if false}}}}{}{{{{end}}}}", "{{else if false}}".repeat(depth)));
    }
    // One below the limit works, on a thread's small stack too.
    let depth = Limits::default().nesting;
    let (open, close) = ("(".repeat(depth), ")".repeat(depth));
    assert_eq!(render(&format!("{{{{{open}1{close}}}}}")).unwrap(), "1");
    let blocks = format!("{}x{}", "{{with 1}}".repeat(depth), "{{end}}".repeat(depth));
    assert_eq!(render(&blocks).unwrap(), "x");
    let chain = format!("{{{{if false}}}}{}{{{{else}}}}x{{{{end}}}}", "{{else if false}}".repeat(300));
    assert_eq!(render(&chain).unwrap(), "x");
}

#[test]
fn maps_may_hold_themselves() {
    assert_eq!(render(r#"{{$d := dict "a" 1}}{{$_ := set $d "me" $d}}{{$d.me.me.me.a}}"#).unwrap(), "1");
    is_limited(r#"{{$d := dict}}{{$_ := set $d "me" $d}}{{$d}}"#);
    is_limited(r#"{{$d := dict}}{{$_ := set $d "me" $d}}{{$d | toJson}}"#);
    is_limited(r#"{{$d := dict}}{{$_ := set $d "me" $d}}{{$d | toYaml}}"#);
    is_limited(r#"{{$d := dict}}{{$_ := set $d "me" $d}}{{$e := deepCopy $d}}"#);
    is_limited(
        r#"{{$d := dict}}{{$_ := set $d "me" $d}}{{$e := dict}}{{$_ := set $e "me" $e}}{{merge $d $e | len}}{{deepEqual $d $e}}"#,
    );
}

#[test]
fn patterns_cannot_explode() {
    let functions = Functions::builtin().with_sprig();
    let error =
        |text: &str| Template::parse("t", text, &functions).unwrap().render(&data(), &Options::default());
    assert!(
        error(r#"{{regexFind "((a{1000}){1000}){1000}" "a"}}"#)
            .unwrap_err()
            .to_string()
            .contains("invalid repeat count")
    );
    assert!(
        error(r#"{{regexFind "(((\\pL{500}){2}\\pL{1000}\\pL{1000}\\pL{1000}\\pL{1000})*)" "a"}}"#)
            .unwrap_err()
            .to_string()
            .contains("too large")
    );
    let deep = format!(r#"{{{{regexFind "{}a{}" "a"}}}}"#, "(".repeat(5000), ")".repeat(5000));
    assert!(error(&deep).unwrap_err().to_string().contains("nests too deeply"));
    assert_eq!(error(r#"{{regexMatch "(a*)*(a|aa)+$" (repeat 5000 "a" | printf "%sb")}}"#).unwrap(), "false");
}

#[test]
fn the_edges_of_integers() {
    let cases = [
        ("{{div -9223372036854775808 -1}}", "-9223372036854775808"),
        ("{{mod -9223372036854775808 -1}}", "0"),
        ("{{add 9223372036854775807 1}}", "-9223372036854775808"),
        ("{{mul -9223372036854775808 -1}}", "-9223372036854775808"),
        ("{{sub -9223372036854775808 1}}", "9223372036854775807"),
        ("{{trunc -9223372036854775808 .s}}", "hello"),
        ("{{trunc 9223372036854775807 .s}}", "hello"),
        ("{{abbrev 9223372036854775807 .s}}", "hello"),
        ("{{abbrevboth -9223372036854775808 9223372036854775807 .s}}", "hello"),
        ("{{wrap -9223372036854775808 .s}}", "hello"),
        ("{{wrap 9223372036854775807 .s}}", "hello"),
        ("{{substr -9223372036854775808 2 .s}}", "he"),
        ("{{plural .s .s -9223372036854775808}}", "hello"),
        ("{{round 1.5 9223372036854775807}}", "NaN"),
        ("{{seq -9223372036854775808}}", ""),
        ("{{durationRound -9223372036854775808}}", "0s"),
        ("{{len (slugify 9223372036854775807 .s)}}", "5"),
    ];
    for (text, expected) in cases {
        match render(text) {
            Ok(got) => assert_eq!(got, expected, "{text}"),
            Err(error) => assert_eq!(error.kind(), ErrorKind::Limit, "{text}: {error}"),
        }
    }
    for text in [
        "{{date \"2006\" -9223372036854775808}}",
        "{{date \"2006\" 9223372036854775807}}",
        "{{ago -9223372036854775808}}",
    ] {
        render(text).unwrap();
    }
}

#[test]
fn runes_may_be_cut() {
    assert_eq!(render(r#"{{trunc 1 "é"}}"#).unwrap(), "\u{FFFD}");
    assert_eq!(render(r#"{{substr 1 2 "é"}}|{{abbrev 5 "ééééé"}}"#).unwrap(), "\u{FFFD}|é...");
    let functions = Functions::builtin().with_sprig();
    let template = Template::parse("t", r#"{{trunc 1 "é"}}"#, &functions).unwrap();
    assert_eq!(template.render_bytes(&Value::Nil, &Options::default()).unwrap(), [0xC3]);
}

#[test]
fn the_data_stays_as_it_is() {
    let data =
        Value::from_iter([("m", Value::from_iter([("k", "v")])), ("l", Value::string_list(["b", "a"]))]);
    let functions = Functions::builtin().with_sprig();
    let text = r#"{{$_ := set .m "k" "w"}}{{$_ := merge .m (dict "x" 1)}}{{sortAlpha .l}}{{.m.k}}{{.l}}"#;
    let template = Template::parse("t", text, &functions).unwrap();
    for _ in 0..2 {
        assert_eq!(template.render(&data, &Options::default()).unwrap(), "[a b]w[a b]");
    }
    assert_eq!(
        format!("{data:?}"),
        r#"map[string]interface {}{"l":[]string{"b", "a"}, "m":map[string]interface {}{"k":"v"}}"#
    );
}

#[test]
fn what_a_pure_engine_has_not_is_said_by_name() {
    let functions = Functions::builtin().with_sprig();
    for (text, part) in [
        ("{{now}}", "no clock was given"),
        ("{{uuidv4}}", "random functions are not available"),
        ("{{env \"HOME\"}}", "not supported here"),
        ("{{genCA \"x\" 1}}", "not supported here"),
        ("{{getHostByName \"x\"}}", "not supported here"),
    ] {
        let error = Template::parse("t", text, &functions)
            .unwrap()
            .render(&Value::Nil, &Options::default())
            .unwrap_err();
        assert_eq!(error.code(), "template/unsupported", "{text}");
        assert!(error.to_string().contains(part), "{error}");
    }
    let argocd = Functions::builtin().with_argocd();
    let error = Template::parse("t", "{{env \"HOME\"}}", &argocd).unwrap_err();
    assert_eq!(error.to_string(), "template: t:1: function \"env\" not defined");
}

#[test]
fn errors_carry_the_place_and_what_is_near() {
    let data = Value::from_iter([("cluster", Value::from_iter([("name", "a"), ("namespace", "b")]))]);
    let options = Options { missing_key: MissingKey::Error, ..Options::default() };
    let template = Template::parse("app", "x\n  {{.cluster.nmae}}", &Functions::builtin()).unwrap();
    let error = template.render(&data, &options).unwrap_err();
    assert_eq!(error.code(), "template/missing-key");
    assert_eq!(error.detail(), "map has no entry for key \"nmae\"");
    assert_eq!(error.context(), Some(".cluster.nmae"));
    assert_eq!(error.template(), Some("app"));
    assert_eq!(error.nearby().first().map(String::as_str), Some("name"));
    let position = error.position().unwrap();
    assert_eq!((position.line, position.column), (2, Some(12)));
    assert_eq!(error.to_diagnostic().help.as_deref(), Some("did you mean `name`?"));
}

#[test]
fn helm_errors_nest() {
    let mut set = TemplateSet::new(&Functions::builtin().with_helm());
    set.parse("h", r#"{{define "one"}}{{required "z is wanted" .z}}{{end}}"#).unwrap();
    let main = set.parse("a.yaml", r#"k: {{include "one" .}}"#).unwrap();
    let error = set.template(&main).unwrap().render(&data(), &Options::default()).unwrap_err();
    assert_eq!(error.position().unwrap().name, "a.yaml");
    assert_eq!(error.inner().unwrap().detail(), "error calling required: z is wanted");
}

#[test]
fn templates_cross_threads() {
    let functions = Functions::builtin().with_argocd();
    let template = Template::parse("t", r#"{{$_ := set . "k" .n}}{{.k | normalize}}"#, &functions).unwrap();
    let data = Value::from_iter([("n", "A_b")]);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..50 {
                    assert_eq!(template.render(&data, &Options::default()).unwrap(), "a-b");
                }
            });
        }
    });
}
