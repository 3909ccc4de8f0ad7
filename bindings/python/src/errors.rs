//! Errors of the facade as exceptions of `trueup._errors`.

use crate::convert;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use trueup::api::{Data, Error};

static RAISE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();

/// The exception for an error; its class and attributes are what the facade says.
pub(crate) fn exception(py: Python<'_>, error: &Error) -> PyErr {
    match make(py, error) {
        Ok(exception) => PyErr::from_value(exception),
        Err(error) => error,
    }
}

fn make<'py>(py: Python<'py>, error: &Error) -> PyResult<Bound<'py, PyAny>> {
    let maker =
        RAISE.get_or_try_init(py, || py.import("trueup._errors")?.getattr("_make").map(Bound::unbind))?;
    let data = convert::to_python(py, Data::Value(error.to_value()))?;
    maker.bind(py).call1((data, error.to_string()))
}
