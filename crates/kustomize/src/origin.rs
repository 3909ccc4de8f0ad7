//! Where resources come from and what changed them, for `buildMetadata`.

use crate::load::GitUrl;
use crate::resource::{ORIGIN, Resource, TRANSFORMATIONS};
use ecow::EcoString;
use trueup_manifest::yaml::{self, V3Style};
use trueup_manifest::{Map, Value};

/// Where something comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Origin {
    path: String,
    repo: EcoString,
    reference: String,
    configured_in: String,
    configured_by: ConfiguredBy,
}

/// What made or changed a resource.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ConfiguredBy {
    pub(crate) api_version: EcoString,
    pub(crate) kind: EcoString,
    pub(crate) name: EcoString,
    pub(crate) namespace: EcoString,
}

impl Origin {
    /// The origin of something this one refers to.
    pub(crate) fn append(&self, path: &str) -> Self {
        let mut origin = self.clone();
        match GitUrl::parse(path) {
            Some(spec) => {
                origin.repo = spec.repository();
                origin.reference = spec.reference().to_owned();
                origin.path = join("", spec.path());
            }
            None => origin.path = join(&origin.path, path),
        }
        origin
    }

    /// The origin of what a built-in of this kustomization makes.
    pub(crate) fn of_builtin(&self, file: &str, kind: &str) -> Self {
        let by = ConfiguredBy { api_version: "builtin".into(), kind: kind.into(), ..ConfiguredBy::default() };
        self.configured(join(&self.path, file), by)
    }

    /// The origin of what a plugin makes, from the plugin's own.
    pub(crate) fn of_plugin(plugin: &Resource) -> Option<Self> {
        let text = plugin.annotation(ORIGIN)?;
        let own = yaml::parse(text.as_bytes(), &yaml::ParseOptions::kyaml()).ok()?;
        let field = |key: &str| own.get(key).map(crate::node::text).unwrap_or_default();
        let by = ConfiguredBy {
            api_version: plugin.api_version(),
            kind: plugin.kind(),
            name: plugin.name(),
            namespace: plugin.namespace(),
        };
        let base = Self { repo: field("repo"), reference: field("ref").to_string(), ..Self::default() };
        Some(base.configured(field("path").to_string(), by))
    }

    fn configured(&self, configured_in: String, configured_by: ConfiguredBy) -> Self {
        Self {
            path: String::new(),
            repo: self.repo.clone(),
            reference: self.reference.clone(),
            configured_in,
            configured_by,
        }
    }

    /// The annotation's text.
    pub(crate) fn text(&self) -> String {
        yaml::to_string_v3(&self.value(), &V3Style::default()).unwrap_or_default()
    }

    fn value(&self) -> Value {
        let by = &self.configured_by;
        let by = fields([
            ("apiVersion", &by.api_version),
            ("kind", &by.kind),
            ("name", &by.name),
            ("namespace", &by.namespace),
        ]);
        let mut map = fields([
            ("path", &self.path),
            ("repo", &self.repo),
            ("ref", &self.reference),
            ("configuredIn", &self.configured_in),
        ]);
        if !by.is_empty() {
            map.insert("configuredBy", by);
        }
        map.into()
    }
}

fn fields(entries: [(&str, &str); 4]) -> Map {
    entries.into_iter().filter(|(_, text)| !text.is_empty()).collect()
}

/// Records the origin of a resource that has none.
pub(crate) fn add_origin(resource: &mut Resource, origin: &Origin) {
    if resource.annotation(ORIGIN).is_none() {
        set(resource, ORIGIN, origin.text());
    }
}

/// Records what changed a resource, or its origin if it has none.
pub(crate) fn add_transformation(resource: &mut Resource, origin: &Origin) {
    if resource.annotation(ORIGIN).is_none() {
        return set(resource, ORIGIN, origin.text());
    }
    let item = Value::from(vec![origin.value()]);
    let item = yaml::to_string_v3(&item, &V3Style::default()).unwrap_or_default();
    let before = resource.annotation(TRANSFORMATIONS).unwrap_or_default();
    set(resource, TRANSFORMATIONS, format!("{before}{item}"));
}

fn set(resource: &mut Resource, key: &str, text: String) {
    let mut annotations = resource.annotations();
    annotations.insert(key.into(), text.into());
    resource.set_annotations(&annotations);
}

/// Joins two paths and cleans the result; `..` in front stays.
fn join(directory: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in directory.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}
