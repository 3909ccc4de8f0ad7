//! Reports, comparisons and plans.

use crate::convert::{Reduced, from_python, value_to_python};
use crate::errors::exception;
use crate::mapping;
use pyo3::prelude::*;
use pyo3::types::PyList;
use trueup::api::{self, Error};

/// What an engine found: a mapping of which only what is read is converted.
#[pyclass(frozen, subclass, mapping, module = "trueup")]
pub(crate) struct Document(pub(crate) api::Document);

#[pymethods]
impl Document {
    /// Returns everything as a dict of its own.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        value_to_python(py, self.0.value())
    }

    /// Returns it as text for people.
    fn to_text(&self, py: Python<'_>) -> String {
        py.detach(|| self.0.to_text())
    }

    /// Returns it as Markdown, for a pull request.
    fn to_markdown(&self, py: Python<'_>) -> String {
        py.detach(|| self.0.to_markdown())
    }

    /// Returns it as HTML. Whatever comes from outside is escaped.
    fn to_html(&self, py: Python<'_>) -> String {
        py.detach(|| self.0.to_html())
    }

    fn _repr_html_(&self, py: Python<'_>) -> String {
        self.to_html(py)
    }

    fn __getitem__<'py>(&self, py: Python<'py>, key: &str) -> PyResult<Bound<'py, PyAny>> {
        mapping::item(py, self.0.value(), key)
    }

    fn __contains__(&self, key: &Bound<'_, PyAny>) -> bool {
        mapping::contains(self.0.value(), key)
    }

    fn __len__(&self) -> usize {
        mapping::len(self.0.value())
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.keys(py)?.into_any().call_method0("__iter__")
    }

    /// Returns the keys.
    fn keys<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        mapping::keys(py, self.0.value())
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Self>().is_ok_and(|other| {
            let other = &other.get().0;
            other.kind() == self.0.kind() && other.value() == self.0.value()
        })
    }

    fn __repr__(&self) -> String {
        format!("<{} {}>", self.0.kind(), self.0.summary())
    }

    fn __str__(&self, py: Python<'_>) -> String {
        self.to_text(py)
    }

    fn __reduce__<'py>(
        &self,
        py: Python<'py>,
    ) -> Reduced<'py, (&'static str, Bound<'py, PyAny>, [String; 3])> {
        let (kind, value, texts) = self.0.keep();
        let restore = py.import("trueup._trueup")?.getattr("restore_document")?;
        Ok((restore, (kind, value_to_python(py, value)?, texts)))
    }
}

/// Makes a document that was pickled.
#[pyfunction]
pub(crate) fn restore_document<'py>(
    py: Python<'py>,
    kind: &str,
    value: &Bound<'py, PyAny>,
    texts: [String; 3],
) -> PyResult<Bound<'py, PyAny>> {
    let value = from_python(value)?.into_value();
    let value = value.map_err(|_| exception(py, &Error::request("a document must be plain data")))?;
    let document = api::Document::restore(kind, value, texts).map_err(|error| exception(py, &error))?;
    to_python(py, document)
}

/// A class of documents, with a property a field.
macro_rules! class {
    ($(#[doc = $doc:literal])+ $class:ident { $($(#[doc = $field_doc:literal])+ $field:ident = $key:literal,)+ }) => {
        $(#[doc = $doc])+
        #[pyclass(frozen, extends = Document, module = "trueup")]
        pub(crate) struct $class;

        #[pymethods]
        impl $class {
            $($(#[doc = $field_doc])+
            #[getter]
            fn $field<'py>(this: PyRef<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
                let py = this.py();
                this.as_super().__getitem__(py, $key)
            })+
        }
    };
}

class! {
    /// What a preview found.
    Report {
        /// A name for the repository.
        repository = "repository",
        /// How many ApplicationSets were evaluated.
        application_sets = "applicationSets",
        /// How many objects were rendered.
        objects = "objects",
        /// The Applications, sorted by name.
        applications = "applications",
        /// What concerns no single Application.
        diagnostics = "diagnostics",
    }
}

class! {
    /// A whole comparison.
    Comparison {
        /// The status of the Application.
        status = "status",
        /// Every object: the desired ones in their order, then the others.
        resources = "resources",
        /// How many stand how.
        summary = "summary",
        /// What is wrong with the input as a whole.
        diagnostics = "diagnostics",
    }
}

class! {
    /// What a sync would do.
    Plan {
        /// The steps in order.
        steps = "steps",
        /// The live objects that would be deleted: positions in `steps`.
        deletions = "deletions",
        /// How many live resources the Application has.
        live = "live",
        /// Dependencies that the order contradicts.
        conflicts = "conflicts",
    }
}

/// The object of the class that fits.
pub(crate) fn to_python(py: Python<'_>, document: api::Document) -> PyResult<Bound<'_, PyAny>> {
    let kind = document.kind();
    let base = PyClassInitializer::from(Document(document));
    match kind {
        "Report" => Bound::new(py, base.add_subclass(Report)).map(Bound::into_any),
        "Comparison" => Bound::new(py, base.add_subclass(Comparison)).map(Bound::into_any),
        _ => Bound::new(py, base.add_subclass(Plan)).map(Bound::into_any),
    }
}
