//! `metadata.managedFields`: reading who owns what.

use super::set::FieldSet;
use super::update::{ManagedSet, Managers};
use ecow::EcoString;
use trueup_manifest::{Map, Value};
use trueup_schema::time::{self, Precision};

/// Why managedFields could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ManagedFieldsError {
    /// The operation of an entry is unknown.
    #[error("operation must be `Apply` or `Update`")]
    Operation,
    /// An entry has no apiVersion.
    #[error("apiVersion must not be empty")]
    NoApiVersion,
    /// An entry has no fieldsType.
    #[error("missing fieldsType in managed fields entry {0}")]
    NoFieldsType(usize),
    /// An entry has a fieldsType other than FieldsV1.
    #[error("invalid fieldsType {0:?} in managed fields entry {1}")]
    FieldsType(String, usize),
    /// The fields of an entry are not in the form of FieldsV1.
    #[error("error decoding set: {0}")]
    Fields(String),
}

/// One entry of managedFields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The manager's name.
    pub manager: EcoString,
    /// `Apply` or `Update`.
    pub operation: EcoString,
    /// The subresource through which it wrote; empty for the object itself.
    pub subresource: EcoString,
    /// The apiVersion in which the fields are named.
    pub api_version: EcoString,
    /// The fields.
    pub set: FieldSet,
}

/// Reads the entries in order. An object without managedFields has none.
///
/// # Errors
/// When fields are not in the form of FieldsV1.
pub fn owners_of(object: &Value) -> Result<Vec<Owner>, ManagedFieldsError> {
    entries(object).iter().map(|entry| owner(entry, fields(entry)?)).collect()
}

/// Reads the entries of some managers in order; what others own is not looked at.
///
/// # Errors
/// When fields of one of these managers are not in the form of FieldsV1.
pub fn owners_among(object: &Value, managers: &[EcoString]) -> Result<Vec<Owner>, ManagedFieldsError> {
    let named = |entry: &&Value| {
        let manager = entry.get("manager").and_then(Value::as_str).unwrap_or_default();
        managers.iter().any(|name| name == manager)
    };
    let stated = |entry: &Value| match entry.get("fieldsV1") {
        Some(_) => fields(entry),
        None => Err(ManagedFieldsError::Fields("expected an object, found nothing".into())),
    };
    entries(object).iter().filter(named).map(|entry| owner(entry, stated(entry)?)).collect()
}

/// Reads managedFields as the updater holds them: one entry per manager, operation and version.
///
/// # Errors
/// When an entry is not as the API server writes it.
pub fn managers_of(object: &Value) -> Result<Managers, ManagedFieldsError> {
    let mut managers = Managers::new();
    for (at, entry) in entries(object).iter().enumerate() {
        let text = |key: &str| entry.get(key).and_then(Value::as_str).unwrap_or_default();
        let applied = match text("operation") {
            "Apply" => true,
            "Update" => false,
            _ => return Err(ManagedFieldsError::Operation),
        };
        if text("apiVersion").is_empty() {
            return Err(ManagedFieldsError::NoApiVersion);
        }
        match text("fieldsType") {
            "FieldsV1" => {}
            "" => return Err(ManagedFieldsError::NoFieldsType(at)),
            other => return Err(ManagedFieldsError::FieldsType(other.into(), at)),
        }
        let owner = owner(entry, fields(entry)?)?;
        let managed = ManagedSet { set: owner.set.clone(), api_version: owner.api_version.clone(), applied };
        managers.insert(owner.identifier(), managed);
    }
    Ok(managers)
}

impl Owner {
    /// Returns the key under which the updater holds this entry.
    ///
    /// An applier is the same in every version; an updater is not.
    pub fn identifier(&self) -> EcoString {
        let mut parts = Map::new();
        let version = if self.operation == "Apply" { "" } else { &self.api_version };
        let fields = [
            ("manager", self.manager.as_str()),
            ("operation", &self.operation),
            ("apiVersion", version),
            ("subresource", &self.subresource),
        ];
        for (key, value) in fields.into_iter().filter(|(_, value)| !value.is_empty()) {
            parts.insert(key, value);
        }
        serde_json::to_string(&parts).unwrap_or_default().into()
    }

    /// Returns the key of an applier with this name.
    pub fn applier(manager: &str) -> EcoString {
        let owner = Self {
            manager: manager.into(),
            operation: "Apply".into(),
            subresource: EcoString::new(),
            api_version: EcoString::new(),
            set: FieldSet::new(),
        };
        owner.identifier()
    }
}

/// Returns the entries; none where one of them does not have the form of one.
fn entries(object: &Value) -> &[Value] {
    let entries = object.at(&["metadata", "managedFields"]).and_then(Value::as_seq).unwrap_or_default();
    if entries.iter().all(is_entry) { entries } else { &[] }
}

fn is_entry(entry: &Value) -> bool {
    const TEXTS: [&str; 5] = ["manager", "operation", "apiVersion", "fieldsType", "subresource"];
    let is_text = |key: &&str| entry.get(key).is_none_or(|text| text.is_null() || text.as_str().is_some());
    let is_time = |value: &Value| {
        let time = value.as_str().and_then(|text| time::canonical(text, Precision::Seconds));
        value.is_null() || time.is_some()
    };
    entry.is_map() && TEXTS.iter().all(is_text) && entry.get("time").is_none_or(is_time)
}

fn fields(entry: &Value) -> Result<FieldSet, ManagedFieldsError> {
    match entry.get("fieldsV1") {
        Some(fields) => FieldSet::from_fields_v1(fields).map_err(ManagedFieldsError::Fields),
        None => Ok(FieldSet::new()),
    }
}

fn owner(entry: &Value, set: FieldSet) -> Result<Owner, ManagedFieldsError> {
    let text = |key: &str| entry.get(key).and_then(Value::as_eco_str).cloned().unwrap_or_default();
    Ok(Owner {
        manager: text("manager"),
        operation: text("operation"),
        subresource: text("subresource"),
        api_version: text("apiVersion"),
        set,
    })
}
