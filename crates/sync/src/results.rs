//! What became of each task so far.

use crate::hooks::Phase;
use ecow::EcoString;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use trueup_manifest::ResourceKey;
use trueup_manifest::argocd::ResourceResult;

/// How a whole operation, or one task, stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum OperationPhase {
    /// Under way.
    Running,
    /// Asked to stop.
    Terminating,
    /// Done.
    Succeeded,
    /// A task failed.
    Failed,
    /// The engine or its inputs failed.
    Error,
}

impl OperationPhase {
    /// Returns true for the last three.
    pub fn is_completed(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Error)
    }

    /// Returns the word that Argo CD uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "Running",
            Self::Terminating => "Terminating",
            Self::Succeeded => "Succeeded",
            Self::Failed => "Failed",
            Self::Error => "Error",
        }
    }

    /// Returns the phase of a word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Running, Self::Terminating, Self::Succeeded, Self::Failed, Self::Error]
            .into_iter()
            .find(|phase| phase.as_str() == word)
    }
}

impl std::fmt::Display for OperationPhase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// What was done to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ResultCode {
    /// Written.
    Synced,
    /// Could not be written or deleted.
    SyncFailed,
    /// Deleted.
    Pruned,
    /// Would have been deleted, but must not.
    PruneSkipped,
}

impl ResultCode {
    /// Returns the word that Argo CD uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Synced => "Synced",
            Self::SyncFailed => "SyncFailed",
            Self::Pruned => "Pruned",
            Self::PruneSkipped => "PruneSkipped",
        }
    }

    /// Returns the code of a word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Synced, Self::SyncFailed, Self::Pruned, Self::PruneSkipped]
            .into_iter()
            .find(|code| code.as_str() == word)
    }

    /// Returns how a task stands right after this.
    pub fn operation(self) -> OperationPhase {
        match self {
            Self::Synced => OperationPhase::Running,
            Self::SyncFailed => OperationPhase::Failed,
            Self::Pruned | Self::PruneSkipped => OperationPhase::Succeeded,
        }
    }
}

/// What became of one task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskResult {
    /// The object.
    pub key: ResourceKey,
    /// The version it was written in.
    pub version: EcoString,
    /// The phase it was done in.
    pub phase: Phase,
    /// Whether it is a hook.
    pub hook: bool,
    /// What was done.
    pub status: Option<ResultCode>,
    /// How it stands; nothing if it has not been done.
    pub operation: Option<OperationPhase>,
    /// What there is to say.
    pub message: EcoString,
}

impl TaskResult {
    /// Returns it as Argo CD writes it into an Application's status.
    pub fn to_resource_result(&self) -> ResourceResult {
        let phase = EcoString::from(self.phase.as_str());
        ResourceResult {
            group: self.key.group.clone(),
            version: self.version.clone(),
            kind: self.key.kind.clone(),
            namespace: self.key.namespace.clone(),
            name: self.key.name.clone(),
            status: self.status.map(|status| status.as_str().into()).unwrap_or_default(),
            message: self.message.clone(),
            hook_type: if self.hook { phase.clone() } else { EcoString::new() },
            hook_phase: self.operation.map(|phase| phase.as_str().into()).unwrap_or_default(),
            sync_phase: phase,
            ..ResourceResult::default()
        }
    }
}

/// The results of an operation, in the order in which they were first reported.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Vec<TaskResult>", into = "Vec<TaskResult>")]
pub struct Results {
    list: Vec<TaskResult>,
    index: BTreeMap<(ResourceKey, Phase), usize>,
}

impl Results {
    /// Returns all results.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &TaskResult> {
        self.list.iter()
    }

    /// Returns the number of results.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Returns true if nothing has been reported yet.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Returns the result of a task.
    pub fn get(&self, key: &ResourceKey, phase: Phase) -> Option<&TaskResult> {
        self.list.get(*self.index.get(&(key.clone(), phase))?)
    }

    /// Records a result; a later one changes status, phase and message of the first and keeps its place.
    pub fn set(&mut self, result: TaskResult) {
        let key = (result.key.clone(), result.phase);
        match self.index.get(&key).and_then(|position| self.list.get_mut(*position)) {
            Some(old) => {
                (old.status, old.operation, old.message) = (result.status, result.operation, result.message);
            }
            None => {
                self.index.insert(key, self.list.len());
                self.list.push(result);
            }
        }
    }
}

impl From<Vec<TaskResult>> for Results {
    fn from(list: Vec<TaskResult>) -> Self {
        let mut results = Self::default();
        list.into_iter().for_each(|result| results.set(result));
        results
    }
}

impl From<Results> for Vec<TaskResult> {
    fn from(results: Results) -> Self {
        results.list
    }
}
