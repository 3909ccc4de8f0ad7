//! `trueup preview`: the whole job.

use crate::arguments::{Output, Preview};
use crate::output::{Console, Failure, Finding};
use crate::repository::Repository;
use trueup::manifest::json;
use trueup::manifest::{Glob, to_value, yaml};
use trueup::report::{Colours, Report};
use trueup::{PreviewOptions, preview};

pub(crate) fn run(command: &Preview, console: &mut Console<'_>) -> Result<Finding, Failure> {
    let repository =
        Repository::read(&command.repository, command.facts.as_deref(), command.live.as_deref())?;
    let mut options = PreviewOptions::default();
    options.repository = repository.name();
    if let Some(pattern) = &command.application {
        let glob =
            Glob::new(pattern, &[]).map_err(|error| Failure::message("cli/glob", error.to_string()))?;
        options.application = Some(glob);
    }
    let report = preview(&repository.tree, &repository.world, &options);
    match command.output {
        Output::Text => {
            let colours = if console.out_colours { Colours::On } else { Colours::Off };
            console.print(&report.to_text(colours))?;
            console.diagnostics(report.all_diagnostics(), &repository.tree);
        }
        Output::Markdown => console.print(&report.to_markdown())?,
        Output::Json => console.print(&structured(&report, Output::Json)?)?,
        Output::Yaml => console.print(&structured(&report, Output::Yaml)?)?,
    }
    let failed =
        report.all_diagnostics().any(|diagnostic| diagnostic.severity == trueup::manifest::Severity::Error);
    if failed {
        return Err(Failure::diagnostics(Vec::new(), repository.tree));
    }
    let tell = command.detailed_exitcode && report.has_differences();
    Ok(if tell { Finding::Differences } else { Finding::Nothing })
}

/// The report as a document.
pub(crate) fn structured(report: &Report, output: Output) -> Result<String, Failure> {
    let failure = |message: String| Failure::message("cli/output", message);
    let value = to_value(report).map_err(|error| failure(error.to_string()))?;
    match output {
        Output::Yaml => yaml::to_string(&value).map_err(|error| failure(error.to_string())),
        _ => json::to_string_with(&value, &crate::output::json_style())
            .map(|text| text + "\n")
            .map_err(|error| failure(error.to_string())),
    }
}
