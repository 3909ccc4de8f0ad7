//! A summary for people.

use crate::changes::{After, LeafChange, Step};
use crate::exact::{Layout, to_text};
use crate::plan::{PlanSummary, ResourceChange};
use std::fmt::{self, Formatter};
use trueup_manifest::Value;

pub(crate) fn summary(summary: &PlanSummary, f: &mut Formatter<'_>) -> fmt::Result {
    let [add, change, destroy] = summary.add_change_destroy();
    writeln!(f, "{}: {add} to add, {change} to change, {destroy} to destroy", summary.verdict.name())?;
    if !summary.complete {
        writeln!(f, "  incomplete: the plan leaves something out and proves nothing about that")?;
    }
    for entry in &summary.resources {
        resource(entry, "", f)?;
    }
    for drifted in &summary.drift {
        let note = if drifted.reverted_by_plan {
            "drift, reverted by an apply: "
        } else {
            "drift, left by an apply: "
        };
        resource(&drifted.change, note, f)?;
    }
    for output in &summary.outputs {
        writeln!(f, "  {} output {}", output.kind.name(), output.name)?;
        leaves(&output.changes, f)?;
    }
    for check in summary.checks.iter().filter(|check| check.status != "pass") {
        writeln!(f, "  {} {}: {}", check.status, check.address, check.problems.join("; "))?;
    }
    for deferred in &summary.deferred {
        writeln!(f, "  deferred {}: {}", deferred.address, deferred.reason)?;
    }
    Ok(())
}

fn resource(entry: &ResourceChange, note: &str, f: &mut Formatter<'_>) -> fmt::Result {
    write!(f, "  {note}{} {}", entry.kind.name(), entry.address)?;
    if let Some(deposed) = &entry.deposed {
        write!(f, " (deposed {deposed})")?;
    }
    if let Some(previous) = &entry.previous_address {
        write!(f, " (moved from {previous})")?;
    }
    if entry.importing.is_some() {
        write!(f, " (imported)")?;
    }
    if let Some(reason) = &entry.action_reason {
        write!(f, " ({})", reason.replace("_", " "))?;
    }
    writeln!(f)?;
    leaves(&entry.changes, f)
}

fn leaves(changes: &[LeafChange], f: &mut Formatter<'_>) -> fmt::Result {
    for change in changes {
        write!(f, "    ")?;
        for (at, step) in change.path.iter().enumerate() {
            match step {
                Step::Key(key) => write!(f, "{}{key}", if at > 0 { "." } else { "" })?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        if change.sensitive {
            writeln!(f, "  (sensitive)")?;
            continue;
        }
        let shown = |value: &Value| to_text(value, Layout::Canonical);
        match &change.after {
            After::Known(after) => writeln!(f, "  {} → {}", shown(&change.before), shown(after))?,
            After::Unknown => writeln!(f, "  {} → (known after apply)", shown(&change.before))?,
        }
    }
    Ok(())
}
