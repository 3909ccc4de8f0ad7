//! Reads typed settings out of a value as Go's `encoding/json` does: field names in any case, null is nothing,
//! unknown fields are an error where upstream is strict.

use ecow::EcoString;
use std::borrow::Cow;
use std::collections::BTreeMap;
use trueup_manifest::{Map, Number, Value, View};

/// Why a document does not fit a type, in Go's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DecodeError {
    pub(crate) message: String,
    /// The field that is unknown or of the wrong type, to find its line.
    pub(crate) field: EcoString,
    /// Whether there is no such field.
    pub(crate) is_unknown: bool,
}

pub(crate) type Decoded<T> = Result<T, DecodeError>;

/// Where in a document, and what to do about unknown fields.
#[derive(Clone, Copy)]
pub(crate) struct At<'p> {
    parent: Option<&'p At<'p>>,
    name: &'p str,
    /// The Go structs that are embedded on the way to the field, which messages name.
    embedded: &'static str,
    /// The Go struct that is read here.
    type_name: &'p str,
    strict: bool,
    /// Whether numbers and booleans do for strings, as in `sigs.k8s.io/yaml.Unmarshal`.
    lenient: bool,
}

impl<'p> At<'p> {
    /// The root of a document that was turned into JSON before it is decoded.
    pub(crate) fn root(type_name: &'p str, strict: bool) -> Self {
        Self { parent: None, name: "", embedded: "", type_name, strict, lenient: false }
    }

    /// The root of a document that is decoded from YAML.
    pub(crate) fn yaml(type_name: &'p str, strict: bool) -> Self {
        Self { parent: None, name: "", embedded: "", type_name, strict, lenient: true }
    }

    pub(crate) fn field<'q>(&'q self, name: &'q str) -> At<'q>
    where
        'p: 'q,
    {
        At {
            parent: Some(self),
            name,
            embedded: "",
            type_name: "",
            strict: self.strict,
            lenient: self.lenient,
        }
    }

    /// The same place, where a Go struct of this name is expected.
    pub(crate) fn typed(&self, type_name: &'p str) -> Self {
        Self { type_name, ..*self }
    }

    /// The same place, in structs that Go embeds in the one that is read. What it does for strings elsewhere it forgets there.
    pub(crate) fn inside(&self, embedded: &'static str) -> Self {
        Self { embedded, lenient: false, ..*self }
    }

    /// The structs that Go embeds on the way to the field.
    pub(crate) fn embedded(&self) -> &'static str {
        self.embedded
    }

    /// The words for a value that is not of a Go type.
    pub(crate) fn mismatch(&self, value: &Value, wanted: &str) -> DecodeError {
        let got = match value.view() {
            View::Null => "null",
            View::Bool(_) => "bool",
            View::Number(_) => "number",
            View::String(_) => "string",
            View::Seq(_) => "array",
            View::Map(_) => "object",
        };
        let got = match value.view() {
            // Go quotes a number that does not fit one.
            View::Number(number) if wanted.starts_with("int") => format!("{got} {number}"),
            _ => got.to_owned(),
        };
        let mut names = Vec::new();
        let mut type_name = "";
        let mut at = Some(self);
        while let Some(place) = at {
            if let Some(parent) = place.parent {
                let name = spelling(place.name);
                names.push(match place.embedded {
                    "" => name,
                    embedded => format!("{embedded}.{name}"),
                });
                if type_name.is_empty() {
                    type_name = parent.type_name;
                }
            }
            at = place.parent;
        }
        names.reverse();
        let message = if names.is_empty() {
            format!("json: cannot unmarshal {got} into Go value of type {wanted}")
        } else {
            let path = names.join(".");
            format!("json: cannot unmarshal {got} into Go struct field {type_name}.{path} of type {wanted}")
        };
        DecodeError { message, field: self.name.into(), is_unknown: false }
    }

    fn unknown(&self, field: &str) -> DecodeError {
        let message = format!("json: unknown field {field:?}");
        DecodeError { message, field: field.into(), is_unknown: true }
    }
}

