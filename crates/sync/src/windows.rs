//! Sync windows: when a project's applications may be synced.

use crate::SyncError;
use crate::clock::SECOND;
use crate::cron::{Schedule, offset_at, zone};
use crate::glob::glob_match;
use trueup_manifest::argocd::{Application, SyncWindow};
use trueup_manifest::parse_go_duration;

/// The farthest time that is told from others, in Unix seconds.
const MAX_TIME: i64 = 1_000_000_000_000;

/// Checks a window, as when it is added to a project.
pub fn validate_window(window: &SyncWindow) -> Result<(), SyncError> {
    if window.kind != "allow" && window.kind != "deny" {
        return Err(SyncError::WindowKind(window.kind.clone()));
    }
    Schedule::parse(&window.schedule)?;
    duration(window)?;
    if window.description.len() > 255 {
        return Err(SyncError::WindowDescription);
    }
    Ok(())
}

/// Checks a window that is about to be added to a project: complete and valid.
pub fn validate_new_window(window: &SyncWindow) -> Result<(), SyncError> {
    if window.kind.is_empty() || window.schedule.is_empty() || window.duration.is_empty() {
        return Err(SyncError::WindowIncomplete);
    }
    validate_window(window)
}

fn duration(window: &SyncWindow) -> Result<i64, SyncError> {
    parse_go_duration(&window.duration)
        .map_err(|reason| SyncError::WindowDuration { duration: window.duration.clone(), reason })
}

/// Returns whether a window is open at `time` (Unix seconds), where `now` (Unix seconds) decides the offset of its time zone.
///
/// It is open at both ends: neither at the second in which it starts nor in which it ends.
pub fn window_active(window: &SyncWindow, time: i64, now: i64) -> Result<bool, SyncError> {
    let schedule = Schedule::parse(&window.schedule)?;
    let duration = duration(window)?;
    let offset = zone(&window.time_zone).map_or(0, |zone| offset_at(&zone, now));
    // Far beyond any calendar, and far from the ends of the number.
    let local = time.clamp(-MAX_TIME, MAX_TIME) + offset;
    // The schedule looks at whole seconds; what is left of the duration moves the start back, which the next whole minute ignores.
    let start = local - duration.div_euclid(SECOND) - i64::from(duration.rem_euclid(SECOND) != 0);
    // A schedule that never fires counts as one that fired long ago, as in Argo CD.
    Ok(schedule.next(start).is_none_or(|next| next < local))
}

/// Returns the windows that are open.
pub fn active_windows<'a>(
    windows: &[&'a SyncWindow],
    time: i64,
    now: i64,
) -> Result<Vec<&'a SyncWindow>, SyncError> {
    select(windows, |window| window_active(window, time, now))
}

/// Returns the allow windows that are not open.
pub fn inactive_allows<'a>(
    windows: &[&'a SyncWindow],
    time: i64,
    now: i64,
) -> Result<Vec<&'a SyncWindow>, SyncError> {
    let allows: Vec<&SyncWindow> = windows.iter().copied().filter(|window| window.kind == "allow").collect();
    select(&allows, |window| window_active(window, time, now).map(|active| !active))
}

fn select<'a>(
    windows: &[&'a SyncWindow],
    keep: impl Fn(&SyncWindow) -> Result<bool, SyncError>,
) -> Result<Vec<&'a SyncWindow>, SyncError> {
    let mut out = Vec::new();
    for window in windows {
        if keep(window)? {
            out.push(*window);
        }
    }
    Ok(out)
}

/// Returns the windows that an application falls under.
pub fn matching_windows<'a>(windows: &'a [SyncWindow], app: &Application) -> Vec<&'a SyncWindow> {
    windows.iter().filter(|window| window_matches(window, app)).collect()
}

fn window_matches(window: &SyncWindow, app: &Application) -> bool {
    let destination = &app.spec.destination;
    let glob = |pattern: &str, text: &str| glob_match(pattern, text, false, None);
    let set = |text: &str, pattern: &str| !text.is_empty() && glob(pattern, text);
    let by_application = window.applications.iter().any(|pattern| glob(pattern, &app.metadata.name));
    let by_cluster = window
        .clusters
        .iter()
        .any(|pattern| set(&destination.name, pattern) || set(&destination.server, pattern));
    let by_namespace = window.namespaces.iter().any(|pattern| glob(pattern, &destination.namespace));
    if !window.and_operator {
        return by_application || by_cluster || by_namespace;
    }
    let lists = [
        (window.applications.is_empty(), by_application),
        (window.clusters.is_empty(), by_cluster),
        (window.namespaces.is_empty(), by_namespace),
    ];
    lists.iter().any(|(empty, _)| !empty) && lists.iter().all(|(empty, matched)| *empty || *matched)
}

/// What decides whether a sync may go on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WindowQuestion {
    /// Whether somebody asked for the sync.
    pub manual: bool,
    /// Now, in Unix seconds.
    pub now: i64,
    /// When the operation was started, in Unix seconds, if it runs.
    pub operation_started_at: Option<i64>,
}

/// Returns whether the windows that match an application let it be synced.
pub fn can_sync(windows: &[&SyncWindow], question: WindowQuestion) -> Result<bool, SyncError> {
    let invalid = |error| SyncError::Windows(Box::new(error));
    let verdict = verdict(windows, question.manual, question.now, question.now).map_err(invalid)?;
    let overrun = match verdict {
        Verdict::Allowed => return Ok(true),
        Verdict::Denied { overrun } => overrun,
    };
    let started = question.operation_started_at.filter(|_| overrun);
    let Some(started) = started else { return Ok(false) };
    let then = self::verdict(windows, question.manual, started, question.now).map_err(invalid)?;
    Ok(matches!(then, Verdict::Allowed))
}

enum Verdict {
    Allowed,
    /// Not allowed; whether what runs already may go on.
    Denied {
        overrun: bool,
    },
}

fn verdict(windows: &[&SyncWindow], manual: bool, time: i64, now: i64) -> Result<Verdict, SyncError> {
    let active = active_windows(windows, time, now)?;
    let (has_deny, manual_enabled) = has_deny(&active);
    if has_deny {
        let overrun = deny_allows_overrun(&active);
        return Ok(if manual && manual_enabled { Verdict::Allowed } else { Verdict::Denied { overrun } });
    }
    if active.iter().any(|window| window.kind == "allow") {
        return Ok(Verdict::Allowed);
    }
    let inactive = inactive_allows(windows, time, now)?;
    if inactive.is_empty() || manual && inactive.iter().all(|window| window.manual_sync) {
        return Ok(Verdict::Allowed);
    }
    Ok(Verdict::Denied { overrun: inactive.iter().all(|window| window.sync_overrun) })
}

/// Returns whether there is a deny window, and whether all of them let manual syncs through.
pub fn has_deny(windows: &[&SyncWindow]) -> (bool, bool) {
    let mut denies = windows.iter().filter(|window| window.kind == "deny").peekable();
    (denies.peek().is_some(), denies.peek().is_some() && denies.all(|window| window.manual_sync))
}

/// Returns whether there are deny windows and all of them let a sync that runs go on.
pub fn deny_allows_overrun(windows: &[&SyncWindow]) -> bool {
    let mut denies = windows.iter().filter(|window| window.kind == "deny").peekable();
    denies.peek().is_some() && denies.all(|window| window.sync_overrun)
}
