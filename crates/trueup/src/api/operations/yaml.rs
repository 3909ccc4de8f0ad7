//! Documents: YAML and JSON as Go reads and writes them.

use super::table;
use crate::api::handles::{Manifest, Manifests, Origin, Tree};
use crate::api::shape::{Text, Word, choice, input};
use crate::api::{Context, Error};
use trueup_manifest::json::{self, JsonNumbers, JsonOptions, JsonStyle};
use trueup_manifest::yaml::{self, ParseOptions, V3Style};
use trueup_manifest::{Diagnostic, EcoString, LookupError, Value};

table! {
    /// Reads the first document of a YAML text.
    ///
    /// What comes behind it is not looked at; an empty text is null. Integers beyond 64 bits keep their value in the dialect
    /// `kyaml`; in `kubernetes` they become floats, as in Go.
    "yaml.parse": ParseYaml => parse_yaml => Value;
    /// Reads all documents of a YAML text; an empty document is null.
    "yaml.parse_all": ParseYaml => parse_all => Vec<Value>;
    /// Writes a value as YAML.
    ///
    /// In the dialect `kubernetes` keys are sorted, as kustomize and Argo CD write manifests; in `kyaml` their order is kept.
    "yaml.dump": DumpYaml => dump_yaml => String;
    /// Writes values as one YAML text, with `---` between them.
    "yaml.dump_all": DumpAll => dump_all => String;
    /// Reads a JSON text as Go's `encoding/json` does; of duplicate keys the last one wins.
    "json.parse": ParseJson => parse_json => Value;
    /// Writes a value as JSON, with keys sorted, as Go's `encoding/json` does.
    "json.dump": DumpJson => dump_json => String;
    /// Reads manifests from a YAML text: empty documents are nothing, each manifest knows its line.
    "manifests.parse": ParseManifests => parse_manifests => Manifests;
    /// Reads manifests from all YAML and JSON files of a directory of a tree, sorted by path.
    "manifests.read": ReadManifests => read_manifests => Manifests;
}

choice! {
    /// Which of Go's libraries reads and writes.
    enum Dialect {
        /// `sigs.k8s.io/yaml`, as Kubernetes and Argo CD use it: YAML 1.1 turned into what JSON can hold.
        Kubernetes = "kubernetes",
        /// `go.yaml.in/yaml/v3`, as kustomize uses it: spelling is kept, `yes` is a string.
        Kyaml = "kyaml",
    }
}

impl Word for Dialect {}

impl Dialect {
    fn options(self) -> ParseOptions {
        match self {
            Self::Kubernetes => ParseOptions::kubernetes(),
            Self::Kyaml => ParseOptions::kyaml(),
        }
    }
}

choice! {
    /// What a JSON number becomes.
    enum Numbers {
        /// An integer if it is written as one, else a float; its spelling is kept.
        Kept = "kept",
        /// An integer if it is written as one and fits 64 bits, else a float: what Kubernetes does.
        Kubernetes = "kubernetes",
        /// Always a float.
        Float = "float",
    }
}

impl Word for Numbers {}

input! {
    /// A YAML text.
    struct ParseYaml {
        /// The text.
        text: Text,
        /// Which of Go's libraries reads it.
        dialect: Dialect = Dialect::Kubernetes,
        /// A name for the text, for errors.
        file: EcoString = "",
    }
}

fn parse_yaml(request: ParseYaml, _: &Context) -> Result<Value, Error> {
    let value = yaml::parse(&request.text.0, &request.dialect.options());
    value.map_err(|error| error.diagnostic_in(request.file).into())
}

fn parse_all(request: ParseYaml, _: &Context) -> Result<Vec<Value>, Error> {
    let values = yaml::parse_stream(&request.text.0, &request.dialect.options());
    values.map_err(|error| error.diagnostic_in(request.file).into())
}

input! {
    /// A value to write as YAML.
    struct DumpYaml {
        /// The value.
        value: Value,
        /// Which of Go's libraries writes it.
        dialect: Dialect = Dialect::Kubernetes,
    }
}

fn dump_yaml(request: DumpYaml, _: &Context) -> Result<String, Error> {
    dump(&request.value, request.dialect)
}

fn dump(value: &Value, dialect: Dialect) -> Result<String, Error> {
    Ok(match dialect {
        Dialect::Kubernetes => yaml::to_string(value)?,
        Dialect::Kyaml => yaml::to_string_v3(value, &V3Style::default())?,
    })
}

input! {
    /// Values to write as YAML.
    struct DumpAll {
        /// The values.
        values: Vec<Value>,
        /// Which of Go's libraries writes them.
        dialect: Dialect = Dialect::Kubernetes,
    }
}

fn dump_all(request: DumpAll, _: &Context) -> Result<String, Error> {
    let texts = request.values.iter().map(|value| dump(value, request.dialect));
    Ok(texts.collect::<Result<Vec<_>, _>>()?.join("---\n"))
}

