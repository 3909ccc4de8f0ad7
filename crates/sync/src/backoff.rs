//! Waits between attempts: retries of a failed sync, and self-heal.

use crate::SyncError;
use crate::clock::{SECOND, parse_backoff_duration};
use trueup_manifest::argocd::RetryStrategy;

const DEFAULT_DURATION: i64 = 5 * SECOND;
const DEFAULT_FACTOR: i64 = 2;
const DEFAULT_MAX_DURATION: i64 = 180 * SECOND;

/// Returns how long to wait after an attempt, in nanoseconds, when `retry_count` retries were made.
///
/// ```
/// let retry = trueup_manifest::argocd::RetryStrategy::default();
/// assert_eq!(trueup_sync::retry_wait(&retry, 0), Ok(5_000_000_000));
/// assert_eq!(trueup_sync::retry_wait(&retry, 80), Ok(180_000_000_000));
/// ```
pub fn retry_wait(retry: &RetryStrategy, retry_count: i64) -> Result<i64, SyncError> {
    let backoff = retry.backoff.as_ref();
    let read = |text: Option<&str>, default| match text {
        None | Some("") => Ok(default),
        Some(text) => parse_backoff_duration(text),
    };
    let duration = read(backoff.map(|backoff| backoff.duration.as_str()), DEFAULT_DURATION)?;
    let max = read(backoff.map(|backoff| backoff.max_duration.as_str()), DEFAULT_MAX_DURATION)?;
    let factor = backoff.and_then(|backoff| backoff.factor).unwrap_or(DEFAULT_FACTOR);
    let wait = duration as f64 * (factor as f64).powf(retry_count as f64);
    Ok(if max > 0 { wait.min(max as f64) as i64 } else { wait as i64 })
}

/// The back-off of self-heal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SelfHealBackoff {
    /// The first wait, in seconds.
    pub duration: f64,
    /// What each wait is multiplied with for the next.
    pub factor: f64,
    /// The longest wait, in seconds; none if it is not above 0.
    pub cap: f64,
}

/// How self-heal waits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SelfHeal {
    /// The wait without a back-off, in seconds.
    pub timeout: f64,
    /// The back-off, if there is one.
    pub backoff: Option<SelfHealBackoff>,
}

impl Default for SelfHeal {
    /// Five seconds, always.
    fn default() -> Self {
        Self { timeout: 5.0, backoff: None }
    }
}

/// How many steps a back-off is followed before it is taken to have reached its end.
const MAX_STEPS: i64 = 1 << 16;

/// Returns how many seconds self-heal still waits; 0 or less is now.
///
/// `finished_ago` is the time since the last operation ended, in seconds, if it did.
pub fn self_heal_remaining(heal: SelfHeal, attempts: i64, finished_ago: Option<f64>) -> f64 {
    let wait = match heal.backoff {
        None => heal.timeout,
        Some(_) if attempts <= 0 => 0.0,
        Some(backoff) => backoff_delay(backoff, attempts.min(MAX_STEPS)),
    };
    wait - finished_ago.unwrap_or(0.0)
}

fn backoff_delay(backoff: SelfHealBackoff, attempts: i64) -> f64 {
    let (mut next, mut delay) = (backoff.duration, backoff.duration);
    for step in 1..=attempts {
        delay = next;
        if backoff.factor == 0.0 {
            break;
        }
        next *= backoff.factor;
        if backoff.cap > 0.0 && next > backoff.cap {
            // From here on every wait is the longest one.
            return if step < attempts { backoff.cap } else { delay };
        }
    }
    delay
}
