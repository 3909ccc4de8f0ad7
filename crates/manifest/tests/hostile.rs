//! Texts that are meant to hurt: they end in a clear error or in success, in linear time and bounded memory.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use trueup_manifest::json::{self, JsonOptions};
use trueup_manifest::yaml::{self, ParseErrorKind, ParseOptions};
use trueup_manifest::{Limits, Map, Value};

fn dialects() -> [ParseOptions; 3] {
    [ParseOptions::kyaml(), ParseOptions::kubernetes(), ParseOptions::kubernetes_strict()]
}

/// Reads with every dialect and returns the kinds of errors.
fn kinds(text: &str) -> Vec<Option<ParseErrorKind>> {
    let kind =
        |options: ParseOptions| yaml::parse_stream(text.as_bytes(), &options).err().map(|error| error.kind());
    dialects().into_iter().map(kind).collect()
}

fn limited(change: impl Fn(&mut Limits)) -> impl Fn(&str) -> Option<String> {
    let mut limits = Limits::default();
    change(&mut limits);
    let options = dialects().map(|options| options.with_limits(limits.clone()));
    move |text| {
        let error = |options: &ParseOptions| yaml::parse_stream(text.as_bytes(), options).err();
        let errors: Vec<_> = options.iter().map(error).collect();
        let messages: Vec<_> = errors.iter().map(|error| error.as_ref().map(ToString::to_string)).collect();
        assert!(messages.iter().all(|message| message == &messages[0]), "{messages:?}");
        assert!(errors.iter().flatten().all(|error| error.code() == "yaml/limit"), "{messages:?}");
        messages.into_iter().next().unwrap()
    }
}

#[test]
fn deep_nesting() {
    let deep = 100_000;
    for text in [
        "[".repeat(deep),
        "{a: ".repeat(deep),
        "- ".repeat(deep),
        "? ".repeat(deep),
        "[{a: ".repeat(deep),
        "-\n".repeat(deep),
        format!("{}{}", "[".repeat(deep), "]".repeat(deep)),
        format!("a: {}", "- ".repeat(deep)),
        (0..2000).map(|level| format!("{}a:\n", " ".repeat(level))).collect(),
    ] {
        for kind in kinds(&text) {
            assert!(matches!(kind, Some(ParseErrorKind::Limit | ParseErrorKind::Syntax) | None), "{kind:?}");
        }
    }
    let error = json::parse("[".repeat(deep).as_bytes(), &JsonOptions::default()).unwrap_err();
    assert_eq!(error.kind(), ParseErrorKind::Limit);
}

#[test]
fn alias_bombs() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..30 {
        let below = vec![format!("*a{}", level - 1); 10].join(", ");
        bomb.push_str(&format!("a{level}: &a{level} [{below}]\n"));
    }
    assert_eq!(kinds(&bomb), [Some(ParseErrorKind::Limit); 3]);

    let mut merges = String::from("a0: &a0 {x: 1, y: 2}\n");
    for level in 1..200 {
        merges.push_str(&format!("a{level}: &a{level} {{<<: [*a{0}, *a{0}], z{level}: 1}}\n", level - 1));
    }
    for kind in &kinds(&merges)[..2] {
        assert!(matches!(kind, None | Some(ParseErrorKind::Limit)), "{kind:?}");
    }
    assert_eq!(kinds("&a [*a]\n"), [Some(ParseErrorKind::Anchor); 3]);
}

#[test]
fn bytes_that_are_no_text() {
    let cases: [&[u8]; 7] =
        [b"a: \xff", b"a: \xc3", b"\0", b"a: b\0c", b"\xff\xfea", b"a: \xed\xa0\x80", b"\"\xf0\x9f\x98"];
    for text in cases {
        for options in dialects() {
            let error = yaml::parse(text, &options).unwrap_err();
            assert_eq!(error.code(), "yaml/encoding", "{text:?}");
            assert!(error.position().offset <= text.len());
        }
    }
}

