//! What `spec.source.kustomize` changes: the edits that Argo CD makes to a kustomization before it builds it.

use crate::error::{Error, Problem};
use crate::variables::Variables;
use ecow::EcoString;
use std::collections::BTreeMap;
use trueup_manifest::argocd::{ApplicationSourceKustomize, IntOrString, KustomizePatch};
use trueup_manifest::{FileTree, Map, Value, join_path};

/// Applies the options to a kustomization, in Argo CD's order. `directory` is where the kustomization stands in `tree`.
pub(crate) fn edit(
    kustomization: &mut Map,
    options: &ApplicationSourceKustomize,
    variables: &Variables,
    tree: &FileTree,
    directory: &str,
) -> Result<(), Error> {
    if !options.name_prefix.is_empty() {
        set(kustomization, "namePrefix", options.name_prefix.clone());
    }
    if !options.name_suffix.is_empty() {
        set(kustomization, "nameSuffix", options.name_suffix.clone());
    }
    if !options.images.is_empty() {
        set_images(kustomization, &options.images, variables)?;
    }
    if !options.replicas.is_empty() {
        set_replicas(kustomization, options)?;
    }
    if !options.common_labels.is_empty() {
        add_labels(kustomization, options, variables)?;
    }
    if !options.common_annotations.is_empty() {
        let substitute = |value: &EcoString| match options.common_annotations_envsubst {
            true => variables.substitute(value).into(),
            false => value.clone(),
        };
        let annotations =
            options.common_annotations.iter().map(|(key, value)| (key.clone(), substitute(value)));
        let target = section(kustomization, "commonAnnotations", Map::new)?;
        add_entries(target, annotations, options.force_common_annotations, "annotation")?;
    }
    if !options.namespace.is_empty() {
        set(kustomization, "namespace", options.namespace.clone());
    }
    append(kustomization, "patches", options.patches.iter().map(patch))?;
    add_components(kustomization, options, tree, directory)
}

/// The key under which a field stands: Go finds it whatever its case.
fn key_of(map: &Map, field: &str) -> EcoString {
    let found = map.keys().find(|key| key.eq_ignore_ascii_case(field));
    found.cloned().unwrap_or_else(|| field.into())
}

fn set(kustomization: &mut Map, field: &str, value: impl Into<Value>) {
    let key = key_of(kustomization, field);
    kustomization.insert(key, value);
}

fn section<'a>(map: &'a mut Map, field: &str, empty: impl Fn() -> Map) -> Result<&'a mut Map, Error> {
    let key = key_of(map, field);
    let value = map.get_or_insert_with(&key, || empty().into());
    if value.is_null() {
        *value = empty().into();
    }
    value.as_map_mut().ok_or_else(|| wrong_type(field, "a map"))
}

fn list(map: &Map, field: &str) -> Result<Vec<Value>, Error> {
    match map.get(&key_of(map, field)) {
        None => Ok(Vec::new()),
        Some(value) if value.is_null() => Ok(Vec::new()),
        Some(value) => value.as_seq().map(<[Value]>::to_vec).ok_or_else(|| wrong_type(field, "a list")),
    }
}

fn append(kustomization: &mut Map, field: &str, items: impl Iterator<Item = Value>) -> Result<(), Error> {
    let mut all = list(kustomization, field)?;
    let before = all.len();
    all.extend(items);
    if all.len() > before {
        set(kustomization, field, all);
    }
    Ok(())
}

fn wrong_type(field: &str, wanted: &str) -> Error {
    Problem::Kustomization(format!("expected `{field}` in the kustomization to be {wanted}")).into()
}

/// `name`, `name:tag`, `name@digest` and `name=other:tag@digest`, merged with what the kustomization has; `*` keeps a part.
fn set_images(kustomization: &mut Map, images: &[EcoString], variables: &Variables) -> Result<(), Error> {
    let mut by_name: BTreeMap<EcoString, Map> = BTreeMap::new();
    for existing in list(kustomization, "images")? {
        let image = existing.as_map().cloned().ok_or_else(|| wrong_type("images", "a list of maps"))?;
        let name = image.get("name").and_then(Value::as_str).unwrap_or_default().into();
        by_name.insert(name, image);
    }
    for argument in images {
        let argument = variables.substitute(argument);
        let (name, parts) = parse_image(&argument)?;
        let old = by_name.get(&name);
        let mut image = Map::from_iter([("name", Value::from(name.clone()))]);
        for (field, value) in parts {
            let kept = || old.and_then(|old| old.get(field)).and_then(Value::as_str).unwrap_or_default();
            let value = if value == "*" { kept() } else { value };
            if !value.is_empty() {
                image.insert(field, value);
            }
        }
        by_name.insert(name, image);
    }
    set(kustomization, "images", by_name.into_values().map(Value::from).collect::<Vec<_>>());
    Ok(())
}

/// The name of an image and what an argument says of it, by field.
type ImageArgument<'a> = (EcoString, [(&'static str, &'a str); 3]);

