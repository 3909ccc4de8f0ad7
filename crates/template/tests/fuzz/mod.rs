//! What the fuzz targets do with an input, as plain functions: they return, whatever the input is.
#![expect(unreachable_pub, reason = "the fuzz targets read this file too")]

use std::sync::LazyLock;
use trueup_template::{
    Error, ErrorKind, Functions, Limits, MissingKey, Options, Template, TemplateSet, Time, Value,
};

static SETS: LazyLock<[Functions; 4]> = LazyLock::new(|| {
    let all = [
        Functions::builtin(),
        Functions::builtin().with_sprig(),
        Functions::builtin().with_argocd(),
        Functions::builtin().with_helm(),
    ];
    // Slow on purpose, as they should be.
    all.map(|set| set.without(&["bcrypt", "htpasswd", "derivePassword"]))
});

static DATA: LazyLock<Value> = LazyLock::new(|| {
    let inner = Value::from_iter([("k", Value::from("v")), ("n", Value::from(1.5)), ("none", Value::Nil)]);
    let list = Value::from(vec![Value::from("a"), Value::from(2.0), inner.clone(), Value::Nil]);
    Value::from_iter([
        ("s", Value::from("Hello, é")),
        ("n", Value::from(7.0)),
        ("i", Value::int(3)),
        ("b", Value::from(true)),
        ("l", list),
        ("m", inner),
        ("sl", Value::string_list(["p", "q"])),
        ("ss", Value::string_map([("a", "b")])),
        ("t", Value::from(Time::from_unix(1_700_000_000, 5))),
    ])
});

/// Parses a text; the error, if there is one, has its place in it.
pub fn parse(text: &[u8]) {
    let text = String::from_utf8_lossy(text);
    for functions in SETS.iter() {
        if let Err(error) = Template::parse("t", &text, functions) {
            check(&error, &text);
        }
    }
}

/// Renders a text twice: the first byte picks functions and options, the rest is the template.
pub fn evaluate(input: &[u8]) {
    let (first, rest) = input.split_first().unwrap_or((&0, &[]));
    let text = String::from_utf8_lossy(rest);
    let [builtin, sprig, argocd, helm] = &*SETS;
    let functions = match first & 3 {
        0 => builtin,
        1 => sprig,
        2 => argocd,
        _ => helm,
    };
    let mut set = TemplateSet::new(functions);
    if first & 64 != 0 {
        set.delims("[[", "]]");
    }
    // Something for `template` and `include` to call.
    if set.parse("d", "<{{.}}>").is_err() {
        return;
    }
    let Ok(main) = set.parse("t", &text) else { return };
    let Ok(template) = set.template(&main) else { return };
    let options = options(*first);
    let result = template.render_bytes(&DATA, &options);
    match (&result, template.render_bytes(&DATA, &options)) {
        (Ok(first), Ok(second)) => assert!(*first == second && first.len() <= options.limits.output),
        (Err(first), Err(second)) => assert_eq!(first.to_string(), second.to_string()),
        _ => panic!("one render works and the next does not"),
    }
    if let Err(error) = result {
        check(&error, &text);
    }
}

fn options(first: u8) -> Options {
    let mut limits = Limits::default();
    limits.steps = 20_000;
    limits.memory = 4 << 20;
    limits.output = 1 << 20;
    let mut options = Options::default().limits(limits).at(Time::from_unix(1_700_000_000, 0)).seed(1);
    options.missing_key = match first & 48 {
        0 => MissingKey::Error,
        16 => MissingKey::Zero,
        _ => MissingKey::Invalid,
    };
    options
}

/// An error has words, a code, and a place that is in the text.
fn check(error: &Error, text: &str) {
    assert!(!error.to_string().is_empty() && !error.detail().is_empty());
    assert!(error.kind() != ErrorKind::Option);
    let lines = text.bytes().filter(|byte| *byte == b'\n').count() + 1;
    if let Some(position) = error.position().filter(|position| position.name == "t") {
        assert!((1..=lines).contains(&position.line), "line {} of {lines}", position.line);
    }
    assert!(error.to_diagnostic().code == error.code());
    if let Some(inner) = error.inner() {
        assert!(error.to_string().contains(&inner.to_string()));
    }
}