#[test]
fn large_scalars() {
    let large = "x ".repeat(300_000);
    for text in [
        format!("a: {large}\n"),
        format!("a: '{large}'\n"),
        format!("a: |\n  {large}\n"),
        format!("a: >\n  {}\n", large.replace(' ', "\n  ")),
        format!("a:\n  {}\n", large.replace(' ', "\n  ")),
        format!("# {large}\na: b\n"),
        "\n".repeat(600_000) + "a: b\n",
    ] {
        assert_eq!(kinds(&text), [None; 3]);
    }
    // A key may not be that long.
    assert_eq!(kinds(&format!("{large}: a\n")), [Some(ParseErrorKind::Syntax); 3]);
    assert_eq!(kinds(&format!("\"{large}\n")), [Some(ParseErrorKind::Syntax); 3]);
}

#[test]
fn many_keys() {
    let keys: String = (0..50_000).map(|key| format!("key{key}: {key}\n{key}: x\n")).collect();
    assert_eq!(kinds(&keys), [None; 3]);
    let same = "a: b\n".repeat(20_000);
    assert_eq!(kinds(&same), [Some(ParseErrorKind::DuplicateKey), None, Some(ParseErrorKind::DuplicateKey)]);
    let anchors: String = (0..50_000).map(|key| format!("- &a{key} *a{}\n", key + 1)).collect();
    assert_eq!(kinds(&anchors).len(), 3);
}

#[test]
fn every_limit_holds_at_its_edge() {
    let bytes = limited(|limits| limits.max_bytes = 5);
    assert_eq!(bytes("a: b\n"), None);
    assert_eq!(bytes("a: bc\n"), Some("larger than 5 bytes".into()));
    let depth = limited(|limits| limits.max_depth = 3);
    assert_eq!(depth("a: [[1]]\n"), None);
    assert_eq!(depth("a: [[[]]]\n"), Some("nested deeper than 3 levels".into()));
    let documents = limited(|limits| limits.max_documents = 2);
    assert_eq!(documents("a: 1\n---\nb: 2\n"), None);
    assert_eq!(documents("a: 1\n---\nb: 2\n---\nc: 3\n"), Some("more than 2 documents".into()));
    let nodes = limited(|limits| limits.max_nodes = 4);
    assert_eq!(nodes("a: [1]\n"), None);
    assert_eq!(nodes("a: [1, 2]\n"), Some("more than 4 nodes".into()));
    let aliases = limited(|limits| limits.max_alias_nodes = 3);
    assert_eq!(aliases("- &a [1, 2]\n- *a\n"), None);
    assert_eq!(
        aliases("- &a [1, 2]\n- *a\n- *a\n"),
        Some("yaml: document contains excessive aliasing".into())
    );
}

#[test]
fn json_limits_hold_at_their_edge() {
    let read = |text: &str, change: fn(&mut Limits)| {
        let mut limits = Limits::default();
        change(&mut limits);
        json::parse(text.as_bytes(), &JsonOptions::default().with_limits(limits))
            .map_err(|error| error.to_string())
    };
    assert!(read("[1]", |limits| limits.max_bytes = 3).is_ok());
    assert_eq!(read("[1] ", |limits| limits.max_bytes = 3).unwrap_err(), "larger than 3 bytes");
    assert!(read("[[1]]", |limits| limits.max_depth = 2).is_ok());
    assert_eq!(read("[[[]]]", |limits| limits.max_depth = 2).unwrap_err(), "nested deeper than 2 levels");
    assert!(read("[1,2]", |limits| limits.max_nodes = 3).is_ok());
    assert_eq!(read("[1,2,3]", |limits| limits.max_nodes = 3).unwrap_err(), "more than 3 nodes");
}

#[test]
fn values_too_deep_to_write() {
    let mut value = Value::from(1);
    for _ in 0..2000 {
        value = Value::from(Map::from_iter([("a", Value::from(vec![value]))]));
    }
    assert!(yaml::to_string(&value).is_err());
    assert!(yaml::to_string_v3(&value, &yaml::V3Style::default()).is_err());
    assert!(json::to_string(&value).is_err());
}

#[test]
fn positions_are_those_of_the_whole_text() {
    let text = "a: 1\r\n---\r\nb: 2\r\nc: [\r\n";
    let error = yaml::parse_stream(text.as_bytes(), &ParseOptions::kyaml()).unwrap_err();
    assert_eq!(error.message(), "yaml: line 2: did not find expected node content");
    assert_eq!((error.position().line, error.position().column), (5, 1));
    assert_eq!(error.diagnostic_in("x.yaml").locations[0].to_string(), "x.yaml:5:1");
}
