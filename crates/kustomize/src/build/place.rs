//! Where a kustomization says something, looked up when an error wants to know.

use super::accumulate::Target;
use crate::declared::Declared;
use crate::trace::Cause;
use std::sync::Arc;
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
    let (field, index) = field_of_step(target, kind, number);
    of_field(target, field, index)
}

/// What a built-in transformer of a kustomization changes things by.
pub(super) fn cause_of_step(target: &Target, kind: &str, number: usize) -> Cause {
    let (field, index) = field_of_step(target, kind, number);
    let k = target.kustomization();
    let declared = Declared::entry(target.loader.repository(), target.kustomization_file(), field, index);
    let named: Vec<&EcoString> = match field {
        "patches" => k.patches.get(number).map(|patch| &patch.path).into_iter().collect(),
        "patchesJson6902" => k.patches_json6902.get(number).map(|patch| &patch.path).into_iter().collect(),
        "patchesStrategicMerge" => k.patches_strategic_merge.iter().collect(),
        _ => Vec::new(),
    };
    let files = named.into_iter().filter(|path| !path.is_empty() && !path.contains('\n'));
    Cause {
        files: files.map(|path| target.loader.path_of(path)).collect(),
        ..Cause::of(field, Some(Arc::new(declared)))
    }
}

fn field_of_step(target: &Target, kind: &str, number: usize) -> (&'static str, Option<usize>) {
    let k = target.kustomization();
    match kind {
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
    }
}
