//! The one way into the engine: without Python's lock, with Ctrl-C, progress and panics taken care of.

use crate::convert::{from_python, to_python};
use crate::errors::exception;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use rayon::ThreadPool;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use trueup::api::{self, Context, Data, Error, find};

/// How often Python is asked whether somebody pressed Ctrl-C.
const ASK_EVERY: Duration = Duration::from_millis(20);

/// Stops calls that are under way, from another thread or after so many steps.
#[pyclass(frozen, module = "trueup")]
pub(crate) struct Cancel {
    token: api::Cancel,
    steps: Option<u64>,
}

#[pymethods]
impl Cancel {
    #[new]
    #[pyo3(signature = (steps = None))]
    fn new(steps: Option<u64>) -> Self {
        Self { token: api::Cancel::new(), steps }
    }

    /// Stops every call that was given this, at its next step.
    fn cancel(&self) {
        self.token.cancel();
    }

    /// Whether it was stopped.
    #[getter]
    fn cancelled(&self) -> bool {
        self.token.is_cancelled()
    }

    fn __repr__(&self) -> String {
        format!("<Cancel cancelled={}>", if self.token.is_cancelled() { "True" } else { "False" })
    }
}

/// Runs an operation by its name.
#[pyfunction]
#[pyo3(signature = (name, request, cancel = None, on_progress = None))]
pub(crate) fn call<'py>(
    py: Python<'py>,
    name: &str,
    request: &Bound<'py, PyDict>,
    cancel: Option<&Bound<'py, Cancel>>,
    on_progress: Option<Py<PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let request = from_python(request.as_any())?;
    let answer = run(py, name, request, cancel, on_progress)?;
    to_python(py, answer)
}

/// Runs an operation without Python's lock.
pub(crate) fn run(
    py: Python<'_>,
    name: &str,
    request: Data,
    cancel: Option<&Bound<'_, Cancel>>,
    on_progress: Option<Py<PyAny>>,
) -> PyResult<Data> {
    let raised = Raised::default();
    let context = context(&raised, cancel, on_progress);
    let is_parallel = find(name).is_some_and(|operation| operation.is_parallel);
    let result = py.detach(|| match is_parallel && rayon::current_thread_index().is_none() {
        true => on_pool(name, request, &context, &raised),
        false => guarded(name, request, &context),
    });
    match (raised.take(), result) {
        (Some(raised), _) => Err(raised),
        (None, result) => result.map_err(|error| exception(py, &error)),
    }
}

/// An exception that Python code raised while the engine worked: Ctrl-C, or in a callback.
#[derive(Clone, Default)]
struct Raised(Arc<Mutex<Option<PyErr>>>);

impl Raised {
    fn set(&self, error: PyErr) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
    }

    fn take(&self) -> Option<PyErr> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Lets Python handle its signals; true if that raised.
    fn by_signal(&self) -> bool {
        Python::attach(|py| py.check_signals()).map_err(|error| self.set(error)).is_err()
    }
}

fn context(raised: &Raised, cancel: Option<&Bound<'_, Cancel>>, on_progress: Option<Py<PyAny>>) -> Context {
    let own = cancel.map(|cancel| cancel.get().token.clone()).unwrap_or_default();
    let steps = cancel.and_then(|cancel| cancel.get().steps);
    let by_signal = raised.clone();
    let last = Mutex::new(Instant::now());
    let asks = move || {
        let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.elapsed() < ASK_EVERY {
            return false;
        }
        *last = Instant::now();
        drop(last);
        by_signal.by_signal()
    };
    let token = own.child(steps, asks);
    let mut context = Context::default();
    if let Some(callback) = on_progress {
        let (raised, token) = (raised.clone(), token.clone());
        context.progress = Some(Arc::new(move |phase: &str, done, total, subject: &str| {
            let told = Python::attach(|py| callback.call1(py, (phase, done, total, subject)).map(drop));
            if let Err(error) = told {
                raised.set(error);
                token.cancel();
            }
        }));
    }
    context.cancel = token;
    context
}

/// Runs an operation; a panic of its becomes an error.
fn guarded(name: &str, request: Data, context: &Context) -> Result<Data, Error> {
    let result = catch_unwind(AssertUnwindSafe(|| {
        // A token that was stopped before has its say even where there is no step.
        context.cancel.step()?;
        api::call(name, request, context)
    }));
    result.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic");
        Err(Error::internal(text))
    })
}

/// Runs an operation on all cores, while this thread waits for it and for signals.
fn on_pool(name: &str, request: Data, context: &Context, raised: &Raised) -> Result<Data, Error> {
    let (sender, receiver) = channel();
    let (name, own) = (name.to_owned(), context.clone());
    pool()?.spawn(move || {
        // Nobody listens any more only if the other side panicked.
        _ = sender.send(guarded(&name, request, &own));
    });
    loop {
        match receiver.recv_timeout(ASK_EVERY) {
            Ok(result) => return result,
            Err(RecvTimeoutError::Timeout) if raised.by_signal() => context.cancel.cancel(),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Err(Error::internal("a worker thread was lost")),
        }
    }
}

/// The threads of this process. Those of its parent did not come along when it was forked.
#[expect(
    clippy::mem_forget,
    reason = "the threads of a pool from before a fork are gone, and dropping it would wait for them"
)]
fn pool() -> Result<Arc<ThreadPool>, Error> {
    /// The process that the pool belongs to, and the pool.
    type Owned = Option<(u32, Arc<ThreadPool>)>;
    static POOL: OnceLock<Mutex<Owned>> = OnceLock::new();
    let slot = POOL.get_or_init(Mutex::default);
    let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
    let process = std::process::id();
    match &*slot {
        Some((owner, pool)) if *owner == process => Ok(Arc::clone(pool)),
        _ => {
            let pool = rayon::ThreadPoolBuilder::new().thread_name(|at| format!("trueup-{at}")).build();
            let pool = Arc::new(pool.map_err(Error::internal)?);
            if let Some((_, lost)) = slot.replace((process, Arc::clone(&pool))) {
                std::mem::forget(lost);
            }
            Ok(pool)
        }
    }
}
