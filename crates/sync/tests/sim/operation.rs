//! Whole operations: sync windows that close and open while a sync is under way, attempts that fail and are made again, and crashes in
//! between. When what may happen is worked out here: neither the schedules nor the waits are asked of the engine.

use super::watch::Watch;
use super::{App, Cluster, End, Host, MAX_STEPS, Rng, STARTED_AT, Taken, observe, server_key};
use trueup_manifest::argocd::{Backoff, Operation, RetryStrategy, SyncOperation, SyncWindow};
use trueup_sync::*;

/// How long a tick of the cluster is, in seconds.
const TICK: i64 = 10;

/// After how many retries somebody asks an operation to stop.
const MAX_RETRIES: i64 = 6;

const BLOCKED: &str = "Sync operation blocked by sync window";

/// A window that opens whenever the minute of the hour is a multiple of `every`.
#[derive(Clone, Debug)]
struct Window {
    window: SyncWindow,
    every: i64,
    minutes: i64,
    /// How far its time zone is ahead, in seconds.
    ahead: i64,
}

impl Window {
    fn random(rng: &mut Rng) -> Self {
        let every = rng.pick(&[4, 5, 6, 10, 12]);
        let minutes = 1 + rng.below(every as u64 - 1) as i64;
        let (zone, ahead) = rng.pick(&[("", 0), ("UTC", 0), ("Asia/Kolkata", 5 * 3600 + 30 * 60)]);
        let window = SyncWindow {
            kind: rng.pick(&["allow", "deny", "deny"]).into(),
            schedule: format!("*/{every} * * * *").into(),
            duration: format!("{minutes}m").into(),
            manual_sync: rng.chance(30),
            sync_overrun: rng.chance(40),
            time_zone: zone.into(),
            ..SyncWindow::default()
        };
        Self { window, every, minutes, ahead }
    }

    /// Whether it is open: between the second after it opens and the one before it closes.
    fn is_open(&self, time: i64) -> bool {
        let local = time + self.ahead;
        let first = local - self.minutes * 60 + 1;
        (first..local).any(|second| second % 60 == 0 && second / 60 % 60 % self.every == 0)
    }
}

/// An operation on an application.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    windows: Vec<Window>,
    automated: bool,
    /// How often it is tried again; less than 0 is for ever.
    limit: i64,
    /// The first wait in seconds, what it grows by, and its most.
    wait: (i64, i64, i64),
}

impl Plan {
    pub(super) fn random(seed: u64) -> Self {
        let mut rng = Rng(seed ^ 0x0be7a);
        let windows = (0..rng.below(4)).map(|_| Window::random(&mut rng)).collect();
        let mut plan = Self {
            windows,
            automated: rng.chance(60),
            limit: rng.pick(&[-1, 0, 1, 2, 3]),
            wait: (200 + rng.below(200) as i64, rng.pick(&[1, 2, 3]), 300 + rng.below(900) as i64),
        };
        // A sync needs some time in which it may run.
        let open = (0..360).filter(|tick| plan.permits(STARTED_AT + tick * TICK)).count();
        if open < 60 {
            plan.windows.clear();
        }
        plan
    }

    fn operation(&self) -> Operation {
        let (duration, factor, max) = self.wait;
        let backoff = Backoff {
            duration: duration.to_string().into(),
            factor: Some(factor),
            max_duration: format!("{max}s").into(),
            ..Backoff::default()
        };
        let mut operation = Operation { sync: Some(SyncOperation::default()), ..Operation::default() };
        operation.initiated_by.automated = self.automated;
        operation.retry =
            RetryStrategy { limit: self.limit, backoff: Some(backoff), ..RetryStrategy::default() };
        operation
    }

    /// Whether a sync may do something now.
    fn permits(&self, now: i64) -> bool {
        let (allowed, overrun) = self.verdict(now);
        allowed || overrun && self.verdict(STARTED_AT).0
    }

    /// Whether a sync may begin, and whether one that runs may go on if not.
    fn verdict(&self, time: i64) -> (bool, bool) {
        let of_kind = |kind: &str, open: bool| -> Vec<&SyncWindow> {
            let those =
                self.windows.iter().filter(|own| own.window.kind == kind && own.is_open(time) == open);
            those.map(|own| &own.window).collect()
        };
        let (denies, allows, closed) =
            (of_kind("deny", true), of_kind("allow", true), of_kind("allow", false));
        let deciding = match (denies.is_empty(), allows.is_empty()) {
            (false, _) => denies,
            (true, false) => return (true, false),
            (true, true) => closed,
        };
        let by_hand = !self.automated && deciding.iter().all(|window| window.manual_sync);
        (deciding.is_empty() || by_hand, deciding.iter().all(|window| window.sync_overrun))
    }

