//! ConfigMaps and Secrets from literals, files and env files.

use crate::error::{Error, ErrorKind, Result};
use crate::kustomization::{GeneratorArgs, GeneratorOptions, StringMap};
use crate::load::Loader;
use crate::node;
use crate::resource::{Behavior, Resource};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ecow::EcoString;
use std::collections::BTreeMap;
use trueup_manifest::{Map, ScalarStyle, Value};

/// What to generate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Generated {
    ConfigMap,
    Secret,
}

/// Makes the resource of one generator.
pub(crate) fn generate(what: Generated, args: &GeneratorArgs, loader: &Loader) -> Result<Resource> {
    if args.name.is_empty() {
        return Err(error("a configmap must have a name"));
    }
    let mut meta = Map::from_iter([("name", fresh(&args.name))]);
    if !args.namespace.is_empty() {
        meta.insert("namespace", fresh(&args.namespace));
    }
    let kind = if what == Generated::ConfigMap { "ConfigMap" } else { "Secret" };
    let mut root = Map::from_iter([("apiVersion", "v1"), ("kind", kind)]);
    if what == Generated::Secret {
        let secret_type = if args.secret_type.is_empty() { "Opaque" } else { &args.secret_type };
        root.insert("type", fresh(secret_type));
    }
    let pairs = load_pairs(args, loader)?;
    add_data(&mut root, what, pairs);
    if let Some(options) = &args.options {
        for (field, pairs) in [("labels", &options.labels), ("annotations", &options.annotations)] {
            if !pairs.is_empty() {
                meta.insert(field, quoted(pairs));
            }
        }
        if options.immutable {
            root.insert("immutable", true);
        }
    }
    root.insert("metadata", meta);
    let mut resource = Resource::new(root.into());
    let history = resource.history_mut();
    history.needs_hash = !args.options.as_ref().is_some_and(|options| options.disable_name_suffix_hash);
    history.behavior = Some(Behavior::of(&args.behavior));
    Ok(resource)
}

/// The options of a generator with those of all generators under them.
pub(crate) fn merged_options(
    own: Option<&GeneratorOptions>,
    all: Option<&GeneratorOptions>,
) -> Option<GeneratorOptions> {
    let Some(all) = all else { return own.cloned() };
    let mut merged = own.cloned().unwrap_or_default();
    for (into, from) in [(&mut merged.labels, &all.labels), (&mut merged.annotations, &all.annotations)] {
        for (key, value) in from {
            into.entry(key.clone()).or_insert_with(|| value.clone());
        }
    }
    merged.disable_name_suffix_hash |= all.disable_name_suffix_hash;
    merged.immutable |= all.immutable;
    Some(merged)
}

fn error(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Generator, message)
}

fn fresh(text: &str) -> Value {
    let value = node::string(text);
    node::quoted_if_needed(&value).unwrap_or(value)
}

fn quoted(pairs: &StringMap) -> Map {
    let quote = |text: &EcoString| Value::string_with_style(text.clone(), ScalarStyle::SingleQuoted);
    node::fresh_map(pairs.iter().map(|(key, text)| (key.clone(), quote(text))))
}

fn add_data(root: &mut Map, what: Generated, pairs: BTreeMap<EcoString, Vec<u8>>) {
    if what == Generated::Secret {
        let mut data = Map::new();
        for (key, bytes) in pairs {
            node::insert_fresh(&mut data, key, fresh(&wrapped_base64(&bytes)));
        }
        root.insert("data", data);
        return;
    }
    for (key, bytes) in pairs {
        let (field, text) = match String::from_utf8(bytes) {
            Ok(text) => ("data", text),
            Err(binary) => ("binaryData", wrapped_base64(binary.as_bytes())),
        };
        let data = root.get_or_insert_with(field, || Map::new().into());
        if let Some(map) = data.as_map_mut() {
            node::insert_fresh(map, key, fresh(&text));
        }
    }
}

