//! `trueup impact`: what it prints, and how it ends.

#![expect(clippy::unwrap_used, reason = "a test: it fails loudly")]

use std::process::Command;

/// Runs in the directory of the example: what is printed, what is complained of, and the exit code.
fn trueup(arguments: &[&str]) -> (String, String, i32) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trueup"));
    command.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples"));
    let output = command.args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code().unwrap())
}

#[test]
fn every_line_says_how_the_change_gets_there() {
    let file = "services/basket/overlays/staging/kustomization.yaml";
    let (out, _, code) = trueup(&["impact", "platform-configs", "--changed", file, "README.md"]);
    assert_eq!(
        out,
        "\
kustomizations: 1
  services/basket/overlays/staging  services/basket/overlays/staging/kustomization.yaml → services/basket/overlays/staging
applications: 1
  basket-staging  services/basket/overlays/staging/kustomization.yaml → services/basket/overlays/staging
read by nothing: 1
  README.md
"
    );
    assert_eq!(code, 0);
}

#[test]
fn trees_are_compared_and_nothing_is_something_to_say() {
    let (out, err, code) = trueup(&["impact", "platform-configs", "--base", "platform-configs"]);
    assert_eq!((out.as_str(), code), ("nothing is reached\n", 0), "{err}");
    let (out, _, _) = trueup(&["impact", "platform-configs", "--changed", "x.md", "--output", "json"]);
    assert!(out.contains("\"unclaimed\": [\n    \"x.md\"\n  ]"), "{out}");
}

#[test]
fn a_change_must_be_named() {
    let (out, err, code) = trueup(&["impact", "platform-configs"]);
    assert_eq!((out.as_str(), code), ("", 1));
    assert!(err.contains("say what has changed"), "{err}");
    assert_eq!(trueup(&["impact", "platform-configs", "--base", "nowhere"]).2, 1);
}