    /// How long to wait after an attempt, in seconds.
    fn wait(&self, retries: i64) -> i64 {
        let (duration, factor, max) = self.wait;
        (0..retries).fold(duration, |wait, _| wait.saturating_mul(factor)).min(max)
    }
}

/// Runs a whole operation and checks on the way what must always hold.
pub(super) fn run(app: &App, plan: &Plan, host: Host) -> Result<(End, i64), String> {
    let mut cluster = Cluster::new(app);
    let mut rng = Rng(app.seed ^ 0x09e7);
    let windows = plan.windows.iter().map(|own| &own.window).collect();
    let gates = Gates { windows, ..Gates::default() };
    let mut attempts = Attempts::new(plan.operation(), STARTED_AT);
    // The application as the attempt found it, and when the next attempt is due.
    let (mut this, mut due) = (app.clone(), None);
    let mut watch = Watch::new(&this);
    let (mut calls, mut outcomes) = (0, Vec::new());
    let (mut before, mut stale) = (cluster.live(), false);
    for steps in 0..MAX_STEPS {
        cluster.tick();
        let now = STARTED_AT + TICK * cluster.now as i64;
        let in_call = attempts.state.awaits_outcomes();
        let crash = host.crash(steps, &mut rng);
        let idle = due.is_some_and(|at| at > now) || !in_call && !plan.permits(now);
        if idle {
            let waiting = if due.is_some_and(|at| at > now) { due } else { None };
            let done = advance(attempts.clone(), now, &gates, &app.settings, &Observation::default(), app);
            check_idle(&attempts, &done, waiting)?;
            if crash == Some(0) {
                continue;
            }
            if waiting.is_none() && due.take().is_some() {
                begin(&mut cluster, &mut this, &mut watch, app);
            }
            attempts = resumed(&done.attempts)?;
            if let Some(at) = waiting.filter(|_| rng.chance(50)) {
                cluster.pass_until(((at - STARTED_AT) / TICK) as u64);
            }
            continue;
        }
        let seen = if std::mem::take(&mut stale) { before } else { cluster.live() };
        let approved = calls >= app.approved_after;
        let observation = observe(app, &cluster, &seen, approved, std::mem::take(&mut outcomes));
        before = seen;
        let retries = attempts.retry_count;
        let done = advance(attempts.clone(), now, &gates, &app.settings, &observation, app);
        if crash == Some(0) {
            attempts = resumed(&attempts)?;
            attempts.state.resume();
            continue;
        }
        if due.take().is_some() {
            begin(&mut cluster, &mut this, &mut watch, app);
        }
        watch.observe(approved);
        if !in_call {
            watch.call(&this, &before, &done.attempts.state)?;
        }
        // While a call is under way, the message is the one from before it.
        let said = !in_call && !done.attempts.state.awaits_outcomes();
        if said && done.attempts.state.message == BLOCKED {
            return Err("is blocked although it may run".to_owned());
        }
        let terminating = attempts.state.operation == OperationPhase::Terminating;
        attempts = done.attempts;
        match done.wake {
            Wake::Never => {
                check_last(plan, &attempts, retries, terminating)?;
                let retries = attempts.retry_count;
                return watch.end(&this, &cluster, &attempts.state, steps).map(|end| (end, retries));
            }
            Wake::At(at) => {
                check_failed(plan, &attempts, retries, terminating)?;
                if at != now + plan.wait(attempts.retry_count) {
                    return Err(format!("waits until {at}, not {}", now + plan.wait(attempts.retry_count)));
                }
                let (message, results) = (&attempts.state.message, attempts.state.results.clone());
                let failed = State::restore(OperationPhase::Failed, message, results, STARTED_AT);
                watch.clone().end(&this, &cluster, &failed, steps)?;
                due = Some(at);
                let impatient = host.terminate_after.is_some_and(|after| after.is_multiple_of(3));
                if impatient || attempts.retry_count > MAX_RETRIES {
                    attempts.state.terminate();
                    due = None;
                }
            }
            Wake::Change => {
                calls += 1;
                if host.terminate_after == Some(calls) {
                    attempts.state.terminate();
                }
            }
            Wake::Outcomes => {
                let doable = match crash {
                    Some(1) => 0,
                    Some(2) => rng.below(done.actions.len() as u64 + 1) as usize,
                    _ => done.actions.len(),
                };
                for action in done.actions.iter().take(doable) {
                    let key = server_key(action);
                    watch.before(&this, &cluster, action, &key)?;
                    let outcome = cluster.act(app, action, key.clone());
                    watch.after(&cluster, action, &key, &outcome);
                    outcomes.push((action.id, outcome));
                }
            }
        }
        if crash.is_some() {
            outcomes.truncate(if crash == Some(4) {
                0
            } else {
                rng.below(outcomes.len() as u64 + 1) as usize
            });
            attempts = resumed(&attempts)?;
            attempts.state.resume();
            stale = rng.chance(50);
        }
    }
    Err(format!("does not end: {} {}", attempts.state.operation, attempts.state.message))
}

