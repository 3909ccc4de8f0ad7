//! Secrets that kustomize generates from plain text.

use super::{IsEncrypted, is_placeholder};
use crate::finding::{Finding, Rule};
use trueup_manifest::{EcoString, Object, Value};

pub(super) fn findings(file: &str, document: &Value, is_encrypted: IsEncrypted<'_>) -> Vec<Finding> {
    let object = Object::new(document);
    let is_named = matches!(file, "kustomization.yaml" | "kustomization.yml" | "Kustomization");
    let kind = match object.kind() {
        kind @ ("Kustomization" | "Component") if object.group() == "kustomize.config.k8s.io" || is_named => {
            kind
        }
        "" if is_named => "Kustomization",
        _ => return Vec::new(),
    };
    let generators = document.get("secretGenerator").and_then(Value::as_seq).unwrap_or_default();
    let found = generators.iter().filter_map(|generator| {
        let keys = plain_sources(generator, is_encrypted);
        if keys.is_empty() {
            return None;
        }
        let mut finding = Finding::new(Rule::SecretGeneratorPlaintext).keys(keys);
        finding.kind = Some(kind.into());
        finding.name = generator.get("name").and_then(Value::as_eco_str).cloned();
        Some(finding)
    });
    found.collect()
}

/// Returns the names of literals, and the files, that a generator takes and that are not encrypted.
fn plain_sources(generator: &Value, is_encrypted: IsEncrypted<'_>) -> Vec<EcoString> {
    let texts = |key: &str| -> Vec<&str> {
        let list = generator.get(key).and_then(Value::as_seq).unwrap_or_default();
        list.iter().filter_map(Value::as_str).collect()
    };
    let literals = texts("literals").into_iter().filter_map(|literal| {
        // What has no key in front of `=` kustomize refuses; it may be anything, so it is not repeated here.
        let (name, value) =
            literal.split_once('=').filter(|(name, _)| is_key(name)).unwrap_or(("literals", literal));
        (!value.is_empty() && !is_placeholder(value, false)).then(|| EcoString::from(name))
    });
    let env = generator.get("env").and_then(Value::as_str);
    let envs = texts("envs").into_iter().chain(env);
    let files = texts("files").into_iter().map(|file| file.split_once('=').map_or(file, |(_, file)| file));
    let plain = envs.chain(files).filter(|file| !is_encrypted(file)).map(EcoString::from);
    literals.chain(plain).collect()
}

/// Returns true for what may be a key of a Secret.
fn is_key(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}
