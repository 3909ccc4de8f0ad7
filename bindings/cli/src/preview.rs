//! `trueup preview`: the whole job.

use crate::arguments::{Output, Preview};
use crate::output::{Failure, Finding, is_terminal, print_diagnostics};
use crate::repository::Repository;
use anstream::print;
use trueup::manifest::json;
use trueup::manifest::{Glob, to_value, yaml};
use trueup::report::{Colours, Report};
use trueup::{PreviewOptions, preview};

pub(crate) fn run(command: &Preview) -> Result<Finding, Failure> {
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
            print!("{}", report.to_text(if is_terminal() { Colours::On } else { Colours::Off }));
            print_diagnostics(report.all_diagnostics(), &repository.tree);
        }
        Output::Markdown => print!("{}", report.to_markdown()),
        Output::Json => print!("{}", structured(&report, Output::Json)?),
        Output::Yaml => print!("{}", structured(&report, Output::Yaml)?),
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