/// Visits the fields of an object in the order Go sees them, with lower-case names; the visitor says whether it knows a field.
pub(crate) fn object<'a>(
    value: &'a Value,
    at: &At<'_>,
    mut visit: impl FnMut(&str, &'a Value, &At<'_>) -> Decoded<bool>,
) -> Decoded<()> {
    if value.is_null() {
        return Ok(());
    }
    let map = value.as_map().ok_or_else(|| at.mismatch(value, &format!("types.{}", at.type_name)))?;
    let mut first_error = None;
    for (key, value) in sorted(map) {
        let known = visit(&lower_case(key, &mut [0; LONGEST]), value, &at.field(key));
        let error = match known {
            Ok(true) => continue,
            Ok(false) if at.strict => at.unknown(key),
            Ok(false) => continue,
            Err(error) => error,
        };
        first_error.get_or_insert(error);
    }
    first_error.map_or(Ok(()), Err)
}

/// A field's own spelling, which messages show whatever the document's is.
fn spelling(name: &str) -> String {
    const MIXED: &[&str] = &[
        "additionalValuesFiles",
        "allowKindChange",
        "allowNameChange",
        "annotationSelector",
        "apiVersion",
        "apiVersions",
        "buildMetadata",
        "chartHome",
        "chartName",
        "chartRepoName",
        "chartRepoUrl",
        "chartVersion",
        "commonAnnotations",
        "commonLabels",
        "configHome",
        "configMapGenerator",
        "disableNameSuffixHash",
        "extraArgs",
        "fieldPath",
        "fieldPaths",
        "fieldSpecs",
        "filePathPosition",
        "generatorOptions",
        "helmBin",
        "helmChartInflationGenerator",
        "helmCharts",
        "helmGlobals",
        "helmHome",
        "imageTag",
        "imageTags",
        "includeCRDs",
        "includeSelectors",
        "includeTemplates",
        "jsonOp",
        "kubeVersion",
        "labelSelector",
        "legacySortOptions",
        "namePrefix",
        "nameReference",
        "nameSuffix",
        "nameTemplate",
        "newName",
        "newTag",
        "orderFirst",
        "orderLast",
        "patchesJson6902",
        "patchesStrategicMerge",
        "releaseName",
        "releaseNamespace",
        "secretGenerator",
        "setRoleBindingSubjects",
        "skipHooks",
        "skipTests",
        "sortOptions",
        "sourceValue",
        "tagSuffix",
        "targetFilePath",
        "templateLabels",
        "unsetOnly",
        "valuesFile",
        "valuesInline",
        "valuesLocal",
        "valuesMerge",
        "varReference",
    ];
    let known = MIXED.iter().find(|known| known.eq_ignore_ascii_case(name));
    known.map_or_else(|| name.to_ascii_lowercase(), |known| (*known).to_owned())
}

/// No field that is known has a longer name.
const LONGEST: usize = 32;

/// A name in lower case, in a buffer if it fits.
fn lower_case<'b>(name: &str, buffer: &'b mut [u8; LONGEST]) -> Cow<'b, str> {
    if let Some(slot) = buffer.get_mut(..name.len()) {
        slot.copy_from_slice(name.as_bytes());
        slot.make_ascii_lowercase();
        if let Ok(lower) = std::str::from_utf8(slot) {
            return Cow::Borrowed(lower);
        }
    }
    Cow::Owned(name.to_ascii_lowercase())
}

fn sorted(map: &Map) -> Vec<(&EcoString, &Value)> {
    let mut entries: Vec<_> = map.iter().collect();
    entries.sort_by(|a, b| a.0.cmp(b.0));
    entries
}

pub(crate) fn string(value: &Value, at: &At<'_>, into: &mut EcoString) -> Decoded<bool> {
    string_of(value, at, "string", into)
}

/// Reads a string of what Go calls `type_name`.
pub(crate) fn string_of(value: &Value, at: &At<'_>, type_name: &str, into: &mut EcoString) -> Decoded<bool> {
    if value.is_null() {
        return Ok(true);
    }
    match as_text(value).filter(|_| at.lenient || value.as_str().is_some()) {
        Some(text) => *into = text,
        None => return Err(at.mismatch(value, type_name)),
    }
    Ok(true)
}

