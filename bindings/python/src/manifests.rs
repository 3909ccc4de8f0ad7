//! Manifests and templates.

use crate::call::run;
use crate::convert::{self, Reduced, from_python, value_to_python};
use crate::errors::exception;
use crate::mapping;
use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PySlice};
use trueup::api::{self, Data, Error};
use trueup::manifest::{Object, Value, yaml};

/// One manifest: a mapping of which only what is read is converted.
#[pyclass(frozen, mapping, module = "trueup")]
pub(crate) struct Manifest(pub(crate) api::Manifest);

impl Manifest {
    fn object(&self) -> Object<'_> {
        Object::new(self.0.value())
    }
}

#[pymethods]
impl Manifest {
    /// `apiVersion`.
    #[getter]
    fn api_version(&self) -> &str {
        self.object().api_version()
    }

    /// `kind`.
    #[getter]
    fn kind(&self) -> &str {
        self.object().kind()
    }

    /// `metadata.name`.
    #[getter]
    fn name(&self) -> &str {
        self.object().name()
    }

    /// `metadata.namespace`; empty if there is none.
    #[getter]
    fn namespace(&self) -> &str {
        self.object().namespace()
    }

    /// `metadata.labels`, those that are strings.
    #[getter]
    fn labels<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        dict(py, self.object().labels())
    }

    /// `metadata.annotations`, those that are strings.
    #[getter]
    fn annotations<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        dict(py, self.object().annotations())
    }

    /// The file, with its line, that declares it; empty if nobody knows.
    #[getter]
    fn origin(&self) -> String {
        self.0.origin().into_owned()
    }

    /// Returns the whole object as a dict of its own.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        value_to_python(py, self.0.value())
    }

    /// Returns it as kustomize writes manifests.
    fn to_yaml(&self, py: Python<'_>) -> PyResult<String> {
        self.0.to_yaml().map_err(|error| exception(py, &error))
    }

    /// Returns the value below some keys and positions, or the default.
    #[pyo3(signature = (*path, default = None))]
    fn get<'py>(
        &self,
        py: Python<'py>,
        path: Vec<Step>,
        default: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let found = path.iter().try_fold(self.0.value(), |value, step| match step {
            Step::Key(key) => value.get(key),
            Step::Position(position) => value.item(*position),
        });
        match (found, default) {
            (Some(value), _) => value_to_python(py, value),
            (None, Some(default)) => Ok(default),
            (None, None) => Ok(py.None().into_bound(py)),
        }
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
        match other.cast::<Self>() {
            Ok(other) => other.get().0.value() == self.0.value(),
            Err(_) => from_python(other)
                .is_ok_and(|data| data.into_value().is_ok_and(|value| value == *self.0.value())),
        }
    }

    fn __repr__(&self) -> String {
        let object = self.object();
        let namespace = match object.namespace() {
            "" => String::new(),
            namespace => format!("{namespace}/"),
        };
        format!("<Manifest {} {namespace}{} from {}>", object.kind(), object.name(), place(&self.0.origin()))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> Reduced<'py, (Vec<Kept>, Bound<'py, PyList>, bool)> {
        Ok((restorer(py)?, (vec![keep(&self.0)], PyList::empty(py), true)))
    }
}

fn place(origin: &str) -> &str {
    if origin.is_empty() { "nowhere" } else { origin }
}

fn dict<'py, 'v>(
    py: Python<'py>,
    entries: impl Iterator<Item = (&'v str, &'v str)>,
) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    entries.into_iter().try_for_each(|(key, value)| dict.set_item(key, value))?;
    Ok(dict)
}

/// A key of a map, or a position in a list.
#[derive(FromPyObject)]
pub(crate) enum Step {
    Key(String),
    Position(usize),
}

/// The manifests of a build, in order.
#[pyclass(frozen, sequence, module = "trueup")]
pub(crate) struct Manifests(pub(crate) api::Manifests);

impl Manifests {
    fn list<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        PyList::new(py, self.0.iter().cloned().map(Manifest).collect::<Vec<_>>())
    }
}

