//! Kustomizations and plugins with values of wrong types, unknown fields and other spellings, field by field, as the real kustomize takes them.

mod recorded;

use recorded::{hold, text};

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
        let files = [("kustomization.yaml", kustomization.clone()), ("r.yaml", RESOURCES.to_owned())];
        hold(files, kind, &wanted, &kustomization);
        seen += 1;
    }
    assert!(seen >= 2300, "only {seen} lines");
}
