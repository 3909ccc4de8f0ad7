//! JavaScript's own thread, on which alone its functions may be called: how other threads reach it.

use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Env, Status};
use std::cell::OnceCell;
use std::collections::VecDeque;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Duration;
use trueup::api::{Data, Error};

/// Something to do on JavaScript's thread.
pub(crate) type Job = Box<dyn FnOnce(&Env) + Send>;

/// Wakes JavaScript's thread without keeping its process alive.
type Wake = ThreadsafeFunction<(), (), (), Status, false, true>;

/// How often somebody who waits looks whether JavaScript's thread is still there.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// One thread of JavaScript, and what it is to do.
///
/// Its jobs are done wherever it is: in its event loop, or waiting for work that it started itself. So a lazy tree that two calls share
/// cannot lock them up.
pub(crate) struct Home {
    thread: ThreadId,
    jobs: Mutex<VecDeque<Job>>,
    ready: Condvar,
    wake: Wake,
}

thread_local! {
    static HOME: OnceCell<(Env, Arc<Home>)> = const { OnceCell::new() };
}

impl Home {
    /// Returns the home of this thread.
    pub(crate) fn of(env: &Env) -> napi::Result<Arc<Self>> {
        if let Some(home) = HOME.with(|home| home.get().map(|(_, home)| Arc::clone(home))) {
            return Ok(home);
        }
        let work_off = env.create_function_from_closure::<(), (), _>("trueup", |context| {
            let here = HOME.with(|home| home.get().map(|(_, home)| Arc::clone(home)));
            if let Some(home) = here {
                home.work_off(context.env);
            }
            Ok(())
        })?;
        let wake = work_off.build_threadsafe_function::<()>().weak::<true>();
        let wake = wake.build_callback(|_| Ok(()))?;
        let (jobs, ready) = (Mutex::default(), Condvar::new());
        let home = Arc::new(Self { thread: thread::current().id(), jobs, ready, wake });
        HOME.with(|slot| _ = slot.set((Env::from_raw(env.raw()), Arc::clone(&home))));
        Ok(home)
    }

    /// Has something done: at once if this is the thread, else as soon as the thread comes to it.
    pub(crate) fn post(&self, job: Job) {
        if thread::current().id() == self.thread {
            if let Some(env) = HOME.with(|home| home.get().map(|(env, _)| Env::from_raw(env.raw()))) {
                job(&env);
            }
            return;
        }
        self.queue().push_back(job);
        self.ready.notify_all();
        self.wake.call((), ThreadsafeFunctionCallMode::NonBlocking);
    }

    /// Has something done and waits for what it gives; nothing if the thread has ended.
    pub(crate) fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Env) -> T + Send + 'static,
    ) -> Option<T> {
        let (sender, receiver) = channel();
        // Nobody listens any more only if the other side gave up.
        self.post(Box::new(move |env| _ = sender.send(question(env))));
        loop {
            match receiver.recv_timeout(LOOK_EVERY) {
                Ok(answer) => return Some(answer),
                Err(RecvTimeoutError::Timeout) if !self.wake.aborted() => {}
                Err(_) => return None,
            }
        }
    }

    /// Does everything that is to be done.
    pub(crate) fn work_off(&self, env: &Env) {
        loop {
            // The lock is not held while a job runs: it may add another.
            let job = self.queue().pop_front();
            match job {
                Some(job) => job(env),
                None => return,
            }
        }
    }

    /// Runs work on the engine's threads while this one, which is JavaScript's, does what they ask of it.
    pub(crate) fn wait_for(
        self: &Arc<Self>,
        env: &Env,
        work: impl FnOnce() -> Result<Data, Error> + Send + 'static,
    ) -> Result<Data, Error> {
        let (sender, receiver) = channel();
        let home = Arc::clone(self);
        rayon::spawn(move || {
            // Nobody listens any more only if the other side panicked.
            _ = sender.send(work());
            // The lock makes sure that the other side is either before its look or waiting.
            drop(home.queue());
            home.ready.notify_all();
        });
        loop {
            self.work_off(env);
            let queue = self.queue();
            if let Ok(result) = receiver.try_recv() {
                drop(queue);
                self.work_off(env);
                return result;
            }
            if queue.is_empty() {
                drop(self.ready.wait(queue).unwrap_or_else(PoisonError::into_inner));
            }
        }
    }

    fn queue(&self) -> MutexGuard<'_, VecDeque<Job>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