input! {
    /// A JSON text.
    struct ParseJson {
        /// The text.
        text: Text,
        /// What numbers become.
        numbers: Numbers = Numbers::Kept,
        /// A name for the text, for errors.
        file: EcoString = "",
    }
}

fn parse_json(request: ParseJson, _: &Context) -> Result<Value, Error> {
    let numbers = match request.numbers {
        Numbers::Kept => JsonNumbers::Kept,
        Numbers::Kubernetes => JsonNumbers::Kubernetes,
        Numbers::Float => JsonNumbers::Float64,
    };
    let value = json::parse(&request.text.0, &JsonOptions::default().with_numbers(numbers));
    value.map_err(|error| error.diagnostic_in(request.file).into())
}

input! {
    /// A value to write as JSON.
    struct DumpJson {
        /// The value.
        value: Value,
        /// How many spaces a level is indented by; everything in one line if there are none.
        indent: Option<u64>,
        /// Whether `<`, `>` and `&` are escaped, as Go does.
        escape_html: bool = true,
    }
}

/// The widest indent that is written.
const SPACES: &str = "                ";

fn dump_json(request: DumpJson, _: &Context) -> Result<String, Error> {
    let mut style = JsonStyle::default();
    style.escape_html = request.escape_html;
    style.indent = match request.indent {
        None => None,
        Some(indent) => {
            let spaces = usize::try_from(indent).ok().and_then(|indent| SPACES.get(..indent));
            Some(spaces.ok_or_else(|| Error::request(format!("`indent` must be at most {}", SPACES.len())))?)
        }
    };
    Ok(json::to_string_with(&request.value, &style)?)
}

input! {
    /// A YAML text with manifests.
    struct ParseManifests {
        /// The text.
        text: Text,
        /// A name for the text, for errors and origins.
        file: EcoString = "",
    }
}

fn parse_manifests(request: ParseManifests, _: &Context) -> Result<Manifests, Error> {
    Ok(Manifests::new(manifests_of(&request.text.0, &request.file)?, Vec::new()))
}

input! {
    /// A directory with manifests.
    struct ReadManifests {
        /// The tree.
        tree: Tree,
        /// The directory; the root if it is empty.
        directory: EcoString = "",
    }
}

fn read_manifests(request: ReadManifests, context: &Context) -> Result<Manifests, Error> {
    Ok(Manifests::new(manifests_below(&request.tree, &request.directory, context)?, Vec::new()))
}

/// The manifests of all files below a directory.
pub(super) fn manifests_below(
    tree: &Tree,
    directory: &str,
    context: &Context,
) -> Result<Vec<Manifest>, Error> {
    let files = tree.files();
    let resolved = files.resolve(directory)?;
    if !files.is_directory(&resolved) {
        return Err(LookupError::NotFound { path: directory.into() }.into());
    }
    let is_manifest = |path: &str| [".yaml", ".yml", ".json"].iter().any(|end| path.ends_with(end));
    let mut list = Vec::new();
    for (path, bytes) in files.files_below(&resolved).into_iter().filter(|(path, _)| is_manifest(path)) {
        context.cancel.step()?;
        list.extend(manifests_of(bytes, path)?);
    }
    Ok(list)
}

/// The manifests of one text with their lines; Lists are taken apart.
fn manifests_of(text: &[u8], file: &EcoString) -> Result<Vec<Manifest>, Error> {
    let documents = yaml::parse_stream(text, &ParseOptions::kubernetes())
        .map_err(|error| Error::from(error.diagnostic_in(file.clone())))?;
    let mut out = Vec::new();
    let mut lines = lines_of_documents(text).into_iter();
    for document in documents.into_iter().filter(|document| !document.is_null()) {
        let line = lines.next();
        let place = Origin::Place(crate::api::handles::place(file, line));
        if !document.is_map() {
            let message = format!("a manifest must be a map, not a {}", document.type_name());
            return Err(Diagnostic::error("source/manifest", message)
                .at(trueup_manifest::Location::file(file.clone()))
                .into());
        }
        let kind = document.get("kind").and_then(Value::as_str).unwrap_or_default();
        let items = if kind.ends_with("List") { document.get("items").and_then(Value::as_seq) } else { None };
        match items {
            Some(items) => out.extend(items.iter().cloned().map(|item| Manifest::new(item, place.clone()))),
            None => out.push(Manifest::new(document, place)),
        }
    }
    Ok(out)
}

/// The lines at which the documents that are not empty begin.
fn lines_of_documents(text: &[u8]) -> Vec<usize> {
    let documents = yaml::parse_stream(text, &ParseOptions::kyaml()).unwrap_or_default();
    let full = documents.iter().enumerate().filter(|(_, document)| !document.is_null());
    let line = |(position, _)| Some(yaml::locate(text, position, &[])?.0.start.line);
    full.filter_map(line).collect()
}
