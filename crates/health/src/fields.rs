//! Reading fields of an object, with the type the API gives them.

use crate::status::HealthError;
use trueup_manifest::Value;

pub(crate) type Result<T> = std::result::Result<T, HealthError>;

/// An object that is read field by field; a field of the wrong type is an error.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'v>(pub(crate) &'v Value);

impl<'v> Fields<'v> {
    /// Returns what is at a path; null counts as nothing.
    pub(crate) fn get(self, path: &[&str]) -> Option<&'v Value> {
        self.0.at(path).filter(|value| !value.is_null())
    }

    fn wrong<T>(self, path: &[&str], expected: &'static str, found: &Value) -> Result<T> {
        let kind = self.0.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned();
        Err(HealthError::WrongType { kind, path: path.join("."), expected, found: found.type_name() })
    }

    /// Returns an integer; zero if it is absent.
    pub(crate) fn int(self, path: &[&str]) -> Result<i64> {
        Ok(self.int_if_set(path)?.unwrap_or(0))
    }

    pub(crate) fn int_if_set(self, path: &[&str]) -> Result<Option<i64>> {
        let Some(value) = self.get(path) else { return Ok(None) };
        let whole = |float: f64| (float.fract() == 0.0 && float.abs() < 1e15).then_some(float as i64);
        match value.as_i64().or_else(|| value.as_f64().and_then(whole)) {
            Some(number) => Ok(Some(number)),
            None => self.wrong(path, "number", value),
        }
    }

    /// Returns a text; empty if it is absent.
    pub(crate) fn text(self, path: &[&str]) -> Result<&'v str> {
        match self.get(path) {
            None => Ok(""),
            Some(value) => value.as_str().map_or_else(|| self.wrong(path, "string", value), Ok),
        }
    }

    pub(crate) fn flag(self, path: &[&str]) -> Result<bool> {
        match self.get(path) {
            None => Ok(false),
            Some(value) => value.as_bool().map_or_else(|| self.wrong(path, "boolean", value), Ok),
        }
    }

    /// Returns a list of maps; empty if it is absent.
    pub(crate) fn list(self, path: &[&str]) -> Result<Vec<Fields<'v>>> {
        let Some(value) = self.get(path) else { return Ok(Vec::new()) };
        let Some(items) = value.as_seq() else { return self.wrong(path, "list", value) };
        match items.iter().find(|item| !item.is_map()) {
            Some(item) => self.wrong(path, "list of maps", item),
            None => Ok(items.iter().map(Fields).collect()),
        }
    }

    pub(crate) fn name(self) -> &'v str {
        self.0.at(&["metadata", "name"]).and_then(Value::as_str).unwrap_or_default()
    }

    pub(crate) fn annotation(self, key: &str) -> Option<&'v str> {
        self.0.at(&["metadata", "annotations"])?.get(key)?.as_str()
    }
}
