//! Functions: programs that a host runs for a build, with resources in and resources out.
//!
//! A generator, transformer or validator is a function when its resource says so in `config.kubernetes.io/function`. What
//! is handed over is a KRM `ResourceList`; [`list`] writes and reads it as upstream does.

mod list;
mod spec;

pub(crate) use spec::function_spec;

use crate::error::{Error, ErrorKind, Result};
use crate::resmap::{Ids, ResMap};
use crate::resource::{Behavior, Resource};
use crate::{documents, resource};
use ecow::EcoString;
use std::fmt;
use std::sync::Arc;
use trueup_manifest::{FileTree, Limits, Value, yaml};
use trueup_schema::kustomize::Schema;

const ID: &str = "kustomize.config.k8s.io/id";
const NEEDS_HASH: &str = "kustomize.config.k8s.io/needs-hash";
const BEHAVIOR: &str = "kustomize.config.k8s.io/behavior";

/// Runs exec and container functions; a host's part of `generators`, `transformers` and `validators`.
pub trait FunctionRunner: Send + Sync {
    /// Runs a function and returns what it wrote to its standard output.
    ///
    /// # Errors
    /// [`FunctionFailure`] when the function cannot be run or ends badly; its message becomes part of the build's error.
    fn run(&self, request: &FunctionRequest<'_>) -> Result<String, FunctionFailure>;
}

/// One function to run.
#[derive(Debug)]
#[non_exhaustive]
pub struct FunctionRequest<'r> {
    /// The program.
    pub function: &'r Function,
    /// The resource that configures it, as messages show it: `api: …, kind: …, name: …`.
    pub configured_by: &'r str,
    /// What the function reads from its standard input: a `ResourceList` as YAML.
    pub input: &'r str,
    /// The tree of the kustomization.
    pub tree: &'r FileTree,
    /// The directory of the kustomization in its tree, where the function is to be run.
    pub directory: &'r str,
}

/// Why a function gave nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FunctionFailure {
    /// A message for people, such as `exit status 1`.
    pub message: String,
    /// What the function wrote before it failed; its `results` become part of the build's error.
    pub output: String,
}

impl From<String> for FunctionFailure {
    fn from(message: String) -> Self {
        Self { message, output: String::new() }
    }
}

/// A program, as `config.kubernetes.io/function` describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Function {
    /// An executable.
    Exec(ExecFunction),
    /// A container.
    Container(ContainerFunction),
}

/// An executable to run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExecFunction {
    /// Its path, relative to the kustomization's directory.
    pub path: EcoString,
    /// Its arguments.
    pub args: Vec<EcoString>,
    /// Environment variables to add, `NAME=value`, in order of the names.
    pub envs: Vec<EcoString>,
}

/// A container to run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContainerFunction {
    /// The image.
    pub image: EcoString,
    /// Whether it asks for a network. Upstream refuses that unless `--network` is given.
    pub network: bool,
    /// What it wants mounted. Sources are relative to the kustomization's directory and inside it.
    pub mounts: Vec<FunctionMount>,
    /// Environment variables: `NAME=value` to set, `NAME` to pass on, in order.
    pub envs: Vec<EcoString>,
}

/// Something to mount into a container.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FunctionMount {
    /// The type: `bind`, `volume`, `tmpfs`.
    pub mount_type: EcoString,
    /// What to mount.
    pub source: EcoString,
    /// Where to.
    pub target: EcoString,
    /// Whether the function may write to it.
    pub writable: bool,
}

/// A function with all it takes to run it.
#[derive(Clone)]
pub(crate) struct FunctionPlugin {
    pub(crate) runner: Arc<dyn FunctionRunner>,
    /// `None` for a description that names no program: everything passes as it is.
    pub(crate) function: Option<Function>,
    /// The resource that configures it.
    pub(crate) config: Resource,
    pub(crate) tree: FileTree,
    pub(crate) directory: EcoString,
    pub(crate) limits: Limits,
}

impl fmt::Debug for FunctionPlugin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FunctionPlugin").field("function", &self.function).finish_non_exhaustive()
    }
}

impl FunctionPlugin {
    /// Runs it as a generator.
    pub(crate) fn generate(&self) -> Result<Vec<Resource>> {
        let config = self.function_config()?;
        // Upstream hands its own configuration over as the only item; it is dropped at the end, being local.
        let items = vec![config.clone()];
        let output = self.run(&config, items)?;
        let mut resources = documents::resources(output.as_bytes(), &self.limits)?;
        resources.iter_mut().try_for_each(take_options)?;
        Ok(resources)
    }

    /// Runs it as a transformer or validator.
    pub(crate) fn transform(&self, map: &mut ResMap, schema: &Schema) -> Result<()> {
        let mut text = String::new();
        for (at, resource) in map.list.iter().enumerate() {
            if at > 0 {
                text.push_str("---\n");
            }
            text.push_str(&with_id(resource, schema)?);
        }
        let config = self.function_config()?;
        // Without resources, upstream takes it for a generator.
        let items = if map.list.is_empty() { vec![config.clone()] } else { self.parse(&text)? };
        let output =
            self.run(&config, items).map_err(|error| error.reword(|message| format!("{message} ")))?;
        let resources = documents::resources(output.as_bytes(), &self.limits)?;
        self.update(map, resources, schema)
    }

    /// The name of the plugin in messages.
    fn name(&self) -> String {
        let config = &self.config;
        format!("api: {}, kind: {}, name: {}", config.api_version(), config.kind(), config.name())
    }

