//! Where a rollout is.

use crate::model::{Canary, Rollout};
use crate::step_hash::step_hash;

/// Where a rollout is, by its status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Progress {
    /// There is no status: the plan is that of the next version, from its first step on.
    Planned,
    /// Nothing runs yet: the first version goes straight to all of the traffic.
    Initial,
    /// The steps are not those of the status: it starts over with the first one.
    Restarting,
    /// It is at a step.
    Running,
    /// It is at a step and waits there for its time or for somebody.
    Paused,
    /// It was stopped: all traffic is back at the stable version, and a retry starts with the first step.
    Aborted,
    /// Somebody has promoted it past all steps that are left.
    Promoted,
    /// All steps are done, and the new version is about to become the stable one.
    Finishing,
    /// What is asked for is what runs.
    Complete,
}

impl Progress {
    /// Returns the name: `planned`, `initial`, `restarting` and so on.
    pub fn name(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Initial => "initial",
            Self::Restarting => "restarting",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Aborted => "aborted",
            Self::Promoted => "promoted",
            Self::Finishing => "finishing",
            Self::Complete => "complete",
        }
    }
}

impl Rollout {
    /// Returns the weight that the steps and the status of a canary ask for: the last `setWeight` up to the current step, zero
    /// before the first and after an abort, the greatest where no step is left or there are none.
    pub fn weight(&self) -> i64 {
        if self.status.abort {
            return 0;
        }
        let canary = self.spec.strategy.canary.as_ref();
        let index = canary.and_then(|canary| self.step_index(canary));
        match (canary, index) {
            (Some(canary), Some(index)) => weight_at(canary, index),
            _ => self.max_weight(),
        }
    }

    /// Returns the step at which a canary is; nothing past the last one.
    pub(crate) fn step_index(&self, canary: &Canary) -> Option<usize> {
        let index = usize::try_from(self.status.current_step_index.unwrap_or(0)).unwrap_or(0);
        (index < canary.steps().len()).then_some(index)
    }

    /// Tells where a canary is.
    pub(crate) fn canary_progress(&self, canary: &Canary) -> Progress {
        let status = &self.status;
        if let Some(settled) = self.settled() {
            settled
        } else if step_hash(canary).as_ref() != Some(&status.current_step_hash) {
            Progress::Restarting
        } else if status.abort {
            Progress::Aborted
        } else if self.step_index(canary).is_none() {
            Progress::Finishing
        } else {
            self.on_its_way()
        }
    }

    /// Tells where a rollout with two services is.
    pub(crate) fn blue_green_progress(&self) -> Progress {
        match self.settled() {
            Some(settled) => settled,
            None if self.status.abort => Progress::Aborted,
            None => self.on_its_way(),
        }
    }

    /// Tells where a rollout is that no step and no pause can hold up.
    fn settled(&self) -> Option<Progress> {
        let status = &self.status;
        if !self.has_status {
            Some(Progress::Planned)
        } else if status.stable_rs.is_empty() {
            Some(Progress::Initial)
        } else if status.stable_rs == status.current_pod_hash {
            Some(Progress::Complete)
        } else {
            status.promote_full.then_some(Progress::Promoted)
        }
    }

    fn on_its_way(&self) -> Progress {
        if self.is_paused() { Progress::Paused } else { Progress::Running }
    }

    pub(crate) fn is_paused(&self) -> bool {
        self.spec.paused || !self.status.pause_conditions.is_empty()
    }
}

/// Returns the last weight that is set up to a step; zero if there is none.
pub(crate) fn weight_at(canary: &Canary, index: usize) -> i64 {
    let until = canary.steps().iter().take(index + 1).rev();
    until.filter_map(|step| step.set_weight).next().map_or(0, i64::from)
}
