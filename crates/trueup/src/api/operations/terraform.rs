//! Terraform: plans, states, and the files that a project reads.

use super::table;
use crate::api::handles::Tree;
use crate::api::shape::{Text, answer, input};
use crate::api::{Context, Error};
use std::collections::BTreeMap;
use trueup_manifest::{Diagnostic, EcoString, Limits, Value};
use trueup_terraform as terraform;
use trueup_terraform::PushMode;

table! {
    /// Tells what a Terraform plan changes and what has drifted, without a sensitive value.
    "terraform.summarize": Plan => summarized => TerraformSummary;
    /// Tells whether `terraform state push` accepts a state over what is there, and what would be lost.
    "terraform.check_push": Push => checked => StatePush;
    /// Names the files that a Terraform project reads: its own, and those of the modules that it uses.
    "terraform.reads": Project => read => ModuleReads;
}

input! {
    /// A plan.
    struct Plan {
        /// What `terraform show -json PLANFILE` prints.
        plan: Text,
    }
}

answer! {
    /// What a plan says. It holds no sensitive value.
    struct TerraformSummary {
        /// What follows from it: `in-sync`, `changes`, `drift-only`, `drifted` or `errored`.
        verdict: EcoString,
        /// What `terraform plan -detailed-exitcode` returns.
        exit_code: i64,
        /// False for a plan that leaves something out: it proves nothing about that.
        complete: bool,
        /// Whether planning failed.
        errored: bool,
        /// How many entries there are of each kind, moves and imports counted on top.
        counts: BTreeMap<EcoString, usize>,
        /// How many objects are added, changed and destroyed.
        add_change_destroy: Vec<usize>,
        /// The objects on which something is to be done.
        resources: Vec<Value>,
        /// The objects that have changed outside of Terraform.
        drift: Vec<Value>,
        /// The outputs that change.
        outputs: Vec<Value>,
        /// What checks found.
        checks: Vec<Value>,
        /// What is put off to a later plan.
        deferred: Vec<Value>,
        /// All of it for people.
        text: String,
    }
}

fn summarized(request: Plan, context: &Context) -> Result<TerraformSummary, Error> {
    context.cancel.step()?;
    let summary = terraform::summarize(&request.plan.0, &Limits::default()).map_err(of_plan)?;
    let value = summary.to_value();
    let list = |key: &str| value.get(key).and_then(Value::as_seq).unwrap_or_default().to_vec();
    Ok(TerraformSummary {
        verdict: summary.verdict.name().into(),
        exit_code: summary.exit_code.into(),
        complete: summary.complete,
        errored: summary.errored,
        counts: summary.counts.iter().map(|(name, count)| ((*name).into(), *count)).collect(),
        add_change_destroy: summary.add_change_destroy().to_vec(),
        resources: list("resources"),
        drift: list("drift"),
        outputs: list("outputs"),
        checks: list("checks"),
        deferred: list("deferred"),
        text: summary.to_string(),
    })
}

fn of_plan(error: terraform::TerraformError) -> Error {
    Error::new(error.diagnostic_in(""))
}

input! {
    /// A state to push.
    struct Push {
        /// The state to push.
        candidate: Text,
        /// The state that is there; nothing if there is none.
        current: Option<Text>,
        /// Whether it is pushed with `-force`.
        force: bool = false,
    }
}

answer! {
    /// Whether a state may be pushed, and what follows.
    struct StatePush {
        /// Whether Terraform accepts it.
        allowed: bool,
        /// What decided, such as `newer-serial` or `lineage-differs`.
        rule: EcoString,
        /// The serial that is stored afterwards, if it is allowed.
        serial_after: Option<i64>,
        /// What is there and not in the candidate: Terraform would forget these objects.
        orphaned: Vec<EcoString>,
        /// What is in the candidate and not there: Terraform would believe that these objects exist.
        resurrected: Vec<EcoString>,
        /// What to think of before it is done.
        diagnostics: Vec<Diagnostic>,
    }
}

fn checked(request: Push, context: &Context) -> Result<StatePush, Error> {
    context.cancel.step()?;
    let mode = if request.force { PushMode::Forced } else { PushMode::Guarded };
    let current = request.current.as_ref().map(|text| text.0.as_slice());
    let check =
        terraform::check_push(current, &request.candidate.0, mode, &Limits::default()).map_err(of_plan)?;
    Ok(StatePush {
        allowed: check.allowed,
        rule: check.rule.name().into(),
        serial_after: check.serial_after.and_then(|serial| i64::try_from(serial).ok()),
        orphaned: check.orphaned,
        resurrected: check.resurrected,
        diagnostics: check.warnings,
    })
}

input! {
    /// A Terraform project.
    struct Project {
        /// The repository.
        tree: Tree,
        /// The directory of the project.
        directory: EcoString,
    }
}

answer! {
    /// A module that is used somewhere.
    struct ModuleUse {
        /// The name under which it is used.
        name: EcoString,
        /// Where it comes from, as it is written.
        source: EcoString,
        /// The file that uses it.
        file: EcoString,
    }
}

answer! {
    /// What a project reads.
    struct ModuleReads {
        /// The directories of the project and of its modules, each with the directories on the way to it.
        directories: BTreeMap<EcoString, Vec<EcoString>>,
        /// The files in them that Terraform reads.
        files: Vec<EcoString>,
        /// The modules that come from elsewhere.
        remote: Vec<ModuleUse>,
        /// The modules that should be in the tree and are not.
        missing: Vec<ModuleUse>,
        /// Files that cannot be read: what they use is not known.
        diagnostics: Vec<Diagnostic>,
    }
}

fn read(request: Project, context: &Context) -> Result<ModuleReads, Error> {
    context.cancel.step()?;
    let reads = terraform::reads(request.tree.files(), &request.directory);
    let uses = |calls: Vec<terraform::ModuleCall>| {
        let one =
            |call: terraform::ModuleCall| ModuleUse { name: call.name, source: call.source, file: call.file };
        calls.into_iter().map(one).collect()
    };
    Ok(ModuleReads {
        directories: reads.directories,
        files: reads.files.into_iter().collect(),
        remote: uses(reads.remote),
        missing: uses(reads.missing),
        diagnostics: reads.unreadable,
    })
}
