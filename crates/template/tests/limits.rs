//! Each limit, at it and one past it. Limits count; the same template needs the same of each, every time.
#![expect(clippy::unwrap_used, reason = "a test may")]

use trueup_template::{Error, ErrorKind, Functions, Limits, Options, Template, TemplateSet, Value};

fn render(text: &str, limits: Limits) -> Result<String, Error> {
    let functions = Functions::builtin().with_helm();
    let template = Template::parse("t", text, &functions)?;
    template.render(&Value::from_iter([("s", "hello")]), &Options::default().limits(limits))
}

/// Returns the least that a template needs of a limit: with one less it ends in that limit.
fn least(text: &str, limit: impl Fn(&mut Limits, usize)) -> usize {
    let with = |count: usize| {
        let mut limits = Limits::default();
        limit(&mut limits, count);
        render(text, limits)
    };
    let least = (0..5_000).find(|count| with(*count).is_ok()).unwrap();
    if let Some(less) = least.checked_sub(1) {
        let error = with(less).unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::Limit, "template/limit"), "{text}: {error}");
        assert_eq!(error.to_string(), with(less).unwrap_err().to_string());
    }
    least
}

fn steps(text: &str) -> usize {
    least(text, |limits, count| limits.steps = count as u64)
}

#[test]
fn steps_are_counted() {
    assert_eq!(steps("x"), 1);
    // A node, a pipeline's command: each is a step, and so is every turn.
    let turns = |count: usize| steps(&format!("{{{{range {count}}}}}x{{{{end}}}}"));
    assert_eq!(turns(2) - turns(1), turns(30) - turns(29));
    assert_eq!(turns(30) - turns(10), 20 * (turns(2) - turns(1)));
    // Items that functions make are steps too.
    assert!(steps("{{until 100 | len}}") - steps("{{until 1 | len}}") >= 99);
}

#[test]
fn output_is_counted_in_bytes() {
    let output = |text: &str| least(text, |limits, count| limits.output = count);
    assert_eq!(output(""), 0);
    assert_eq!(output("héllo"), 6);
    assert_eq!(output("{{.s}} {{.s}}"), 11);
    assert_eq!(output("{{range 10}}ab{{end}}"), 20);
}

#[test]
fn memory_of_functions_is_counted() {
    let memory = |text: &str| least(text, |limits, count| limits.memory = count);
    assert_eq!(memory("{{.s}}"), 0);
    let (one, two) = (memory(r#"{{repeat 1000 "x" | len}}"#), memory(r#"{{repeat 1001 "x" | len}}"#));
    assert!(one >= 1000 && (1..=2).contains(&(two - one)), "{one} {two}");
}

#[test]
fn depth_counts_templates_blocks_and_parentheses() {
    let depth = |text: &str| least(text, |limits, count| limits.depth = count);
    assert_eq!(depth("x"), 1);
    assert_eq!(depth("{{if true}}x{{end}}"), 2);
    assert_eq!(depth("{{(((1)))}}"), 4);
    // A chain of templates: each link needs the same.
    let chain = |links: usize| {
        let link = |at: usize| format!("{{{{define \"t{at}\"}}}}{{{{template \"t{}\"}}}}{{{{end}}}}", at + 1);
        let links: String =
            (0..links).map(link).collect::<String>() + &format!("{{{{define \"t{links}\"}}}}x{{{{end}}}}");
        depth(&format!("{links}{{{{template \"t0\"}}}}"))
    };
    assert_eq!(chain(20) - chain(10), 10 * (chain(2) - chain(1)));
    let include = |links: usize| {
        let link =
            |at: usize| format!("{{{{define \"t{at}\"}}}}{{{{include \"t{}\" .}}}}{{{{end}}}}", at + 1);
        let links: String =
            (0..links).map(link).collect::<String>() + &format!("{{{{define \"t{links}\"}}}}x{{{{end}}}}");
        depth(&format!("{links}{{{{include \"t0\" .}}}}"))
    };
    assert_eq!(include(8) - include(4), 4 * (include(2) - include(1)));
}

#[test]
fn nesting_is_an_error_of_parsing() {
    let parse = |text: &str, levels: usize| {
        let mut set = TemplateSet::new(&Functions::builtin());
        set.nesting(levels);
        set.parse("t", text).map(drop)
    };
    for depth in [1, 5, 50] {
        for (open, close) in [("{{if 1}}", "{{end}}"), ("{{range .}}", "{{end}}")] {
            let text = open.repeat(depth) + &close.repeat(depth);
            assert!(parse(&text, depth).is_ok());
            assert_eq!(parse(&text, depth - 1).unwrap_err().kind(), ErrorKind::Limit);
        }
        let text = format!("{{{{{}1{}}}}}", "(".repeat(depth), ")".repeat(depth));
        assert!(parse(&text, depth).is_ok());
        assert_eq!(parse(&text, depth - 1).unwrap_err().kind(), ErrorKind::Limit);
    }
}