#[pymethods]
impl Manifests {
    /// What was worth knowing, as diagnostics.
    #[getter]
    fn warnings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let warnings = self.0.warnings().iter().map(trueup::manifest::to_value);
        let warnings = warnings.collect::<Result<Value, _>>().unwrap_or_default();
        value_to_python(py, &warnings)
    }

    /// Returns exactly what `kustomize build` prints for them.
    fn to_yaml(&self, py: Python<'_>) -> PyResult<String> {
        py.detach(|| self.0.to_yaml()).map_err(|error| exception(py, &error))
    }

    /// Returns the objects as a list of dicts.
    fn to_list<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        value_to_python(py, &self.0.values().collect())
    }

    fn __len__(&self) -> usize {
        self.0.len()
    }

    fn __getitem__<'py>(&self, key: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = key.py();
        if key.is_instance_of::<PySlice>() {
            return self.list(py)?.as_any().get_item(key);
        }
        let (position, length) = (key.extract::<isize>()?, self.0.len());
        let position =
            if position < 0 { length.checked_add_signed(position) } else { usize::try_from(position).ok() };
        let manifest = position.and_then(|position| self.0.get(position));
        let missing = || PyIndexError::new_err("there is no manifest at that position");
        convert::to_python(py, Data::Manifest(manifest.ok_or_else(missing)?.clone()))
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.list(py)?.into_any().call_method0("__iter__")
    }

    fn __reversed__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.list(py)?.into_any().call_method0("__reversed__")
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Self>().is_ok_and(|other| self.0.values().eq(other.get().0.values()))
    }

    fn __repr__(&self) -> String {
        let shown = self.0.iter().take(5).map(|manifest| {
            let object = Object::new(manifest.value());
            format!("{} {}", object.kind(), object.name())
        });
        let more = if self.0.len() > 5 { ", …" } else { "" };
        format!("<Manifests {}: {}{more}>", self.0.len(), shown.collect::<Vec<_>>().join(", "))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> Reduced<'py, (Vec<Kept>, Bound<'py, PyAny>, bool)> {
        let kept = self.0.iter().map(keep).collect();
        Ok((restorer(py)?, (kept, self.warnings(py)?, false)))
    }
}

/// A manifest in a pickle: its text, spelling and all, and its origin.
type Kept = (String, String);

fn keep(manifest: &api::Manifest) -> Kept {
    let text = yaml::to_string_v3(manifest.value(), &yaml::V3Style::default()).unwrap_or_default();
    (text, manifest.origin().into_owned())
}

fn restorer(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    py.import("trueup._trueup")?.getattr("restore_manifests")
}

/// Makes manifests that were pickled, or the one that was.
#[pyfunction]
pub(crate) fn restore_manifests<'py>(
    py: Python<'py>,
    kept: Vec<Kept>,
    warnings: &Bound<'py, PyAny>,
    single: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let one = |(text, origin): Kept| {
        let value = yaml::parse(text.as_bytes(), &yaml::ParseOptions::kyaml());
        let value = value.map_err(|error| exception(py, &error.diagnostic().into()))?;
        Ok(api::Manifest::restore(value, &origin))
    };
    let list = kept.into_iter().map(one).collect::<PyResult<Vec<_>>>()?;
    if single && let [only] = list.as_slice() {
        return convert::to_python(py, Data::Manifest(only.clone()));
    }
    let warnings = from_python(warnings)?.into_value().unwrap_or_default();
    let manifests = api::Manifests::restore(list, &warnings).map_err(|error| exception(py, &error))?;
    convert::to_python(py, Data::Manifests(manifests))
}

/// A parsed template.
#[pyclass(frozen, module = "trueup")]
pub(crate) struct Template(pub(crate) api::Template);

#[pymethods]
impl Template {
    #[new]
    #[pyo3(signature = (text, *, name = "template", functions = "argocd"))]
    fn new(py: Python<'_>, text: &str, name: &str, functions: &str) -> PyResult<Self> {
        let fields = [("text", text), ("name", name), ("functions", functions)];
        let fields = fields.map(|(key, text)| (key.into(), Data::Value(text.into())));
        match run(py, "template.parse", Data::map(fields.into()), None, None)? {
            Data::Template(template) => Ok(Self(template)),
            other => Err(exception(py, &Error::internal(other.type_name()))),
        }
    }

    /// The name, for errors.
    #[getter]
    fn name(&self) -> &str {
        self.0.name()
    }

    /// The text it was parsed from.
    #[getter]
    fn text(&self) -> &str {
        self.0.text()
    }

    /// Renders it with data, as `trueup.template.render` does.
    #[pyo3(signature = (data, *, missing_key = "default", now = None, seed = None, max_steps = None))]
    fn render(
        &self,
        py: Python<'_>,
        data: &Bound<'_, PyAny>,
        missing_key: &str,
        now: Option<i64>,
        seed: Option<u64>,
        max_steps: Option<u64>,
    ) -> PyResult<String> {
        let fields = [
            ("template", Data::Template(self.0.clone())),
            ("data", from_python(data)?),
            ("missingKey", Data::Value(missing_key.into())),
            ("now", Data::Value(now.into())),
            ("seed", Data::Value(seed.into())),
            ("maxSteps", Data::Value(max_steps.into())),
        ];
        let request = Data::map(fields.map(|(key, data)| (key.into(), data)).into());
        let text = run(py, "template.render", request, None, None)?.into_value().unwrap_or_default();
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    fn __repr__(&self) -> String {
        format!("<Template {:?}>", self.0.name())
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> Reduced<'py, (String, String, &'static str)> {
        let restore = py.import("trueup._errors")?.getattr("_template")?;
        Ok((restore, (self.0.text().to_owned(), self.0.name().to_owned(), self.0.functions())))
    }
}