/// Base64 in lines of 70, each of them ended when there is more than one.
fn wrapped_base64(bytes: &[u8]) -> String {
    let encoded = STANDARD.encode(bytes);
    if encoded.len() < 70 {
        return encoded;
    }
    let mut wrapped = String::with_capacity(encoded.len() + encoded.len() / 70 + 1);
    let mut rest = encoded.as_str();
    while !rest.is_empty() {
        let (line, tail) = rest.split_at_checked(70).unwrap_or((rest, ""));
        wrapped.push_str(line);
        wrapped.push('\n');
        rest = tail;
    }
    wrapped
}

fn load_pairs(args: &GeneratorArgs, loader: &Loader) -> Result<BTreeMap<EcoString, Vec<u8>>> {
    let list = |items: &[EcoString]| items.join(" ");
    let mut pairs: Vec<(EcoString, Vec<u8>)> = Vec::new();
    let loading = |error: Error, what: String| error.wrap(what).wrap("loading KV pairs");
    for path in &args.envs {
        let read = loader.load(path).and_then(|bytes| env_pairs(&bytes));
        pairs.extend(read.map_err(|e| loading(e, format!("env source files: [{}]", list(&args.envs))))?);
    }
    for source in &args.literals {
        let pair = literal_pair(source);
        pairs.push(pair.map_err(|e| loading(e, format!("literal sources [{}]", list(&args.literals))))?);
    }
    for source in &args.files {
        let pair = file_source(source).and_then(|(key, path)| Ok((key.into(), loader.load(path)?.to_vec())));
        pairs.push(pair.map_err(|e| loading(e, format!("file sources: [{}]", list(&args.files))))?);
    }
    let mut known = BTreeMap::new();
    for (key, value) in pairs {
        node::check_fresh_key(&key)?;
        if known.contains_key(&key) {
            return Err(error(format!("configmap {} illegally repeats the key `{key}`", args.name)));
        }
        known.insert(key, value);
    }
    Ok(known)
}

/// The longest line that upstream reads; a longer one ends the file.
const MAX_LINE: usize = 64 << 10;

fn env_pairs(bytes: &[u8]) -> Result<Vec<(EcoString, Vec<u8>)>> {
    let mut pairs = Vec::new();
    let lines = bytes.strip_suffix(b"\n").unwrap_or(bytes).split(|byte| *byte == b'\n');
    for (at, line) in lines.enumerate() {
        if line.len() >= MAX_LINE {
            break;
        }
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let line = std::str::from_utf8(line).map_err(|_| {
            let bytes: Vec<_> = line.iter().map(u8::to_string).collect();
            let (bytes, text) = (bytes.join(" "), String::from_utf8_lossy(line));
            error(format!("line [{bytes}] has invalid utf8 bytes : {text}"))
        })?;
        let line = if at == 0 { line.strip_prefix('\u{feff}').unwrap_or(line) } else { line };
        let line = line.trim_start();
        let (key, value) = line.split_once('=').unwrap_or((line, ""));
        if !key.is_empty() && !line.starts_with('#') {
            pairs.push((key.into(), value.as_bytes().to_vec()));
        }
    }
    Ok(pairs)
}

fn literal_pair(source: &str) -> Result<(EcoString, Vec<u8>)> {
    let pair = source.split_once('=').filter(|(key, _)| !key.is_empty());
    let (key, value) =
        pair.ok_or_else(|| error(format!("invalid literal source {source}, expected key=value")))?;
    let unquoted = ['"', '\'']
        .into_iter()
        .find_map(|quote| value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)));
    Ok((key.into(), unquoted.unwrap_or(value).as_bytes().to_vec()))
}

/// Splits `key=path`; a path alone gives its last part as the key.
fn file_source(source: &str) -> Result<(&str, &str)> {
    match source.matches('=').count() {
        0 => {
            let trimmed = source.trim_end_matches('/');
            Ok((trimmed.rsplit_once('/').map_or(trimmed, |(_, name)| name), source))
        }
        1 => match source.split_once('=') {
            Some(("", path)) => {
                Err(error(format!("missing key name for file path {path:?} in source {source:?}")))
            }
            Some((key, "")) => {
                Err(error(format!("missing file path for key name {key:?} in source {source:?}")))
            }
            Some(pair) => Ok(pair),
            None => Ok((source, source)),
        },
        _ => Err(error(format!("source {source:?} key name or file path contains '='"))),
    }
}
