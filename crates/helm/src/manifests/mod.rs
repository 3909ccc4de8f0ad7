//! What templates wrote, as manifests: split, told apart from hooks, and put in order.

mod hooks;
mod order;
mod split;

pub use hooks::{Hook, HookEvent};
pub use order::sort_kinds;
pub use split::split_manifests;

use crate::chart::{Decoder, is_partial};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::Limits;
use crate::render::Files;
use ecow::EcoString;
use hooks::events;
use order::sort_by_kind;
use std::collections::BTreeMap;
use trueup_manifest::{Location, Value, View, yaml};

/// One manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Manifest {
    /// The file that it comes from, as Helm names it: `chart/templates/service.yaml`.
    pub source: EcoString,
    /// The file in the tree of the chart: `charts/shop/templates/service.yaml`; for a chart within an archive the path goes through it.
    pub file: EcoString,
    /// Its kind; empty for one that is only comments.
    pub kind: EcoString,
    /// Its text.
    pub content: String,
}

/// What a manifest says of itself.
#[derive(Default)]
struct Head {
    kind: EcoString,
    name: EcoString,
    annotations: BTreeMap<EcoString, EcoString>,
}

/// Splits the texts of files into hooks and others, each in the order of installation.
///
/// `places` has the files in the tree by their names here.
pub(crate) fn sort(
    files: &Files,
    places: &BTreeMap<EcoString, EcoString>,
    limits: &Limits,
) -> Result<(Vec<Hook>, Vec<Manifest>)> {
    let (mut hooks, mut manifests) = (Vec::new(), Vec::new());
    for (source, text) in files {
        if is_partial(source) || text.trim().is_empty() {
            continue;
        }
        let file = places.get(source).unwrap_or(source);
        for content in split_manifests(text) {
            let head = head(content, limits).map_err(|error| {
                error.wrap(format!("YAML parse error on {source}")).at(Location::file(file.clone()))
            })?;
            let manifest = Manifest {
                source: source.clone(),
                file: file.clone(),
                kind: head.kind.clone(),
                content: content.to_owned(),
            };
            match head.annotations.get(hooks::ANNOTATION) {
                None => manifests.push(manifest),
                Some(names) => {
                    // A hook of unknown events is left out.
                    if let Some(events) = events(names) {
                        hooks.push(Hook { manifest, name: head.name, events });
                    }
                }
            }
        }
    }
    sort_by_kind(&mut hooks, |hook| &hook.manifest.kind);
    sort_by_kind(&mut manifests, |manifest| &manifest.kind);
    Ok((hooks, manifests))
}

/// Reads what a manifest says of itself.
fn head(content: &str, limits: &Limits) -> Result<Head> {
    let options = yaml::ParseOptions::kubernetes().with_limits(limits.documents.clone());
    let document = yaml::parse(content.as_bytes(), &options).map_err(|error| {
        let kind = match error.kind() {
            yaml::ParseErrorKind::Limit => ErrorKind::Limit,
            _ => ErrorKind::InvalidManifest,
        };
        Error::new(kind, format!("error converting YAML to JSON: {}", error.message()))
    })?;
    read_head(&document).map_err(|error| Error::new(ErrorKind::InvalidManifest, error.message()))
}

fn read_head(document: &Value) -> Result<Head> {
    let decoder = Decoder { type_name: "SimpleHead" };
    let mut head = Head::default();
    let Some(map) = decoder.object(document, "util.SimpleHead")? else { return Ok(head) };
    decoder.text(map, "apiVersion", &mut EcoString::new())?;
    decoder.text(map, "kind", &mut head.kind)?;
    let Some(metadata) = decoder.field(map, "metadata") else { return Ok(head) };
    let Some(metadata) = metadata.as_map() else {
        let fields = "struct { Name string \"json:\\\"name\\\"\"; Annotations map[string]string \"json:\\\"annotations\\\"\" }";
        return Err(decoder.wrong(metadata, "metadata", fields));
    };
    let decoder = Decoder { type_name: ".metadata" };
    decoder.text(metadata, "name", &mut head.name)?;
    let Some(annotations) = decoder.field(metadata, "annotations") else { return Ok(head) };
    let View::Map(annotations) = annotations.view() else {
        return Err(decoder.wrong(annotations, "annotations", "map[string]string"));
    };
    for (key, value) in annotations.iter() {
        let text = if value.is_null() { EcoString::new() } else { decoder.text_of(value, "annotations")? };
        head.annotations.insert(key.clone(), text);
    }
    Ok(head)
}
