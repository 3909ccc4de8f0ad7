//! `Chart.yaml`.

use super::base_name;
use super::decode::{Decoder, document_of};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::Limits;
use ecow::EcoString;
use std::collections::{BTreeMap, BTreeSet};
use trueup_manifest::Value;
use trueup_manifest::yaml::go_quote;
use trueup_template::{Time, Version};

/// What `Chart.yaml` says. Absent texts are empty.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Metadata {
    /// The name of the chart; the alias where a parent has given it one.
    pub name: EcoString,
    /// A URL.
    pub home: EcoString,
    /// URLs of sources.
    pub sources: Vec<EcoString>,
    /// The version of the chart.
    pub version: EcoString,
    /// One line.
    pub description: EcoString,
    /// Words to search for.
    pub keywords: Vec<EcoString>,
    /// Who maintains it.
    pub maintainers: Vec<Maintainer>,
    /// The URL of an image.
    pub icon: EcoString,
    /// `v1` or `v2`.
    pub api_version: EcoString,
    /// Not used by Helm.
    pub condition: EcoString,
    /// Not used by Helm.
    pub tags: EcoString,
    /// The version of what the chart installs.
    pub app_version: EcoString,
    /// It should not be used any more.
    pub deprecated: bool,
    /// Anything else; `None` where there is no such field.
    pub annotations: Option<BTreeMap<EcoString, EcoString>>,
    /// Which versions of Kubernetes it is for.
    pub kube_version: EcoString,
    /// The charts it depends on; `None` where there is no such field.
    pub dependencies: Option<Vec<Dependency>>,
    /// `application`, `library`, or nothing for the first.
    pub kind: EcoString,
    /// There are null entries, which validation refuses.
    pub(crate) null_entry: NullEntry,
}

/// Which list has a null entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum NullEntry {
    #[default]
    None,
    Maintainer,
    Dependency,
}

/// Somebody who maintains a chart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Maintainer {
    /// A name.
    pub name: EcoString,
    /// An address.
    pub email: EcoString,
    /// A URL.
    pub url: EcoString,
}

/// A chart that another one depends on.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Dependency {
    /// The name of the chart; the alias once dependencies were processed.
    pub name: EcoString,
    /// A constraint on its version.
    pub version: EcoString,
    /// The URL of its repository.
    pub repository: EcoString,
    /// Paths of values of which the first boolean enables or disables it, with commas between them.
    pub condition: EcoString,
    /// Names below `tags` of the values that enable or disable it.
    pub tags: Vec<EcoString>,
    /// Whether it is enabled.
    pub enabled: bool,
    /// What of its values its parent takes over.
    pub import_values: Vec<Value>,
    /// The name it has in its parent.
    pub alias: EcoString,
}

impl Metadata {
    /// Reads a document over what is there.
    pub(crate) fn read(&mut self, document: &Value) -> Result<()> {
        let decoder = Decoder { type_name: "Metadata" };
        let Some(map) = decoder.object(document, "v2.Metadata")? else { return Ok(()) };
        let texts = [
            ("name", &mut self.name),
            ("home", &mut self.home),
            ("version", &mut self.version),
            ("description", &mut self.description),
            ("icon", &mut self.icon),
            ("apiVersion", &mut self.api_version),
            ("condition", &mut self.condition),
            ("tags", &mut self.tags),
            ("appVersion", &mut self.app_version),
            ("kubeVersion", &mut self.kube_version),
            ("type", &mut self.kind),
        ];
        for (name, into) in texts {
            decoder.text(map, name, into)?;
        }
        decoder.texts(map, "sources", &mut self.sources)?;
        decoder.texts(map, "keywords", &mut self.keywords)?;
        decoder.boolean(map, "deprecated", &mut self.deprecated)?;
        if let Some(value) = decoder.field(map, "annotations") {
            let Some(entries) = value.as_map() else {
                return Err(decoder.wrong(value, "annotations", "map[string]string"));
            };
            let into = self.annotations.get_or_insert_default();
            for (key, value) in entries.iter() {
                let text =
                    if value.is_null() { EcoString::new() } else { decoder.text_of(value, "annotations")? };
                into.insert(key.clone(), text);
            }
        }
        if let Some(items) = decoder.list(map, "maintainers", "[]*v2.Maintainer")? {
            self.maintainers = items.iter().map(Maintainer::read).collect::<Result<_>>()?;
            if items.iter().any(Value::is_null) {
                self.null_entry = NullEntry::Maintainer;
            }
        }
        if let Some(items) = decoder.list(map, "dependencies", "[]*v2.Dependency")? {
            self.dependencies = Some(items.iter().map(Dependency::read).collect::<Result<_>>()?);
            if items.iter().any(Value::is_null) && self.null_entry == NullEntry::None {
                self.null_entry = NullEntry::Dependency;
            }
        }
        Ok(())
    }

