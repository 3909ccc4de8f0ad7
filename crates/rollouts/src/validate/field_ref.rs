//! References to the metadata of the rollout.

use trueup_manifest::label_key_problem;

/// Tells whether a path names metadata that a container could be given: a field, or one label or annotation by its key.
pub(super) fn is_resolvable(path: &str) -> bool {
    let subscript = path.strip_suffix("']").and_then(|path| path.split_once("['"));
    match subscript.filter(|(field, _)| !field.is_empty()) {
        Some(("metadata.annotations", key)) => label_key_problem(&key.to_lowercase()).is_none(),
        Some(("metadata.labels", key)) => label_key_problem(key).is_none(),
        Some(_) => false,
        None => matches!(
            path,
            "metadata.annotations"
                | "metadata.labels"
                | "metadata.name"
                | "metadata.namespace"
                | "metadata.uid"
        ),
    }
}
