//! `trueup drift`: what Terraform plans say.

use crate::arguments::{Drift, Plain};
use crate::output::{Console, Failure, Finding};
use crate::preview::{escaped, json_text};
use std::path::Path;
use trueup::manifest::{FileTree, Limits};
use trueup::report::visible;
use trueup::terraform::{PlanSummary, Verdict, rollup, summarize};

pub(crate) fn run(command: &Drift, console: &mut Console<'_>) -> Result<Finding, Failure> {
    let mut plans: Vec<(String, PlanSummary)> = Vec::new();
    for plan in &command.plans {
        let (name, file) = match plan.split_once('=') {
            Some((name, file)) => (name.to_owned(), file),
            None => (project_of(Path::new(plan)), plan.as_str()),
        };
        let text = std::fs::read(file)
            .map_err(|error| Failure::message("cli/read", format!("`{file}`: {error}")))?;
        // The lines of a plan are not shown: they hold secrets.
        let summary = summarize(&text, &Limits::default())
            .map_err(|error| Failure::diagnostics(vec![error.diagnostic_in(file)], FileTree::default()))?;
        plans.push((name, summary));
    }
    let all = rollup(plans.iter().map(|(name, summary)| (name.as_str(), summary)));
    match (command.output, plans.as_slice()) {
        (Plain::Json, [(_, only)]) => console.print(&(escaped(&only.to_json()) + "\n"))?,
        (Plain::Json, _) => console.print(&json_text(&all.to_value())?)?,
        (Plain::Text, plans) => {
            for (name, summary) in plans {
                let text = summary.to_string();
                let lines: Vec<String> = text.lines().map(visible).collect();
                let title = if plans.len() > 1 { format!("{}: ", visible(name)) } else { String::new() };
                console.print(&format!("{title}{}\n", lines.join("\n")))?;
            }
            if plans.len() > 1 {
                console.print(&format!("{}\n", all.verdict.name()))?;
            }
        }
    }
    if all.verdict == Verdict::Errored {
        return Err(Failure::message(
            "cli/plan-failed",
            "a plan has failed, so that it says nothing reliable",
        ));
    }
    let tell = command.detailed_exitcode && all.verdict != Verdict::InSync;
    Ok(if tell { Finding::Differences } else { Finding::Nothing })
}

/// The name of a plan's project: that of its directory, or of the file itself.
fn project_of(file: &Path) -> String {
    let directory = file.parent().and_then(Path::file_name);
    let name = directory.or_else(|| file.file_stem()).unwrap_or_default();
    name.to_string_lossy().into_owned()
}