/// A new attempt begins: with the application as it is now.
fn begin(cluster: &mut Cluster, this: &mut App, watch: &mut Watch, app: &App) {
    cluster.attempt += 1;
    let own = |value: &trueup_manifest::Value| app.owns(value, None);
    this.live = cluster.objects.values().map(|stored| stored.value.clone()).filter(own).collect();
    *watch = Watch::new(this);
}

/// While an attempt is not due, or a window is closed, nothing is done.
fn check_idle(attempts: &Attempts, done: &Advance, waiting: Option<i64>) -> Result<(), String> {
    if !done.actions.is_empty() {
        return Err(format!("does {} while it waits for {waiting:?}", done.actions[0]));
    }
    match waiting {
        Some(at) if done.wake != Wake::At(at) => Err(format!("waits for {:?}, not {at}", done.wake)),
        Some(_) if done.attempts != *attempts => Err("changes while it waits".to_owned()),
        Some(_) => Ok(()),
        None if done.attempts.state.operation != attempts.state.operation => {
            Err("ends in a window".to_owned())
        }
        None if attempts.state.operation == OperationPhase::Running
            && done.attempts.state.message != BLOCKED =>
        {
            Err(format!("does not say that it is blocked: {}", done.attempts.state.message))
        }
        None => Ok(()),
    }
}

/// An attempt after which there is another.
fn check_failed(plan: &Plan, attempts: &Attempts, retries: i64, terminating: bool) -> Result<(), String> {
    let said = attempts.state.message.contains(&format!("Retrying attempt #{}", retries + 1));
    let counted = attempts.retry_count == retries + 1 && said;
    let may = !terminating && (plan.limit < 0 || retries < plan.limit);
    if may && counted {
        Ok(())
    } else {
        Err(format!("tries again after {retries}: {}", attempts.state.message))
    }
}

/// The last attempt.
fn check_last(plan: &Plan, attempts: &Attempts, retries: i64, terminating: bool) -> Result<(), String> {
    let failed = attempts.state.operation != OperationPhase::Succeeded;
    if failed && !terminating && (plan.limit < 0 || retries < plan.limit) {
        return Err(format!("gives up after {retries}: {}", attempts.state.message));
    }
    let told = attempts.state.message.ends_with(&format!("(retried {retries} times)."));
    let ok = attempts.retry_count == retries && told == (failed && retries > 0);
    if ok { Ok(()) } else { Err(format!("ended after {retries}: {}", attempts.state.message)) }
}

fn resumed(attempts: &Attempts) -> Result<Attempts, String> {
    let kept = serde_json::to_string(attempts).map_err(|error| error.to_string())?;
    serde_json::from_str(&kept).map_err(|error| error.to_string())
}

/// Runs the operation of a seed: without crashes, with many, and with a termination.
pub(super) fn run_seed(app: &App, taken: &mut Taken) -> Result<(), String> {
    let plan = Plan::random(app.seed);
    let plain = run(app, &plan, Host::default()).map_err(|why| format!("operation: {why}"))?;
    taken.add(&plain.0);
    let often = Host { crashes: super::Crashes::Often(15), ..Host::default() };
    let crashing = run(app, &plan, often).map_err(|why| format!("operation, crashing: {why}"))?;
    taken.add(&crashing.0);
    let same = |(a, b): (&(End, i64), &(End, i64))| {
        (a.0.operation, &a.0.results, &a.0.live, a.1) == (b.0.operation, &b.0.results, &b.0.live, b.1)
    };
    if app.compare && !same((&plain, &crashing)) {
        return Err(format!("operation, crashing: changes the end:\n{plain:?}\n{crashing:?}"));
    }
    let host = Host { terminate_after: Some(1 + app.seed as usize % 7), ..often };
    let ended = run(app, &plan, host).map_err(|why| format!("operation, terminated: {why}"))?;
    taken.add(&ended.0);
    Ok(())
}
