//! How long a step waits.

use crate::error::RolloutError;
use crate::model::{Duration, PauseStep};
use trueup_manifest::parse_go_duration;

/// How long a step waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pause {
    /// Not at all.
    None,
    /// Until somebody ends it.
    Indefinite,
    /// For so many seconds.
    Seconds(i64),
}

/// Returns how long a pause lasts.
pub(crate) fn pause_of(pause: &PauseStep) -> Result<Pause, RolloutError> {
    let Some(duration) = &pause.duration else { return Ok(Pause::Indefinite) };
    match (seconds_of(duration), duration) {
        (Some(seconds @ 0..), _) => Ok(Pause::Seconds(seconds)),
        (Some(seconds), _) => {
            Err(RolloutError::OutOfRange { field: "pause.duration".into(), value: seconds })
        }
        (None, Duration::Text(text)) => Err(RolloutError::Duration(text.clone())),
        (None, Duration::Int(seconds)) => {
            Err(RolloutError::OutOfRange { field: "pause.duration".into(), value: i64::from(*seconds) })
        }
    }
}

/// Returns a duration in seconds, without their fraction: a number, the text of one, or a duration as Go writes it.
pub(crate) fn seconds_of(duration: &Duration) -> Option<i64> {
    match duration {
        Duration::Int(seconds) => Some(i64::from(*seconds)),
        Duration::Text(text) => match text.parse::<i32>() {
            Ok(seconds) => Some(i64::from(seconds)),
            // Seconds are counted in 32 bits.
            Err(_) => {
                let seconds = parse_go_duration(text).ok()? / 1_000_000_000;
                Some(seconds.clamp(i64::from(i32::MIN), i64::from(i32::MAX)))
            }
        },
    }
}