    /// Checks what Helm checks, and cleans texts of control characters.
    pub(crate) fn validate(&mut self) -> Result<()> {
        self.clean();
        if self.api_version.is_empty() {
            return Err(invalid("chart.metadata.apiVersion is required"));
        }
        let name = &self.name;
        match name.as_str() {
            "" => return Err(invalid("chart.metadata.name is required")),
            "." | ".." => {
                return Err(invalid(format!("chart.metadata.name {} is not allowed", go_quote(name))));
            }
            _ if name.contains('/') => {
                return Err(invalid(format!("chart.metadata.name {} is invalid", go_quote(name))));
            }
            _ => {}
        }
        if self.version.is_empty() {
            return Err(invalid("chart.metadata.version is required"));
        }
        if Version::parse(&self.version).is_err() {
            let version = go_quote(&self.version);
            return Err(invalid(format!("chart.metadata.version {version} is invalid")));
        }
        if !matches!(self.kind.as_str(), "" | "application" | "library") {
            return Err(invalid("chart.metadata.type must be application or library"));
        }
        if self.null_entry == NullEntry::Maintainer {
            return Err(invalid("maintainers must not contain empty or null nodes"));
        }
        self.validate_dependencies()
    }

    fn validate_dependencies(&self) -> Result<()> {
        let mut names = BTreeSet::new();
        for dependency in self.dependencies.iter().flatten() {
            // A null entry has been read as an empty one.
            if self.null_entry == NullEntry::Dependency && *dependency == Dependency::default() {
                return Err(invalid("dependencies must not contain empty or null nodes"));
            }
            let letter = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
            if !dependency.alias.bytes().all(letter) {
                let name = go_quote(&dependency.name);
                return Err(invalid(format!("dependency {name} has disallowed characters in the alias")));
            }
            let key = dependency.local_name();
            if !names.insert(key) {
                let key = go_quote(key);
                return Err(invalid(format!("more than one dependency with name or alias {key}")));
            }
        }
        Ok(())
    }

    fn clean(&mut self) {
        let Self { name, description, home, icon, condition, tags, app_version, kube_version, .. } = self;
        let texts = [name, description, home, icon, condition, tags, app_version, kube_version];
        texts.into_iter().for_each(clean);
        self.sources.iter_mut().chain(&mut self.keywords).for_each(clean);
        for Maintainer { name, email, url } in &mut self.maintainers {
            [name, email, url].into_iter().for_each(clean);
        }
        for dependency in self.dependencies.iter_mut().flatten() {
            let Dependency { name, version, repository, condition, tags, .. } = dependency;
            [name, version, repository, condition].into_iter().chain(tags).for_each(clean);
        }
    }
}

fn invalid(message: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::InvalidChart, format!("validation: {message}"))
}

/// Makes every kind of space a plain one, and takes out what cannot be printed.
fn clean(text: &mut EcoString) {
    let keeps = |c: char| matches!(c, '"' | '\\') || !go_quote(c.encode_utf8(&mut [0; 4])).contains('\\');
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return;
    }
    let kept = text.chars().filter_map(|c| match c {
        c if c.is_whitespace() => Some(' '),
        c => keeps(c).then_some(c),
    });
    *text = kept.collect();
}

impl Maintainer {
    fn read(document: &Value) -> Result<Self> {
        let decoder = Decoder { type_name: "Maintainer.maintainers" };
        let mut read = Self::default();
        let Some(map) = decoder.object(document, "v2.Maintainer")? else { return Ok(read) };
        decoder.text(map, "name", &mut read.name)?;
        decoder.text(map, "email", &mut read.email)?;
        decoder.text(map, "url", &mut read.url)?;
        Ok(read)
    }
}

impl Dependency {
    fn read(document: &Value) -> Result<Self> {
        let decoder = Decoder { type_name: "Dependency.dependencies" };
        let mut read = Self::default();
        let Some(map) = decoder.object(document, "v2.Dependency")? else { return Ok(read) };
        let texts = [
            ("name", &mut read.name),
            ("version", &mut read.version),
            ("repository", &mut read.repository),
            ("condition", &mut read.condition),
            ("alias", &mut read.alias),
        ];
        for (name, into) in texts {
            decoder.text(map, name, into)?;
        }
        decoder.texts(map, "tags", &mut read.tags)?;
        decoder.boolean(map, "enabled", &mut read.enabled)?;
        if let Some(items) = decoder.list(map, "import-values", "[]interface {}")? {
            read.import_values = items.to_vec();
        }
        Ok(read)
    }

    /// Returns the name it has in its parent.
    pub fn local_name(&self) -> &str {
        if self.alias.is_empty() { &self.name } else { &self.alias }
    }
}

/// Checks a lock file, of which nothing is used.
pub(super) fn check_lock(text: &[u8], limits: &Limits) -> Result<()> {
    let document = document_of(text, &limits.documents)?;
    let decoder = Decoder { type_name: "Lock" };
    let Some(map) = decoder.object(&document, "v2.Lock")? else { return Ok(()) };
    let mut generated = EcoString::new();
    decoder.text(map, "generated", &mut generated)?;
    if decoder.field(map, "generated").is_some()
        && let Err(problem) = Time::parse("2006-01-02T15:04:05Z07:00", &generated)
    {
        let message = format!("error unmarshaling JSON: while decoding JSON: {problem}");
        return Err(Error::new(ErrorKind::InvalidChart, message));
    }
    decoder.text(map, "digest", &mut EcoString::new())?;
    for item in decoder.list(map, "dependencies", "[]*v2.Dependency")?.unwrap_or_default() {
        Dependency::read(item)?;
    }
    Ok(())
}

/// Tells whether a path names a manifest.
pub(crate) fn is_manifest(path: &str) -> bool {
    [".yaml", ".yml", ".json"].iter().any(|extension| super::extension(path).eq_ignore_ascii_case(extension))
}

/// Tells whether a file of a chart is hidden from rendering by its name.
pub(crate) fn is_partial(path: &str) -> bool {
    base_name(path).starts_with('_')
}
