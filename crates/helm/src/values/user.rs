//! What a user gives besides the chart: files of values and settings.

use super::read::{merge_maps, read};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::Limits;
use crate::strvals::{SetFiles, SetKind, read_file, set_values};
use ecow::EcoString;
use trueup_manifest::json::{self, JsonOptions};
use trueup_manifest::{FileBytes, Location};
use trueup_template::{Map, Value};

/// One file of values.
#[derive(Clone)]
#[non_exhaustive]
pub struct ValuesFile {
    /// Its name, for messages.
    pub name: EcoString,
    /// Its bytes: one or more YAML documents.
    pub text: FileBytes,
}

impl ValuesFile {
    /// Returns a file of values.
    pub fn new(name: impl Into<EcoString>, text: impl Into<FileBytes>) -> Self {
        Self { name: name.into(), text: text.into() }
    }
}

impl std::fmt::Debug for ValuesFile {
    /// Leaves the text out: it may hold secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ValuesFile").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Values of a user, in the order in which Helm takes them, whatever their order on a command line.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct UserValues {
    /// `--values`: later files over earlier ones.
    pub files: Vec<ValuesFile>,
    /// `--set-json`: a JSON object, or `key=JSON`.
    pub set_json: Vec<String>,
    /// `--set`.
    pub set: Vec<String>,
    /// `--set-string`.
    pub set_string: Vec<String>,
    /// `--set-file`: `key=PATH`.
    pub set_file: Vec<String>,
    /// `--set-literal`.
    pub set_literal: Vec<String>,
    /// The files that [`UserValues::set_file`] names.
    pub set_files: SetFiles,
}

impl std::fmt::Debug for UserValues {
    /// Leaves what is set out: it may be secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UserValues").field("files", &self.files).finish_non_exhaustive()
    }
}

impl UserValues {
    /// Merges them.
    ///
    /// ```
    /// use trueup_helm::{Limits, UserValues, ValuesFile};
    ///
    /// let mut values = UserValues::default();
    /// values.files.push(ValuesFile::new("values.yaml", *b"image: {name: web, tag: '1'}"));
    /// values.set.push("image.tag=2".into());
    /// let merged = trueup_template::Value::Map(values.merge(&Limits::default())?).to_manifest();
    /// assert_eq!(merged.at(&["image", "tag"]).unwrap().as_i64(), Some(2));
    /// # Ok::<(), trueup_helm::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::InvalidValues`] in Helm's words, and [`ErrorKind::Limit`].
    pub fn merge(&self, limits: &Limits) -> Result<Map> {
        let mut values = Map::new();
        for file in &self.files {
            let read = read(&file.text, limits).map_err(|error| {
                error.wrap(format!("failed to parse {}", file.name)).at(Location::file(file.name.clone()))
            })?;
            values = merge_maps(&values, &read);
        }
        for text in &self.set_json {
            values = set_json(values, text)?;
        }
        let read = |path: &str| read_file(&self.set_files, path);
        let kinds = [
            (&self.set, SetKind::Typed, "--set"),
            (&self.set_string, SetKind::String, "--set-string"),
            (&self.set_file, SetKind::File(&read), "--set-file"),
            (&self.set_literal, SetKind::Literal, "--set-literal"),
        ];
        for (texts, kind, flag) in kinds {
            for text in texts {
                set_values(&values, kind, text)
                    .map_err(|error| error.wrap(format!("failed parsing {flag} data")))?;
            }
        }
        Ok(values)
    }
}

fn set_json(values: Map, text: &str) -> Result<Map> {
    let trimmed = text.trim();
    if !trimmed.starts_with('{') {
        let failed = |error: Error| match error.kind() {
            ErrorKind::Limit => error,
            kind => Error::new(kind, format!("failed parsing --set-json data {text}")),
        };
        return set_values(&values, SetKind::Json, text).map_err(failed).map(|()| values);
    }
    match json::parse(trimmed.as_bytes(), &JsonOptions::default()).map(|read| Value::from_manifest(&read)) {
        Ok(Value::Map(map)) => Ok(merge_maps(&values, &map)),
        _ => {
            let message = format!("failed parsing --set-json data JSON: {text}");
            Err(Error::new(ErrorKind::InvalidValues, message))
        }
    }
}