/// The text of a scalar that is not null, as Go writes it.
pub(crate) fn as_text(value: &Value) -> Option<EcoString> {
    match value.view() {
        View::String(text) => Some(value.as_eco_str().cloned().unwrap_or_else(|| text.into())),
        View::Bool(b) => Some(if b { "true" } else { "false" }.into()),
        View::Number(number) => Some(ecow::eco_format!("{number}")),
        View::Null | View::Seq(_) | View::Map(_) => None,
    }
}

pub(crate) fn boolean(value: &Value, at: &At<'_>, into: &mut bool) -> Decoded<bool> {
    match value.view() {
        View::Null => {}
        View::Bool(b) => *into = b,
        _ => return Err(at.mismatch(value, "bool")),
    }
    Ok(true)
}

/// Reads an integer of what Go calls `type_name`.
pub(crate) fn integer(value: &Value, at: &At<'_>, type_name: &str, into: &mut i64) -> Decoded<bool> {
    match value.view() {
        View::Null => {}
        View::Number(Number::Int(i)) => *into = i,
        View::Number(Number::Float(f)) if f.fract() == 0.0 && f.abs() < 1e18 => *into = f as i64,
        _ => return Err(at.mismatch(value, type_name)),
    }
    Ok(true)
}

/// Reads a list of what Go calls `type_name`; an element that is null is a default one. A field that is there in two spellings is
/// read twice, the second time over the elements of the first; null forgets those.
pub(crate) fn list<T: Default>(
    value: &Value,
    at: &At<'_>,
    type_name: &str,
    into: &mut Vec<T>,
    mut element: impl FnMut(&Value, &At<'_>, &mut T) -> Decoded<bool>,
) -> Decoded<bool> {
    match value.view() {
        View::Null => into.clear(),
        View::Seq(items) => {
            into.reserve_exact(items.len().saturating_sub(into.len()));
            into.resize_with(items.len(), T::default);
            for (item, slot) in items.iter().zip(into) {
                element(item, at, slot)?;
            }
        }
        _ => return Err(at.mismatch(value, &format!("[]{type_name}"))),
    }
    Ok(true)
}

pub(crate) fn strings(value: &Value, at: &At<'_>, into: &mut Vec<EcoString>) -> Decoded<bool> {
    list(value, at, "string", into, string)
}

/// Reads a map of strings, into one that another spelling of the field may have filled; null forgets it.
pub(crate) fn string_map(
    value: &Value,
    at: &At<'_>,
    into: &mut BTreeMap<EcoString, EcoString>,
) -> Decoded<bool> {
    match value.view() {
        View::Null => into.clear(),
        View::Map(map) => {
            for (key, value) in map {
                let mut text = EcoString::new();
                string(value, at, &mut text)?;
                into.insert(key.clone(), text);
            }
        }
        _ => return Err(at.mismatch(value, "map[string]string")),
    }
    Ok(true)
}

/// Reads something behind a pointer: null leaves it absent.
pub(crate) fn optional<T: Default>(
    value: &Value,
    at: &At<'_>,
    into: &mut Option<T>,
    mut read: impl FnMut(&Value, &At<'_>, &mut T) -> Decoded<bool>,
) -> Decoded<bool> {
    if value.is_null() {
        *into = None;
        return Ok(true);
    }
    read(value, at, into.get_or_insert_default())
}

/// Reads a map of anything as it is, into one that another spelling of the field may have filled; null forgets it.
pub(crate) fn map_of_any(value: &Value, at: &At<'_>, into: &mut Value) -> Decoded<bool> {
    match (value.view(), into.as_map_mut()) {
        (View::Map(map), Some(own)) => map.iter().for_each(|(key, value)| {
            own.insert(key.clone(), value.clone());
        }),
        (View::Map(_) | View::Null, _) => *into = value.clone(),
        _ => return Err(at.mismatch(value, "map[string]interface {}")),
    }
    Ok(true)
}
