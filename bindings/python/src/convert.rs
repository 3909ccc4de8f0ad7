//! Python's values and the facade's data.

use crate::documents::{self, Document};
use crate::errors::exception;
use crate::manifests::{Manifest, Manifests, Template};
use crate::tree::Tree;
use pyo3::IntoPyObjectExt;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{
    PyBool, PyByteArray, PyBytes, PyDict, PyFloat, PyInt, PyList, PyMapping, PyMemoryView, PyString, PyTuple,
};
use trueup::api::{Data, Error};
use trueup::manifest::{EcoString, Number, Resolved, ScalarStyle, SourceScalar, Value, View};

/// What `__reduce__` gives: how a pickled object is made again, and from what.
pub(crate) type Reduced<'py, A> = PyResult<(Bound<'py, PyAny>, A)>;

/// How deep Python's containers may nest.
const MAX_DEPTH: usize = 200;

/// Reads a Python value.
pub(crate) fn from_python(value: &Bound<'_, PyAny>) -> PyResult<Data> {
    read(value, 0)
}

fn read(value: &Bound<'_, PyAny>, depth: usize) -> PyResult<Data> {
    if depth > MAX_DEPTH {
        let error = Error::request(format!("a value is nested deeper than {MAX_DEPTH} levels"));
        return Err(exception(value.py(), &error));
    }
    if let Ok(text) = value.cast::<PyString>() {
        Ok(Data::Value(EcoString::from(text.to_cow()?.as_ref()).into()))
    } else if let Ok(dict) = value.cast::<PyDict>() {
        dict.iter().map(|(key, item)| entry(&key, &item, depth)).collect::<PyResult<_>>().map(Data::map)
    } else if let Ok(list) = value.cast::<PyList>() {
        list.iter().map(|item| read(&item, depth + 1)).collect::<PyResult<_>>().map(Data::list)
    } else if value.is_none() {
        Ok(Data::NULL)
    } else if let Ok(boolean) = value.cast::<PyBool>() {
        Ok(Data::Value(boolean.is_true().into()))
    } else if let Ok(integer) = value.cast::<PyInt>() {
        read_integer(integer).map(Data::Value)
    } else if let Ok(float) = value.cast::<PyFloat>() {
        Ok(Data::Value(float.value().into()))
    } else if let Ok(tuple) = value.cast::<PyTuple>() {
        tuple.iter().map(|item| read(&item, depth + 1)).collect::<PyResult<_>>().map(Data::list)
    } else if let Some(handle) = read_handle(value) {
        Ok(handle)
    } else if let Some(bytes) = read_bytes(value)? {
        Ok(Data::Bytes(bytes))
    } else if let Ok(mapping) = value.cast::<PyMapping>() {
        let items = mapping.items()?;
        let pairs = items.iter().map(|pair| {
            let (key, item) = pair.extract::<(Bound<'_, PyAny>, Bound<'_, PyAny>)>()?;
            entry(&key, &item, depth)
        });
        pairs.collect::<PyResult<_>>().map(Data::map)
    } else {
        let kind = value.get_type().qualname()?;
        Err(PyTypeError::new_err(format!("a value of the type `{kind}` cannot be converted")))
    }
}

fn entry(key: &Bound<'_, PyAny>, item: &Bound<'_, PyAny>, depth: usize) -> PyResult<(EcoString, Data)> {
    let Ok(key) = key.cast::<PyString>() else {
        let kind = key.get_type().qualname()?;
        return Err(PyTypeError::new_err(format!("a key must be a str, not `{kind}`")));
    };
    Ok((EcoString::from(key.to_cow()?.as_ref()), read(item, depth + 1)?))
}

/// An integer of any size: beyond 64 bits its digits are kept.
fn read_integer(integer: &Bound<'_, PyInt>) -> PyResult<Value> {
    if let Ok(small) = integer.extract::<i64>() {
        return Ok(small.into());
    }
    if let Ok(large) = integer.extract::<u64>() {
        return Ok(large.into());
    }
    let digits = integer.str()?.to_cow()?.into_owned();
    let number = Number::Float(digits.parse().unwrap_or(f64::NAN));
    let (style, resolved) = (ScalarStyle::Plain, Resolved::Number(number));
    let text = digits.into();
    Ok(Value::from_source(SourceScalar { text, style, tag: None, resolved, cell: 0 }))
}

