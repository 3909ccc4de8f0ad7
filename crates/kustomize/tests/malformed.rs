//! Kustomizations and plugins with values of wrong types, unknown fields and other spellings, field by field, as the real kustomize takes them.

#![expect(clippy::unwrap_used, reason = "tests")]

use trueup_kustomize::{Options, build};
use trueup_manifest::FileTree;
use trueup_manifest::json::{self, JsonOptions};

const RESOURCES: &str = "\
apiVersion: v1
kind: ConfigMap
metadata:
  name: cm
data:
  k: v
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
";

#[test]
fn words_and_output_are_those_that_were_recorded() {
    let mut seen = 0;
    for line in include_str!("malformed.tsv").lines().skip(1) {
        let [kustomization, kind, wanted] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("odd line {line}")
        };
        let (kustomization, wanted) = (text(kustomization), text(wanted));
        let files = [("kustomization.yaml", kustomization.as_bytes()), ("r.yaml", RESOURCES.as_bytes())];
        let tree = FileTree::from_files(files.map(|(path, bytes)| (path, bytes.to_vec()))).unwrap();
        let built = build(&tree, "", &Options::default()).and_then(|manifests| manifests.to_yaml());
        match (kind, built) {
            ("output", Ok(output)) => assert_eq!(output, wanted, "{kustomization}"),
            ("error", Err(error)) => assert_eq!(squeeze(error.message()), wanted, "{kustomization}"),
            // Upstream follows a pointer to nothing, or reads YAML where it reads JSON elsewhere.
            ("refused", Err(_)) => {}
            (_, built) => panic!("wanted {kind} {wanted} of {kustomization} but got {built:?}"),
        }
        seen += 1;
    }
    assert!(seen >= 2300, "only {seen} lines");
}

fn text(written: &str) -> String {
    let value = json::parse(written.as_bytes(), &JsonOptions::default()).unwrap();
    value.as_str().map(str::to_owned).unwrap_or_default()
}

fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