    fn parse(&self, text: &str) -> Result<Vec<Value>> {
        let options = yaml::ParseOptions::kyaml().with_limits(self.limits.clone());
        let malformed = |error: yaml::ParseError| failed(format!("MalformedYAMLError: {}", error.message()));
        yaml::parse_stream(text.as_bytes(), &options).map_err(malformed)
    }

    fn function_config(&self) -> Result<Value> {
        let mut config = self.parse(&as_yaml(&self.config)?)?.into_iter().next().unwrap_or_default();
        resource::set_annotation(&mut config, resource::LOCAL_CONFIG, "true");
        Ok(config)
    }

    /// Runs the function on documents and returns what it gives as a stream of documents.
    fn run(&self, config: &Value, mut items: Vec<Value>) -> Result<String> {
        let wrapped = |error: Error| error.wrap("couldn't execute function");
        for (at, item) in items.iter_mut().enumerate() {
            list::annotate_read(item, at);
        }
        let Some(function) = &self.function else {
            return list::to_stream(items);
        };
        let before = list::prepare(&mut items).map_err(wrapped)?;
        let scoped = list::scope(matches!(function, Function::Exec(_)).then_some(config), items);
        let input = list::resource_list(scoped.input, config)?;
        let request = FunctionRequest {
            function,
            configured_by: &self.name(),
            input: &input,
            tree: &self.tree,
            directory: &self.directory,
        };
        let (output, failure) = match self.runner.run(&request) {
            Ok(output) => (output, None),
            Err(FunctionFailure { message, output }) => (output, Some(message)),
        };
        let (mut items, results) = list::read(self.parse(&output).map_err(wrapped)?);
        if let Some(message) = failure {
            let results = results.iter().map(|result| failed(list::show_result(result)));
            return Err(wrapped(failed(message)).and(results));
        }
        list::finish(&mut items, &scoped.directory, before.len());
        items.extend(scoped.saved);
        list::reconcile(&mut items, &before).map_err(wrapped)?;
        list::to_stream(items)
    }

    /// Brings the resources of a function into the map that it was given: changed, added and deleted ones.
    fn update(&self, map: &mut ResMap, resources: Vec<Resource>, schema: &Schema) -> Result<()> {
        let mut new = ResMap::default();
        let mut new_ids = Ids::default();
        for mut resource in resources {
            let mut annotations = resource.annotations();
            annotations.remove(ID);
            resource.set_annotations(&annotations);
            let id = resource.cur_id(schema);
            new.append_all(vec![resource.clone()], &mut new_ids, schema).map_err(|error| {
                let json = [
                    ("group", &id.gvk.group),
                    ("version", &id.gvk.version),
                    ("kind", &id.gvk.kind),
                    ("name", &id.name),
                    ("namespace", &id.namespace),
                ];
                let json = json.iter().filter(|(_, text)| !text.is_empty());
                let json: Vec<_> = json.map(|(key, text)| format!("{key:?}:{text:?}")).collect();
                let json = json.join(",");
                error.reword(|_| format!("plugin {} generated duplicate resource: {{{json}}}", self.name()))
            })?;
            let mut same = map.list.iter_mut().filter(|old| old.cur_id(schema).same(&id));
            match (same.next(), same.count()) {
                (None, _) => map.append_all(vec![resource], &mut Ids::default(), schema)?,
                (Some(old), 0) => old.replace_with(resource),
                (Some(_), more) => return Err(failed(format!("id matched {} resources", more + 1))),
            }
        }
        let kept: std::collections::BTreeSet<_> =
            new.list.iter().map(|res| res.cur_id(schema).key()).collect();
        map.list.retain(|resource| kept.contains(&resource.cur_id(schema).key()));
        Ok(())
    }
}

fn failed(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Function, message)
}

/// A resource as upstream writes it down in the middle of a build, its own annotations included.
fn as_yaml(resource: &Resource) -> Result<String> {
    let value = resource.with_annotations();
    let value = documents::through_json(&value)?;
    yaml::to_string(&value).map_err(|error| Error::new(ErrorKind::Output, error.to_string()))
}

/// As [`as_yaml`], with the id that tells the function's resources from each other.
fn with_id(resource: &Resource, schema: &Schema) -> Result<String> {
    let id = resource.cur_id(schema);
    let fields = [
        ("group", id.gvk.group.clone()),
        ("kind", id.gvk.kind.clone()),
        ("name", id.name),
        ("namespace", id.namespace),
        ("version", id.gvk.version.clone()),
    ];
    let fields: trueup_manifest::Map = fields.into_iter().filter(|(_, text)| !text.is_empty()).collect();
    let text = yaml::to_string(&fields.into()).map_err(|error| failed(error.to_string()))?;
    let mut copy = resource.clone();
    copy.value = resource.with_annotations();
    let mut annotations = copy.annotations();
    annotations.insert(ID.into(), text.into());
    copy.set_annotations(&annotations);
    as_yaml(&copy)
}

/// Reads what a generator function asks for in annotations, and takes them off.
fn take_options(resource: &mut Resource) -> Result<()> {
    let mut annotations = resource.annotations();
    let behavior = annotations.remove(BEHAVIOR).unwrap_or_default();
    let needs_hash = match annotations.remove(NEEDS_HASH) {
        None => false,
        Some(text) => match text.as_str() {
            "1" | "t" | "T" | "TRUE" | "true" | "True" => true,
            "0" | "f" | "F" | "FALSE" | "false" | "False" => false,
            other => {
                return Err(failed(format!(
                    "the annotation {NEEDS_HASH:?} contains an invalid value ({other:?})"
                )));
            }
        },
    };
    resource.set_annotations(&annotations);
    let history = resource.history_mut();
    history.needs_hash |= needs_hash;
    history.behavior = Some(Behavior::of(&behavior));
    Ok(())
}
