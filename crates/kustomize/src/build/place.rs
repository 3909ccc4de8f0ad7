//! Where a kustomization says something, looked up when an error wants to know.

use super::accumulate::Target;
use trueup_manifest::yaml::{self, PathStep};
use trueup_manifest::{EcoString, Location};

/// The place of a field, or of one of its entries; the file alone where it is spelled in another way.
pub(super) fn of_field(target: &Target, field: &str, index: Option<usize>) -> Location {
    let file: EcoString = target.kustomization_file();
    let Ok(bytes) = target.loader.load(target.loaded.file) else { return Location::file(file) };
    let mut path = vec![PathStep::Key(field.into())];
    path.extend(index.map(PathStep::Index));
    let found = yaml::locate(&bytes, 0, &path).map(|(key, _)| key);
    found.map_or_else(|| Location::file(file.clone()), |span| Location::span(file.clone(), span))
}

/// The place of an entry of a list of texts.
pub(super) fn of_entry(target: &Target, field: &str, list: &[EcoString], entry: &str) -> Location {
    of_field(target, field, list.iter().position(|other| other == entry))
}

/// The place of the field that a built-in transformer comes from, by its kind and its number among those of the kind.
pub(super) fn of_step(target: &Target, kind: &str, number: usize) -> Location {
    let k = target.kustomization();
    let (field, index) = match kind {
        "PatchStrategicMergeTransformer" => ("patchesStrategicMerge", None),
        "PatchTransformer" => ("patches", Some(number)),
        "PatchJson6902Transformer" => ("patchesJson6902", Some(number)),
        "NamespaceTransformer" => ("namespace", None),
        "PrefixTransformer" => ("namePrefix", None),
        "SuffixTransformer" => ("nameSuffix", None),
        "LabelTransformer" if number < k.labels.len() => ("labels", Some(number)),
        "LabelTransformer" => ("commonLabels", None),
        "AnnotationsTransformer" => ("commonAnnotations", None),
        "ReplicaCountTransformer" => ("replicas", Some(number)),
        "ImageTagTransformer" => ("images", Some(number)),
        _ => ("replacements", None),
    };
    of_field(target, field, index)
}
