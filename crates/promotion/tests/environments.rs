//! Chains, rendered differences, rollbacks and what they warn of.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use std::collections::BTreeSet;
use trueup_manifest::yaml::{self, ParseOptions};
use trueup_manifest::{Diagnostic, FileTree, Value};
use trueup_promotion::*;

fn objects(text: &str) -> Vec<Value> {
    yaml::parse_stream(text.as_bytes(), &ParseOptions::kyaml()).unwrap()
}

fn codes(diagnostics: &[Diagnostic]) -> Vec<&str> {
    diagnostics.iter().map(|diagnostic| diagnostic.code.trim_start_matches("promotion/")).collect()
}

#[test]
fn a_chain_shows_what_would_be_skipped() {
    let read = |name, text: &str| Environment::read(name, text).unwrap();
    let chain = Chain::of(&[
        read("dev", "images:\n- {name: web, newTag: v3}\n- {name: job, newTag: v1, newName: eu/job}\n"),
        read("staging", "images:\n- {name: job, newTag: v1}\n- {name: web, newTag: v2, digest: d}\n"),
        read("production", "resources: [x]\n"),
    ]);
    let images: Vec<&str> = chain.rows.iter().map(|row| row.image.as_str()).collect();
    assert_eq!(images, ["web", "job"]);
    assert!(chain.rows[0].references[2].is_none());
    let newest = chain.held("web", "dev").unwrap();
    assert!(chain.check("web", newest, "dev").is_empty());
    assert!(chain.check("web", newest, "staging").is_empty());
    assert_eq!(codes(&chain.check("web", newest, "production")), ["skipped-environment"]);
    let mut other = newest.clone();
    other.new_tag = Some("v9".into());
    assert_eq!(codes(&chain.check("web", &other, "production")), ["not-in-previous-environment"]);
    assert_eq!(codes(&chain.check("web", &other, "moon")), ["unknown-environment"]);
    assert_eq!(chain.warnings()[0].message, "tag `v1` of `job` comes from `eu/job` and `job`");
}

#[test]
fn what_a_tag_does_not_explain_comes_first() {
    let before = "kind: ConfigMap\nmetadata: {name: c-1}\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {initContainers: [{image: a:1}], containers: [{image: b:1}]}}}\n---\nkind: Service\nmetadata: {name: s}\nspec: {ports: [{port: 1}], image: x}\n";
    let after = before
        .replace("a:1", "a:2")
        .replace("b:1", "b:2")
        .replace("c-1", "c-2")
        .replace("image: x", "image: y");
    let changes = rendered_changes(&objects(before), &objects(&after));
    assert_eq!(
        changes.iter().map(RenderedChange::is_expected).collect::<Vec<_>>(),
        [false, false, false, true]
    );
    let RenderedChange::Changed { fields, .. } = &changes[3] else { panic!("{changes:?}") };
    assert_eq!(
        fields,
        &["/spec/template/spec/initContainers/0/image", "/spec/template/spec/containers/0/image"]
    );
    assert!(rendered_changes(&objects(before), &objects(before)).is_empty());
}

#[test]
fn a_commit_is_taken_back_file_by_file() {
    let tree = |files: &[(&str, &str)]| FileTree::from_files(files.iter().copied()).unwrap();
    let before = tree(&[("same", "x\n"), ("edited", "a\nb\nc\nd\n"), ("gone", "old\n"), ("clash", "1\n")]);
    let commit = tree(&[("same", "x\n"), ("edited", "a\nB\nc\nd\n"), ("new", "new\n"), ("clash", "2\n")]);
    let now = tree(&[
        ("same", "y\n"),
        ("edited", "a\nB\nc\nD\n"),
        ("new", "new\n"),
        ("clash", "3\n"),
        ("later", "z"),
    ]);
    let paths = ["same", "edited", "gone", "new", "clash", "nowhere"];
    let back = rollback(&before, &commit, &now, paths);
    let after = back.apply(&now).unwrap();
    let text = |path: &str| after.get(path).map(|bytes| String::from_utf8(bytes.to_vec()).unwrap());
    assert_eq!(text("edited").as_deref(), Some("a\nb\nc\nD\n"));
    assert_eq!((text("gone").as_deref(), text("new")), (Some("old\n"), None));
    assert_eq!((text("same").as_deref(), text("clash").as_deref()), (Some("y\n"), Some("3\n")));
    assert_eq!(back.conflicts.len(), 1);
    let told = &back.diagnostics()[0];
    assert_eq!(
        (told.code.as_str(), told.notes[0].as_str()),
        ("promotion/rollback-conflict", "1 lines from line 1")
    );
    // Untouched since, everything is what it was.
    let all = rollback(&before, &commit, &commit, paths);
    assert!(all.conflicts.is_empty() && all.apply(&commit).unwrap() == before);
}

#[test]
fn merges_of_apart_changes_hold_both_and_of_the_same_are_one() {
    let base: Vec<String> = (0..40).map(|line| format!("{line}\n")).collect();
    let mut seed = 7_usize;
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    for _ in 0..500 {
        let (mine, other) = (next(40), next(40));
        let edit = |at: usize, mark: &str| {
            let mut lines = base.clone();
            lines[at] = if at.is_multiple_of(3) { String::new() } else { format!("{mark}\n") };
            lines
        };
        let (ours, theirs) = (edit(mine, "ours"), edit(other, "theirs"));
        let merged = merge_text(&base.concat(), &ours.concat(), &theirs.concat());
        if mine.abs_diff(other) > 1 {
            let mut expected = ours.clone();
            expected[other].clone_from(&theirs[other]);
            assert_eq!(merged.unwrap(), expected.concat());
        } else if ours != theirs {
            assert!(merged.is_err());
        } else {
            assert_eq!(merged.unwrap(), ours.concat());
        }
    }
    assert_eq!(merge_text("a", "a", "a\n").unwrap(), "a\n");
    assert_eq!(merge_text("", "x\n", "").unwrap(), "x\n");
    assert_eq!(merge_text("", "x\n", "y\n").unwrap_err()[0].lines, 1);
}

#[test]
fn going_back_warns_of_what_it_cannot_undo() {
    let now = objects(concat!(
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: x}\n---\n",
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: n}\n---\n",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec: {selector: {matchLabels: {a: b}}}\n---\n",
        "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: p}\nspec: {resources: {requests: {storage: 2Gi}}}\n---\n",
        "apiVersion: batch/v1\nkind: Job\nmetadata: {name: m, annotations: {argocd.argoproj.io/hook: PreSync}}\n",
    ));
    let target = objects(concat!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec: {selector: {matchLabels: {a: c}}, template: {spec: {containers: [{image: w:1}]}}}\n---\n",
        "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: p}\nspec: {resources: {requests: {storage: 500Mi}}}\n",
    ));
    let known = BTreeSet::from(["w:2".into()]);
    let expected = [
        "removes-definition",
        "removes-namespace",
        "immutable-field",
        "shrinking-volume",
        "hook-not-undone",
        "unknown-image",
    ];
    assert_eq!(codes(&rollback_warnings(&now, &target, Some(&known))), expected);
    assert!(rollback_warnings(&now, &now, None).is_empty());
}
