//! Callbacks as the source of a lazy tree.

use crate::convert::read_bytes;
use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;
use pyo3::types::PyString;
use trueup::manifest::{EcoString, Entry, FileSource};

/// `read(path)` gives the bytes or text of a file, or None; `list(directory)` the names in a directory.
pub(crate) struct Loader {
    pub(crate) read: Py<PyAny>,
    pub(crate) list: Py<PyAny>,
}

impl FileSource for Loader {
    fn entry(&self, path: &str) -> Result<Option<Entry>, String> {
        Python::attach(|py| {
            let content = self.read.bind(py).call1((path,))?;
            if content.is_none() {
                let is_directory = !self.names(py, path)?.is_empty();
                return Ok(is_directory.then_some(Entry::Directory));
            }
            if let Ok(text) = content.cast::<PyString>() {
                return Ok(Some(Entry::File(text.to_cow()?.as_bytes().into())));
            }
            let bytes = read_bytes(&content)?;
            let wrong = || pyo3::exceptions::PyTypeError::new_err("`read` must return bytes, str or None");
            Ok(Some(Entry::File(bytes.ok_or_else(wrong)?.into())))
        })
        .map_err(told)
    }

    fn list(&self, directory: &str) -> Result<Vec<EcoString>, String> {
        Python::attach(|py| self.names(py, directory)).map_err(told)
    }
}

/// What a callback raised, as the tree tells it. A Ctrl-C is not lost: Python handles it as soon as the call is over.
fn told(error: PyErr) -> String {
    // The text comes first: Python would handle the signal while it makes one.
    let text = error.to_string();
    Python::attach(|py| {
        if error.is_instance_of::<PyKeyboardInterrupt>(py) {
            let again = py.import("_thread").and_then(|thread| thread.call_method0("interrupt_main"));
            // Without that module there is nothing more to be done.
            _ = again;
        }
    });
    text
}

impl Loader {
    fn names(&self, py: Python<'_>, directory: &str) -> PyResult<Vec<EcoString>> {
        let names = self.list.bind(py).call1((directory,))?;
        let name = |name: PyResult<Bound<'_, PyAny>>| Ok(name?.cast::<PyString>()?.to_cow()?.as_ref().into());
        names.try_iter()?.map(name).collect()
    }
}
