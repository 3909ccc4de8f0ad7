//! The one way into the engine: with cancellation, progress and panics taken care of.

use crate::failure::{Failure, Texts};
use crate::home::Home;
use crate::loader::Loader;
use crate::read::Incoming;
use crate::write::Outgoing;
use napi::bindgen_prelude::{AsyncTask, FnArgs, Function, FunctionRef, Unknown};
use napi::{Env, Task};
use napi_derive::napi;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use trueup::api::{self, Context, Data, Error, find};
use trueup::manifest::FileTree;

/// Stops calls that are under way.
#[napi]
pub struct Cancel(api::Cancel);

#[napi]
impl Cancel {
    /// Makes a token that stops after so many steps, if they are told.
    #[napi(constructor)]
    pub fn new(steps: Option<f64>) -> Self {
        Self(match steps {
            // A number that no integer can hold becomes the nearest that can.
            Some(steps) => api::Cancel::with_budget(steps as u64),
            None => api::Cancel::new(),
        })
    }

    /// Stops every call that was given this, at its next step.
    #[napi]
    pub fn cancel(&self) {
        self.0.cancel();
    }
}

/// What is told how far a call is.
type Progress<'f> = Function<'f, FnArgs<(String, u32, u32, String)>, Unknown<'static>>;

/// Runs an operation on this thread.
#[napi]
pub fn call_sync(
    env: Env,
    name: String,
    request: Incoming,
    cancel: Option<&Cancel>,
    on_progress: Option<Progress<'_>>,
) -> napi::Result<Outgoing> {
    let request = match request.0 {
        Ok(request) => request,
        Err(error) => return Ok(Outgoing(Err((&error).into()))),
    };
    let texts = Texts::of(&request);
    let context = context(&env, cancel, on_progress)?;
    let result = match find(&name).is_some_and(|operation| operation.is_parallel) {
        true => Home::of(&env)?.wait_for(&env, move || guarded(&name, request, &context)),
        false => guarded(&name, request, &context),
    };
    Ok(Outgoing(result.map_err(|error| Failure::new(&error, &texts))))
}

/// Runs an operation on another thread.
#[napi]
pub fn call_later(
    env: Env,
    name: String,
    request: Incoming,
    cancel: Option<&Cancel>,
    on_progress: Option<Progress<'_>>,
) -> napi::Result<AsyncTask<Work>> {
    let texts = request.0.as_ref().map(Texts::of).unwrap_or_default();
    let context = context(&env, cancel, on_progress)?;
    // Whatever the engine asks of this thread comes in through its home, which must be there before.
    Home::of(&env)?;
    let work = Work::new(move || guarded(&name, request.0?, &context));
    Ok(AsyncTask::new(Work { texts, ..work }))
}

/// Makes a tree whose files a callback gives: see [`Loader`].
#[napi]
pub fn lazy_tree(
    env: Env,
    answer: Function<'_, FnArgs<(String, String)>, Incoming>,
) -> napi::Result<Outgoing> {
    let loader = Loader { home: Home::of(&env)?, answer: Arc::new(answer.create_ref()?) };
    Ok(Outgoing(Ok(Data::Tree(api::Tree::new(FileTree::lazy(loader))))))
}

fn context(env: &Env, cancel: Option<&Cancel>, on_progress: Option<Progress<'_>>) -> napi::Result<Context> {
    let mut context = Context::default();
    if let Some(cancel) = cancel {
        context.cancel = cancel.0.clone();
    }
    if let Some(callback) = on_progress {
        let home = Home::of(env)?;
        let callback: Arc<FunctionRef<_, _>> = Arc::new(callback.create_ref()?);
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        context.progress = Some(Arc::new(move |phase: &str, done, total, subject: &str| {
            let told = (phase.to_owned(), number(done), number(total), subject.to_owned()).into();
            let callback = Arc::clone(&callback);
            home.post(Box::new(move |env| {
                // The callback is the package's own, which keeps what the user's throws.
                _ = callback.borrow_back(env).and_then(|callback| callback.call(told));
            }));
        }));
    }
    Ok(context)
}

/// Runs an operation; a panic of its becomes an error.
fn guarded(name: &str, request: Data, context: &Context) -> Result<Data, Error> {
    caught(|| {
        // A token that was stopped before has its say even where there is no step.
        context.cancel.step()?;
        #[cfg(debug_assertions)]
        #[expect(clippy::panic, reason = "the tests see that a panic is caught")]
        if name == "test.panic" {
            panic!("on purpose");
        }
        api::call(name, request, context)
    })
}

fn caught(work: impl FnOnce() -> Result<Data, Error>) -> Result<Data, Error> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic");
        Err(Error::internal(text))
    })
}

type Job = Box<dyn FnOnce() -> Result<Data, Error> + Send>;

/// Something that another thread does.
pub struct Work {
    job: Option<Job>,
    texts: Texts,
}

impl Work {
    pub(crate) fn new(job: impl FnOnce() -> Result<Data, Error> + Send + 'static) -> Self {
        Self { job: Some(Box::new(job)), texts: Texts::default() }
    }
}

impl Task for Work {
    type Output = Result<Data, Error>;
    type JsValue = Outgoing;

    fn compute(&mut self) -> napi::Result<Self::Output> {
        let job = self.job.take();
        Ok(job.map_or_else(|| Err(Error::internal("work was done twice")), caught))
    }

    fn resolve(&mut self, env: Env, output: Self::Output) -> napi::Result<Outgoing> {
        // Whatever the work told comes before its end.
        Home::of(&env)?.work_off(&env);
        Ok(Outgoing(output.map_err(|error| Failure::new(&error, &self.texts))))
    }
}