fn read_handle(value: &Bound<'_, PyAny>) -> Option<Data> {
    if let Ok(manifest) = value.cast::<Manifest>() {
        return Some(Data::Manifest(manifest.get().0.clone()));
    }
    if let Ok(manifests) = value.cast::<Manifests>() {
        return Some(Data::Manifests(manifests.get().0.clone()));
    }
    if let Ok(tree) = value.cast::<Tree>() {
        return Some(Data::Tree(tree.get().0.clone()));
    }
    if let Ok(template) = value.cast::<Template>() {
        return Some(Data::Template(template.get().0.clone()));
    }
    value.cast::<Document>().ok().map(|document| Data::Document(document.get().0.clone()))
}

/// The bytes of a bytes-like object; nothing for anything else.
pub(crate) fn read_bytes(value: &Bound<'_, PyAny>) -> PyResult<Option<Vec<u8>>> {
    if let Ok(bytes) = value.cast::<PyBytes>() {
        return Ok(Some(bytes.as_bytes().to_vec()));
    }
    if let Ok(bytes) = value.cast::<PyByteArray>() {
        return Ok(Some(bytes.to_vec()));
    }
    match value.cast::<PyMemoryView>() {
        Ok(view) => Ok(Some(view.call_method0("tobytes")?.cast::<PyBytes>()?.as_bytes().to_vec())),
        Err(_) => Ok(None),
    }
}

/// Makes a Python value.
pub(crate) fn to_python(py: Python<'_>, data: Data) -> PyResult<Bound<'_, PyAny>> {
    match data {
        Data::Value(value) => value_to_python(py, &value),
        Data::Bytes(bytes) => Ok(PyBytes::new(py, &bytes).into_any()),
        Data::Tree(tree) => Tree(tree).into_bound_py_any(py),
        Data::Template(template) => Template(template).into_bound_py_any(py),
        Data::Manifests(manifests) => Manifests(manifests).into_bound_py_any(py),
        Data::Manifest(manifest) => Manifest(manifest).into_bound_py_any(py),
        Data::Document(document) => documents::to_python(py, document),
        Data::List(items) => {
            let items = items.into_iter().map(|item| to_python(py, item)).collect::<PyResult<Vec<_>>>()?;
            Ok(PyList::new(py, items)?.into_any())
        }
        Data::Map(entries) => {
            let dict = PyDict::new(py);
            for (key, item) in entries {
                dict.set_item(key.as_str(), to_python(py, item)?)?;
            }
            Ok(dict.into_any())
        }
        other => Err(PyTypeError::new_err(format!("a {} has no form in Python", other.type_name()))),
    }
}

/// Makes a Python value of plain data; nothing is shared with it.
pub(crate) fn value_to_python<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    match value.view() {
        View::Null => Ok(py.None().into_bound(py)),
        View::Bool(boolean) => Ok(PyBool::new(py, boolean).to_owned().into_any()),
        View::Number(number) => number_to_python(py, value, number),
        View::String(text) => Ok(PyString::new(py, text).into_any()),
        View::Seq(items) => {
            let items = items.iter().map(|item| value_to_python(py, item)).collect::<PyResult<Vec<_>>>()?;
            Ok(PyList::new(py, items)?.into_any())
        }
        View::Map(map) => {
            let dict = PyDict::new(py);
            for (key, item) in map {
                dict.set_item(PyString::new(py, key), value_to_python(py, item)?)?;
            }
            Ok(dict.into_any())
        }
    }
}

fn number_to_python<'py>(py: Python<'py>, value: &Value, number: Number) -> PyResult<Bound<'py, PyAny>> {
    match number {
        Number::Int(integer) => integer.into_bound_py_any(py),
        Number::UInt(integer) => integer.into_bound_py_any(py),
        Number::Float(float) => match value.source().and_then(|source| big_integer(&source.text)) {
            Some(digits) => py.get_type::<PyInt>().call1((digits,)),
            None => float.into_bound_py_any(py),
        },
    }
}

/// How many digits an integer may have; Python itself reads no more.
const MAX_DIGITS: usize = 4300;

/// The digits of an integer that no 64 bits can hold.
fn big_integer(text: &str) -> Option<&str> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let plain =
        !digits.is_empty() && digits.len() <= MAX_DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
    (plain && digits.len() > 18).then_some(text)
}
