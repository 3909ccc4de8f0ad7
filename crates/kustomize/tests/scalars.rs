//! Scalars of every spelling and every control character in four places, as the real kustomize takes them.

mod recorded;

use recorded::{hold, text};

const HEAD: &str = "apiVersion: example.com/v1\nkind: Thing\nmetadata:\n  name: t\nspec:\n";

#[test]
fn words_and_output_are_those_that_were_recorded() {
    let mut seen = 0;
    for line in include_str!("scalars.tsv").lines().skip(1) {
        let [place, scalar, kind, wanted] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("odd line {line}")
        };
        let (scalar, wanted) = (text(scalar), text(wanted));
        let files = files(place, &at_indentation(&scalar));
        hold(files, kind, &wanted, &format!("{place} {scalar:?}"));
        seen += 1;
    }
    assert!(seen >= 1600, "only {seen} lines");
}

/// The files of a build in which the scalar stands in some place.
fn files(place: &str, scalar: &str) -> [(&'static str, String); 3] {
    let plain = format!("{HEAD}  a: b\n");
    let (fields, resource, patch) = match place {
        "resource" => ("", format!("{HEAD}  a: {scalar}\n  b:\n  - {scalar}\n"), String::new()),
        "strategic" => (
            "patches:\n- path: p.yaml\n",
            format!("{HEAD}  a: \"q\"\n  b: c\n"),
            format!("{HEAD}  a: {scalar}\n  b: {scalar}\n  n: {scalar}\n"),
        ),
        "json" => (
            "patches:\n- path: p.yaml\n  target: {kind: Thing}\n",
            plain,
            format!("- op: add\n  path: /spec/n\n  value: {scalar}\n"),
        ),
        _ => {
            let kustomization = format!("resources: [r.yaml]\ncommonAnnotations:\n  x: {scalar}\n");
            return [("kustomization.yaml", kustomization), ("r.yaml", plain), ("p.yaml", String::new())];
        }
    };
    let kustomization = format!("resources: [r.yaml]\n{fields}");
    [("kustomization.yaml", kustomization), ("r.yaml", resource), ("p.yaml", patch)]
}

/// In scalars of several lines, a `%` at the front stands for the indentation.
fn at_indentation(scalar: &str) -> String {
    let lines = scalar.split('\n').enumerate().map(|(at, line)| match line.strip_prefix('%') {
        Some(rest) if at > 0 => format!("    {rest}"),
        _ => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}
