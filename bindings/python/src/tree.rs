//! File trees.

use crate::call::run;
use crate::convert::{Reduced, from_python, read_bytes};
use crate::errors::exception;
use crate::loader::Loader;
use pyo3::exceptions::{PyOSError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyString};
use std::path::PathBuf;
use trueup::api::{self, Data, Error};
use trueup::manifest::{Entry, FileTree};
use trueup_host::{ReadOptions, open_directory, read_directory};

/// A file tree.
#[pyclass(frozen, module = "trueup")]
pub(crate) struct Tree(pub(crate) api::Tree);

impl Tree {
    fn call(&self, py: Python<'_>, name: &str, mut fields: Vec<(&str, Data)>) -> PyResult<Data> {
        fields.push(("tree", Data::Tree(self.0.clone())));
        let fields = fields.into_iter().map(|(key, data)| (key.into(), data));
        run(py, name, Data::map(fields.collect()), None, None)
    }

    fn tree(&self, py: Python<'_>, name: &str, fields: Vec<(&str, Data)>) -> PyResult<Self> {
        match self.call(py, name, fields)? {
            Data::Tree(tree) => Ok(Self(tree)),
            other => Err(exception(py, &Error::internal(other.type_name()))),
        }
    }
}

#[pymethods]
impl Tree {
    #[new]
    #[pyo3(signature = (files = None))]
    fn new(py: Python<'_>, files: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let files = files.map(from_python).transpose()?.unwrap_or_else(|| Data::map(Vec::new()));
        match run(py, "tree.new", Data::map(vec![("files".into(), files)]), None, None)? {
            Data::Tree(tree) => Ok(Self(tree)),
            other => Err(exception(py, &Error::internal(other.type_name()))),
        }
    }

    /// Reads a directory with everything below it, without following links out of it.
    #[staticmethod]
    #[pyo3(signature = (path, *, lazy = false))]
    fn from_dir(py: Python<'_>, path: PathBuf, lazy: bool) -> PyResult<Self> {
        let options = ReadOptions::default();
        let read = |path: &PathBuf| match lazy {
            true if !path.is_dir() => Err(format!("`{}` is no directory", path.display())),
            true => Ok(open_directory(path, &options)),
            false => read_directory(path, &options).map_err(|error| error.to_string()),
        };
        let files = py.detach(|| read(&path)).map_err(PyOSError::new_err)?;
        Ok(Self(api::Tree::new(files)))
    }

    /// Returns a tree that asks for its files as they are needed, each path at most once.
    #[staticmethod]
    #[pyo3(signature = (read, list))]
    fn lazy(read: Py<PyAny>, list: Py<PyAny>) -> Self {
        Self(api::Tree::new(FileTree::lazy(Loader { read, list })))
    }

    /// Returns the bytes of a file.
    fn read<'py>(&self, py: Python<'py>, path: &str) -> PyResult<Bound<'py, PyAny>> {
        let answer = self.call(py, "tree.read", vec![("path", Data::Value(path.into()))])?;
        crate::convert::to_python(py, answer)
    }

    /// Returns the text of a file.
    fn read_text<'py>(&self, py: Python<'py>, path: &str) -> PyResult<Bound<'py, PyAny>> {
        self.read(py, path)?.call_method0("decode")
    }

    /// Returns the paths of all files below a directory, sorted.
    #[pyo3(signature = (directory = ""))]
    fn files<'py>(&self, py: Python<'py>, directory: &str) -> PyResult<Bound<'py, PyAny>> {
        let answer = self.call(py, "tree.files", vec![("directory", Data::Value(directory.into()))])?;
        crate::convert::to_python(py, answer)
    }

    /// Returns the names directly inside a directory, sorted.
    #[pyo3(signature = (directory = ""))]
    fn list<'py>(&self, py: Python<'py>, directory: &str) -> PyResult<Bound<'py, PyAny>> {
        let answer = self.call(py, "tree.list", vec![("directory", Data::Value(directory.into()))])?;
        crate::convert::to_python(py, answer)
    }

    /// Returns a new tree with changes: new content for a path, or None to take it away with everything below it.
    fn with_changes(&self, py: Python<'_>, changes: &Bound<'_, PyAny>) -> PyResult<Self> {
        self.tree(py, "tree.with_changes", vec![("changes", from_python(changes)?)])
    }

    /// Returns a new tree that answers for remote ones by their URL.
    fn with_mounts(&self, py: Python<'_>, mounts: &Bound<'_, PyAny>) -> PyResult<Self> {
        self.tree(py, "tree.with_mounts", vec![("mounts", from_python(mounts)?)])
    }

    fn __contains__(&self, path: &str) -> bool {
        self.0.files().is_file(path)
    }

    fn __len__(&self) -> usize {
        self.0.files().files_below("").len()
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Self>().is_ok_and(|other| other.get().0.files() == self.0.files())
    }

    fn __hash__(&self) -> usize {
        self.0.files().files_below("").len()
    }

    fn __repr__(&self) -> String {
        let names = self.0.files().list("");
        let shown: Vec<&str> = names.iter().take(5).map(AsRef::as_ref).collect();
        let more = if names.len() > shown.len() { ", …" } else { "" };
        format!("<Tree [{}{more}]>", shown.join(", "))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> Reduced<'py, (Bound<'py, PyDict>, Bound<'py, PyDict>)> {
        let entries = PyDict::new(py);
        for (path, entry) in self.0.entries() {
            match entry {
                Entry::File(bytes) => entries.set_item(path.as_str(), PyBytes::new(py, bytes))?,
                Entry::Symlink(target) => entries.set_item(path.as_str(), target.as_str())?,
                Entry::Directory => entries.set_item(path.as_str(), py.None())?,
            }
        }
        let mounts = PyDict::new(py);
        for (url, tree) in self.0.files().mounts() {
            mounts.set_item(url.as_str(), Self(api::Tree::new(tree.clone())))?;
        }
        Ok((py.import("trueup._trueup")?.getattr("restore_tree")?, (entries, mounts)))
    }
}

/// Makes a tree that was pickled.
#[pyfunction]
pub(crate) fn restore_tree(
    py: Python<'_>,
    entries: &Bound<'_, PyDict>,
    mounts: &Bound<'_, PyDict>,
) -> PyResult<Tree> {
    let entries = entries.iter().map(|(path, entry)| {
        let path = path.cast::<PyString>()?.to_cow()?.into_owned();
        Ok((path, read_entry(&entry)?))
    });
    let files = FileTree::from_entries(entries.collect::<PyResult<Vec<_>>>()?);
    let mut files = files.map_err(|error| exception(py, &error.into()))?;
    for (url, tree) in mounts.iter() {
        let tree = tree.cast::<Tree>()?;
        files = files.with_mount(url.cast::<PyString>()?.to_cow()?.as_ref(), tree.get().0.files().clone());
    }
    Ok(Tree(api::Tree::new(files)))
}

fn read_entry(entry: &Bound<'_, PyAny>) -> PyResult<Entry> {
    if entry.is_none() {
        return Ok(Entry::Directory);
    }
    if let Ok(target) = entry.cast::<PyString>() {
        return Ok(Entry::Symlink(target.to_cow()?.as_ref().into()));
    }
    let bytes = read_bytes(entry)?.ok_or_else(|| PyTypeError::new_err("an entry of a tree must be bytes"))?;
    Ok(Entry::File(bytes.into()))
}
