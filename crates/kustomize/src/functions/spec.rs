//! How a resource says that it configures a function.

use super::{ContainerFunction, ExecFunction, Function, FunctionMount};
use crate::decode::{At, Decoded, boolean, list, object, string, strings};
use crate::error::{Error, ErrorKind, Result};
use crate::resource::Resource;
use ecow::EcoString;
use std::collections::BTreeMap;
use trueup_manifest::Value;
use trueup_manifest::yaml::{self, ParseOptions};

const ANNOTATIONS: [&str; 2] = ["config.kubernetes.io/function", "config.k8s.io/function"];
const CONTAINER: &str = "config.kubernetes.io/container";

/// What a description may hold.
#[derive(Debug, Default)]
struct Spec {
    exec: ExecFunction,
    container: ContainerFunction,
}

/// Reads the function of a resource: `None` if it configures none, `Some(None)` if its description names no program.
#[expect(clippy::option_option, reason = "a description without a program is not the absence of one")]
pub(crate) fn function_spec(resource: &Resource) -> Result<Option<Option<Function>>> {
    let annotated = ANNOTATIONS.iter().find_map(|key| {
        let text = resource.annotation(key).filter(|text| !text.is_empty())?;
        Some((*key, text.to_string()))
    });
    let described = match (annotated, resource.value.at(&["metadata", "configFn"])) {
        (Some(annotated), _) => Some(annotated),
        (None, Some(config)) if !config.is_null() => {
            let text = yaml::to_string(config).map_err(|error| invalid("configFn", &error.to_string()))?;
            Some(("configFn", text))
        }
        _ => None,
    };
    if let Some((key, text)) = described {
        let spec = parse(key, &text)?;
        check_mounts(resource, &spec.container.mounts)?;
        return Ok(Some(program(spec)));
    }
    let image = resource.annotation(CONTAINER).filter(|image| !image.is_empty());
    Ok(image.map(|image| {
        let container = ContainerFunction { image, ..ContainerFunction::default() };
        program(Spec { container, ..Spec::default() })
    }))
}

fn parse(key: &str, text: &str) -> Result<Spec> {
    let document = yaml::parse(text.as_bytes(), &ParseOptions::kubernetes_strict())
        .map_err(|error| invalid(key, &format!("error converting YAML to JSON: {}", error.message())))?;
    let mut spec = Spec::default();
    let read = object(&document, &At::yaml("FunctionSpec", true), |field, value, at| match field {
        // A failure that is deferred fails the build all the same.
        "deferfailure" => boolean(value, at, &mut false),
        "exec" => exec(value, at, &mut spec.exec),
        "container" => container(value, at, &mut spec.container),
        _ => Ok(false),
    });
    read.map_err(|error| {
        invalid(key, &format!("error unmarshaling JSON: while decoding JSON: {}", error.message))
    })?;
    Ok(spec)
}

fn invalid(key: &str, what: &str) -> Error {
    let message = format!("loader: failed to get FunctionSpec: {key} unmarshal error: {what}");
    Error::new(ErrorKind::Function, message)
}

fn exec(value: &Value, at: &At<'_>, into: &mut ExecFunction) -> Decoded<bool> {
    object(value, &at.typed("ExecSpec"), |field, value, at| match field {
        "path" => string(value, at, &mut into.path),
        "args" => strings(value, at, &mut into.args),
        "envs" => strings(value, at, &mut into.envs),
        _ => Ok(false),
    })?;
    Ok(true)
}

fn container(value: &Value, at: &At<'_>, into: &mut ContainerFunction) -> Decoded<bool> {
    object(value, &at.typed("ContainerSpec"), |field, value, at| match field {
        "image" => string(value, at, &mut into.image),
        "network" => boolean(value, at, &mut into.network),
        "mounts" => list(value, at, "runtimeutil.StorageMount", &mut into.mounts, mount),
        "envs" => strings(value, at, &mut into.envs),
        _ => Ok(false),
    })?;
    Ok(true)
}

fn mount(value: &Value, at: &At<'_>, into: &mut FunctionMount) -> Decoded<bool> {
    object(value, &at.typed("StorageMount"), |field, value, at| match field {
        "type" => string(value, at, &mut into.mount_type),
        "src" => string(value, at, &mut into.source),
        "dst" => string(value, at, &mut into.target),
        "rw" => boolean(value, at, &mut into.writable),
        _ => Ok(false),
    })?;
    Ok(true)
}

fn check_mounts(resource: &Resource, mounts: &[FunctionMount]) -> Result<()> {
    for mount in mounts {
        let source = &mount.source;
        let must = if source.starts_with('/') {
            "relative to"
        } else if crate::load::leaves(source) {
            "under"
        } else {
            continue;
        };
        let id = crate::resource::display_id(&resource.value);
        return Err(Error::new(
            ErrorKind::Function,
            format!(
                "plugin {id} with mount path '{source}' is not permitted; \
                 mount paths must be {must} the current kustomization directory"
            ),
        ));
    }
    Ok(())
}

/// The program that upstream would run: a container before an executable.
fn program(spec: Spec) -> Option<Function> {
    if !spec.container.image.is_empty() {
        let mut container = spec.container;
        container.envs = container_envs(&container.envs);
        return Some(Function::Container(container));
    }
    (!spec.exec.path.is_empty()).then(|| {
        let mut exec = spec.exec;
        exec.envs = exec_envs(&exec.envs);
        Function::Exec(exec)
    })
}

/// Variables for a container: two that are always set, those given, and the names of those to pass on.
fn container_envs(given: &[EcoString]) -> Vec<EcoString> {
    let mut set: BTreeMap<&str, &str> =
        [("LOG_TO_STDERR", "true"), ("STRUCTURED_RESULTS", "true")].into_iter().collect();
    let mut names: Vec<&EcoString> = Vec::new();
    for env in given {
        match env.split_once('=') {
            Some((name, value)) if !matches!(name, "LOG_TO_STDERR" | "STRUCTURED_RESULTS") => {
                set.insert(name, value);
            }
            // What upstream sets itself wins over the description.
            Some(_) => {}
            None if names.contains(&env) => {}
            None => names.push(env),
        }
    }
    let set = set.into_iter().map(|(name, value)| ecow::eco_format!("{name}={value}"));
    set.chain(names.into_iter().cloned()).collect()
}

/// Variables for an executable; those with more than one `=`, or none, are lost, as they are upstream.
fn exec_envs(given: &[EcoString]) -> Vec<EcoString> {
    let pairs = given.iter().filter_map(|env| env.split_once('='));
    let pairs: BTreeMap<&str, &str> = pairs.filter(|(_, value)| !value.contains('=')).collect();
    let mut envs: Vec<_> = pairs.iter().map(|(name, value)| ecow::eco_format!("{name}={value}")).collect();
    envs.sort();
    envs
}
