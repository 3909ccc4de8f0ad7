//! Workflows: what is done in each stage.

use crate::decode::{Decoded, Node};
use crate::error::{AtlantisError, ErrorKind};
use crate::problem::{Problem, Problems};
use crate::shell;
use crate::step::{RawStep, Step};
use serde::Serialize;
use std::collections::BTreeMap;
use trueup_manifest::{EcoString, yaml};

/// The steps of each stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Workflow {
    /// Its name.
    pub name: EcoString,
    /// What `plan` does.
    pub plan: Vec<Step>,
    /// What `apply` does.
    pub apply: Vec<Step>,
    /// What checks policies behind a plan.
    pub policy_check: Vec<Step>,
    /// What `import` does.
    pub import: Vec<Step>,
    /// What `state rm` does.
    pub state_rm: Vec<Step>,
}

impl Default for Workflow {
    /// The built-in workflow.
    fn default() -> Self {
        RawWorkflow::default().workflow("default")
    }
}

/// Stages as they are written; `None` for the built-in steps.
#[derive(Debug, Default)]
pub(crate) struct RawWorkflow(BTreeMap<&'static str, Vec<RawStep>>);

const STAGES: [&str; 5] = ["apply", "plan", "policy_check", "import", "state_rm"];

/// Reads the workflows of a configuration.
pub(crate) fn decode(node: &Node<'_>) -> Decoded<BTreeMap<EcoString, RawWorkflow>> {
    let mut workflows = BTreeMap::new();
    for (name, node) in node.entries("workflows")? {
        let workflow =
            if node.value.is_null() { RawWorkflow::default() } else { RawWorkflow::decode(&node)? };
        workflows.insert(name.clone(), workflow);
    }
    Ok(workflows)
}

/// Checks the workflows of a configuration.
pub(crate) fn check(workflows: &BTreeMap<EcoString, RawWorkflow>) -> Result<(), Problem> {
    let mut problems = Problems::default();
    for (name, workflow) in workflows {
        problems.check(name.clone(), workflow.check());
    }
    problems.result()
}

impl RawWorkflow {
    fn decode(node: &Node<'_>) -> Decoded<Self> {
        node.fields("a workflow", &STAGES)?;
        let mut stages = BTreeMap::new();
        for stage in STAGES {
            let Some(node) = node.get(stage) else { continue };
            node.fields("a stage", &["steps"])?;
            if let Some(steps) = node.get("steps") {
                let steps = steps.items()?.iter().map(RawStep::decode).collect::<Decoded<_>>()?;
                stages.insert(stage, steps);
            }
        }
        Ok(Self(stages))
    }

    fn check(&self) -> Result<(), Problem> {
        let mut problems = Problems::default();
        for (stage, steps) in &self.0 {
            let mut below = Problems::default();
            below.check("steps", Problems::of_items(steps, RawStep::check));
            problems.check(*stage, below.result());
        }
        problems.result()
    }

    /// Returns the workflow, the built-in steps for what is not written.
    pub(crate) fn workflow(&self, name: &str) -> Workflow {
        let stage = |stage: &str, builtin: &[&str]| match self.0.get(stage) {
            Some(steps) => steps.iter().map(RawStep::step).collect(),
            None => builtin.iter().copied().map(Step::word).collect(),
        };
        Workflow {
            name: name.into(),
            plan: stage("plan", &["init", "plan"]),
            apply: stage("apply", &["apply"]),
            policy_check: stage("policy_check", &["show", "policy_check"]),
            import: stage("import", &["init", "import"]),
            state_rm: stage("state_rm", &["init", "state_rm"]),
        }
    }
}

impl Workflow {
    /// Splits the commands of plan and apply into words, as version 2 does.
    pub(crate) fn split_commands(&mut self) -> Result<(), AtlantisError> {
        for step in self.plan.iter_mut().chain(&mut self.apply).filter(|step| step.step == "run") {
            let command = step.command.clone().unwrap_or_default();
            let words = shell::split(&command).map_err(|reason| {
                let message = format!("unable to parse {}: {reason}", yaml::go_quote(&command));
                AtlantisError::new(ErrorKind::Invalid, message)
            })?;
            step.command = Some(words.join(" ").into());
        }
        Ok(())
    }
}
