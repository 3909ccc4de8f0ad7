//! `trueup preview`: the whole job.

use crate::arguments::{Output, Preview};
use crate::output::{Console, Failure, Finding};
use crate::progress::ProgressLine;
use crate::repository::Repository;
use std::time::Instant;
use trueup::manifest::{Glob, Value, json, to_value, yaml};
use trueup::report::{Colours, Report, TextOptions, is_hidden};
use trueup::sync::PruneGuard;
use trueup::{PreviewOptions, preview};

pub(crate) fn run(command: &Preview, console: &mut Console<'_>) -> Result<Finding, Failure> {
    let started = Instant::now();
    let repository =
        Repository::read(&command.repository, command.facts.as_deref(), command.live.as_deref())?;
    let mut options = PreviewOptions::default();
    options.repository = repository.name();
    if let Some(pattern) = &command.application {
        let glob =
            Glob::new(pattern, &[]).map_err(|error| Failure::message("cli/glob", error.to_string()))?;
        options.application = Some(glob);
    }
    options.guard = PruneGuard { max_percent: command.max_prune_percent, max_count: command.max_prune };
    // Someone who sees colours there sees a terminal.
    let line = ProgressLine::new(console.err_colours);
    options.context.progress = line.listener();
    let report = preview(&repository.tree, &repository.world, &options);
    line.finish();
    match command.output {
        Output::Text => {
            let mut text = TextOptions::default();
            text.colours = if console.out_colours { Colours::On } else { Colours::Off };
            text.all = command.all;
            text.elapsed = Some(started.elapsed());
            console.print(&report.to_text_with(&text))?;
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
        Output::Yaml => {
            yaml::to_string(&value).map(|text| shown(&text)).map_err(|error| failure(error.to_string()))
        }
        _ => json_text(&value),
    }
}

/// A document as JSON for people.
pub(crate) fn json_text(value: &Value) -> Result<String, Failure> {
    json::to_string_with(value, &crate::output::json_style())
        .map(|text| escaped(&text) + "\n")
        .map_err(|error| Failure::message("cli/output", error.to_string()))
}

/// JSON whose strings hold no hidden characters, but their escapes: the same document, and nothing that acts on a terminal.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c == '\n' || !is_hidden(c) {
            out.push(c);
        } else {
            let mut units = [0; 2];
            out.extend(c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    out
}

/// YAML with its hidden characters written out; a value that holds any is not the same any more.
fn shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push(c),
            c if is_hidden(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}
