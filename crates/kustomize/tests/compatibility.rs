//! `COMPATIBILITY.md` names every field and every builtin plugin that the readers know, and no other.

use std::collections::BTreeSet;

const TABLE: &str = include_str!("../../../COMPATIBILITY.md");

/// The names in backticks of one section, in lower case.
fn named(section: &str) -> BTreeSet<String> {
    let (_, rest) = TABLE.split_once(&format!("## {section}\n")).unwrap_or_default();
    let text = rest.split("\n## ").next().unwrap_or_default();
    // Of a table, what stands in the first column.
    let lines = text.lines().map(|line| match line.strip_prefix('|') {
        Some(row) => row.split('|').next().unwrap_or_default(),
        None => line,
    });
    lines.flat_map(|line| line.split('`').skip(1).step_by(2)).map(str::to_lowercase).collect()
}

/// The texts that a function of the source matches, in lower case.
fn matched(source: &str, function: &str, keep: fn(&str) -> bool) -> BTreeSet<String> {
    let (_, rest) = source.split_once(function).unwrap_or_default();
    let body = rest.split("\n}\n").next().unwrap_or_default();
    let arms = body.lines().filter_map(|line| line.trim().strip_prefix('"')?.split_once("\" =>"));
    arms.map(|(name, _)| name.to_lowercase()).filter(|name| keep(name)).collect()
}

#[test]
fn every_field_is_listed() {
    let source = include_str!("../src/kustomization/mod.rs");
    let known = matched(source, "fn read_field(", |_| true);
    assert!(known.len() > 30, "{known:?}");
    let mut listed = named("Fields of a kustomization");
    listed.retain(|name| !matches!(name.as_str(), "full" | "host"));
    assert_eq!(known, listed);
}

#[test]
fn every_builtin_plugin_is_listed() {
    let source = include_str!("../src/plugin/read.rs");
    let is_kind = |name: &str| name.ends_with("transformer") || name.ends_with("generator");
    let mut known = matched(source, "fn plugin_of(", is_kind);
    known.extend(matched(source, "fn generator(", is_kind));
    assert!(known.len() > 15, "{known:?}");
    assert_eq!(known, named("Builtin plugins"));
}
