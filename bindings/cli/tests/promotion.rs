//! `trueup set`, `trueup promote` and `trueup secrets`: what they print, what they write, and how they exit.

#![expect(clippy::unwrap_used, reason = "a test: it works on files, and fails loudly")]

mod directory;

use directory::{Directory, trueup};

fn text_of(directory: &Directory, path: &str) -> String {
    std::fs::read_to_string(directory.0.join(path)).unwrap()
}

const STAGING: &str = "images:\n- name: web\n  newTag: v2\n";
const PRODUCTION: &str = "images:\n  - name: web\n    newTag: v1 # approved\n";

#[test]
fn files_are_written_only_when_that_is_asked_for() {
    let files = [("staging/kustomization.yaml", STAGING), ("production/kustomization.yml", PRODUCTION)];
    let directory = Directory::of("promote", &files);
    let (code, out, _) = trueup(&directory.0, &["promote", "staging", "production"]);
    assert_eq!((code, out.as_str()), (Some(0), PRODUCTION.replace("v1", "v2").as_str()));
    assert_eq!(text_of(&directory, "production/kustomization.yml"), PRODUCTION);
    let (code, out, _) = trueup(&directory.0, &["promote", "staging", "production", "--write"]);
    assert_eq!((code, out.as_str()), (Some(0), "web: :v1 → :v2\n"));
    assert_eq!(text_of(&directory, "production/kustomization.yml"), PRODUCTION.replace("v1", "v2"));
    let (code, _, err) = trueup(&directory.0, &["promote", "staging", "production", "-i", "none"]);
    assert!(code == Some(1) && err.contains("promotion/image-not-in-source"), "{err}");
}

#[test]
fn an_edit_is_printed_or_written() {
    let directory = Directory::of("set", &[("kustomization.yaml", PRODUCTION)]);
    let (code, out, _) = trueup(&directory.0, &["set", "image", "web=*:1.10", "job:v7"]);
    let expected = "images:\n  - name: web\n    newTag: \"1.10\" # approved\n  - name: job\n    newTag: v7\n";
    assert_eq!((code, out.as_str()), (Some(0), expected));
    let (code, out, err) = trueup(&directory.0, &["set", "label", "team:web", "-w"]);
    assert!(code == Some(0) && out.is_empty() && err.contains("promotion/label-in-selectors"), "{err}");
    assert!(text_of(&directory, "kustomization.yaml").ends_with("commonLabels:\n  team: web\n"));
    let (code, _, err) = trueup(&directory.0, &["set", "replicas", "web=many"]);
    assert!(code == Some(1) && err.contains("promotion/invalid-replicas-argument"), "{err}");
}

#[test]
fn the_gate_exits_with_two_and_shows_no_secret() {
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData: {password: hunter2}\n";
    let files = [("a/secret.yaml", secret), ("key.txt", "# mine\nAGE-SECRET-KEY-1HUNTER2\n")];
    let directory = Directory::of("secrets", &files);
    let (code, out, err) = trueup(&directory.0, &["secrets"]);
    let expected = concat!(
        "a/secret.yaml: error[secrets/plaintext-secret]: Secret `db`: values that are not encrypted (`password`)\n",
        "key.txt:2: error[secrets/age-identity]: an age identity, which decrypts\n",
    );
    assert_eq!((code, out.as_str(), err.as_str()), (Some(2), expected, ""));
    let (_, out, _) = trueup(&directory.0, &["secrets", ".", "-o", "json"]);
    assert!(
        out.contains("\"rule\": \"plaintext-secret\"") && !out.to_lowercase().contains("hunter2"),
        "{out}"
    );
    let clean = Directory::of(
        "clean",
        &[("c.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {TOKEN: x}\n")],
    );
    assert_eq!(trueup(&clean.0, &["secrets"]).0, Some(0));
    assert_eq!(trueup(&clean.0, &["secrets", "--strict"]).0, Some(2));
}