fn parse_image(argument: &str) -> Result<ImageArgument<'_>, Error> {
    let (key, value) = argument.split_once('=').map_or(("", argument), |(key, value)| (key, value));
    let (name, tag, digest) = trueup_kustomize::split_image(value);
    if name == argument {
        return Err(Problem::Image(argument.into()).into());
    }
    let (name, new_name) = if key.is_empty() { (name, "") } else { (key, name) };
    Ok((name.into(), [("newName", new_name), ("newTag", tag), ("digest", digest)]))
}

fn set_replicas(kustomization: &mut Map, options: &ApplicationSourceKustomize) -> Result<(), Error> {
    let mut by_name: BTreeMap<EcoString, Value> = BTreeMap::new();
    for existing in list(kustomization, "replicas")? {
        let name = existing.get("name").and_then(Value::as_str).unwrap_or_default().into();
        by_name.insert(name, existing);
    }
    for replica in &options.replicas {
        let count = match &replica.count {
            IntOrString::Int(count) => *count,
            IntOrString::String(text) => {
                text.parse().map_err(|_| Problem::Replicas(replica.name.clone(), text.clone()))?
            }
        };
        let entry =
            Map::from_iter([("name", Value::from(replica.name.clone())), ("count", Value::from(count))]);
        by_name.insert(replica.name.clone(), entry.into());
    }
    set(kustomization, "replicas", by_name.into_values().collect::<Vec<_>>());
    Ok(())
}

fn add_labels(
    kustomization: &mut Map,
    options: &ApplicationSourceKustomize,
    variables: &Variables,
) -> Result<(), Error> {
    if options.label_include_templates && !options.label_without_selector {
        let message = "--without-selector flag must be specified for --include-templates to work";
        return Err(Problem::Kustomization(message.to_owned()).into());
    }
    let labels = options.common_labels.iter();
    let labels = labels.map(|(key, value)| (key.clone(), EcoString::from(variables.substitute(value))));
    if !options.label_without_selector {
        let target = section(kustomization, "commonLabels", Map::new)?;
        return add_entries(target, labels, options.force_common_labels, "label");
    }
    let flag = |entry: &Value, field: &str| entry.get(field).and_then(Value::as_bool).unwrap_or(false);
    let mut entries = list(kustomization, "labels")?;
    let same = |entry: &Value| {
        !flag(entry, "includeSelectors") && flag(entry, "includeTemplates") == options.label_include_templates
    };
    let position = entries.iter().position(same).unwrap_or_else(|| {
        let mut entry = Map::from_iter([("pairs", Map::new())]);
        if options.label_include_templates {
            entry.insert("includeTemplates", true);
        }
        entries.push(entry.into());
        entries.len() - 1
    });
    let entry = entries
        .get_mut(position)
        .and_then(Value::as_map_mut)
        .ok_or_else(|| wrong_type("labels", "a list of maps"))?;
    add_entries(section(entry, "pairs", Map::new)?, labels, options.force_common_labels, "label")?;
    set(kustomization, "labels", entries);
    Ok(())
}

fn add_entries(
    target: &mut Map,
    entries: impl Iterator<Item = (EcoString, EcoString)>,
    force: bool,
    what: &str,
) -> Result<(), Error> {
    for (key, value) in entries {
        if target.contains_key(&key) && !force {
            let message = format!("{what} {key} already in kustomization file. Use --force to override.");
            return Err(Problem::Kustomization(message).into());
        }
        target.insert(key, value);
    }
    Ok(())
}

fn patch(patch: &KustomizePatch) -> Value {
    let mut entry = Map::new();
    for (field, text) in [("path", &patch.path), ("patch", &patch.patch)] {
        if !text.is_empty() {
            entry.insert(field, text.clone());
        }
    }
    if let Some(target) = &patch.target {
        let fields = [
            ("group", &target.group),
            ("version", &target.version),
            ("kind", &target.kind),
            ("name", &target.name),
            ("namespace", &target.namespace),
            ("annotationSelector", &target.annotation_selector),
            ("labelSelector", &target.label_selector),
        ];
        let present = fields.into_iter().filter(|(_, text)| !text.is_empty());
        entry.insert("target", Map::from_iter(present.map(|(field, text)| (field, text.clone()))));
    }
    if !patch.options.is_empty() {
        entry.insert(
            "options",
            Map::from_iter(patch.options.iter().map(|(key, value)| (key.clone(), *value))),
        );
    }
    entry.into()
}

fn add_components(
    kustomization: &mut Map,
    options: &ApplicationSourceKustomize,
    tree: &FileTree,
    directory: &str,
) -> Result<(), Error> {
    let mut components = list(kustomization, "components")?;
    let before = components.len();
    for component in &options.components {
        let exists = join_path(directory, component).is_ok_and(|path| tree.is_directory(&path));
        if !exists && options.ignore_missing_components {
            continue;
        }
        if !components.iter().any(|known| known == component.as_str()) {
            components.push(component.clone().into());
        }
    }
    if components.len() > before {
        set(kustomization, "components", components);
    }
    Ok(())
}
