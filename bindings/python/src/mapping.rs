//! What makes a handle a mapping: only what is read is converted.

use crate::convert::value_to_python;
use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString};
use trueup::manifest::{Map, Value};

/// Returns what stands under a key; a missing one is a `KeyError`.
pub(crate) fn item<'py>(py: Python<'py>, value: &Value, key: &str) -> PyResult<Bound<'py, PyAny>> {
    value_to_python(py, value.get(key).ok_or_else(|| PyKeyError::new_err(key.to_owned()))?)
}

/// Whether there is a key; nothing but a string is one.
pub(crate) fn contains(value: &Value, key: &Bound<'_, PyAny>) -> bool {
    let key = key.cast::<PyString>().ok().and_then(|key| key.to_cow().ok());
    key.is_some_and(|key| value.get(&key).is_some())
}

/// How many keys there are.
pub(crate) fn len(value: &Value) -> usize {
    value.as_map().map_or(0, Map::len)
}

/// Returns the keys.
pub(crate) fn keys<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyList>> {
    let keys = value.as_map().into_iter().flat_map(|map| map.keys());
    PyList::new(py, keys.map(AsRef::<str>::as_ref).collect::<Vec<_>>())
}
