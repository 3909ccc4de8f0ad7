//! A report for a terminal.

use super::{Action, ApplicationReport, Colours, FieldReport, Report, ResourceReport, StepReport, SyncState};
use std::fmt::Write;
use trueup_manifest::{Value, json};

/// How long a value may be before it is shortened, in characters.
const MAX_VALUE: usize = 60;

impl Report {
    /// Writes the report for a terminal: what is in sync in one line, what is not in detail.
    ///
    /// Diagnostics are not included; a host shows them with the lines they are about.
    pub fn to_text(&self, colours: Colours) -> String {
        let paint = Paint(colours);
        let mut out = String::new();
        self.write_text(&paint, &mut out).unwrap_or_default();
        out
    }

    fn write_text(&self, paint: &Paint, out: &mut String) -> std::fmt::Result {
        let summary = self.summary();
        writeln!(
            out,
            "{} · {} → {} · {}\n",
            paint.bold(&self.repository),
            count(self.application_sets, "ApplicationSet"),
            count(self.applications.len(), "Application"),
            count(self.objects, "object"),
        )?;
        writeln!(out, "  {} in sync       {:>4}", paint.green("●"), summary.synced)?;
        if summary.out_of_sync > 0 {
            let changes = [
                (summary.created, "to create"),
                (summary.updated, "to update"),
                (summary.pruned, "to prune"),
            ];
            let changes = changes.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}"));
            let changes = changes.collect::<Vec<_>>().join(", ");
            writeln!(out, "  {} out of sync   {:>4}   {changes}", paint.yellow("◐"), summary.out_of_sync)?;
        }
        if summary.unknown > 0 {
            writeln!(out, "  {} unknown       {:>4}   (details below)", paint.red("✖"), summary.unknown)?;
        }
        let noteworthy = |application: &&ApplicationReport| {
            application.sync != SyncState::Synced
                || application.resources.iter().any(|r| !r.ignored.is_empty())
        };
        for application in self.applications.iter().filter(noteworthy) {
            write_application(application, paint, out)?;
        }
        Ok(())
    }
}

fn write_application(application: &ApplicationReport, paint: &Paint, out: &mut String) -> std::fmt::Result {
    let state = match application.sync {
        SyncState::Synced => paint.green("Synced"),
        SyncState::OutOfSync => paint.yellow("OutOfSync"),
        SyncState::Unknown => paint.red("Unknown"),
    };
    write!(out, "\n{}  {state}", paint.bold(&application.name))?;
    if !application.health.is_empty() {
        write!(out, " · {}", application.health)?;
    }
    writeln!(out, "  {}", paint.dim(&application.origin))?;
    for resource in &application.resources {
        write_resource(resource, paint, out)?;
    }
    if !application.plan.is_empty() {
        let width = application.plan.len().to_string().len();
        for (position, step) in application.plan.iter().enumerate() {
            let heading = if position == 0 { "plan" } else { "" };
            write!(out, "  {heading:4}  {:>width$}  ", position + 1)?;
            write_step(step, paint, out)?;
        }
    }
    Ok(())
}

fn write_resource(resource: &ResourceReport, paint: &Paint, out: &mut String) -> std::fmt::Result {
    let name = format!("{} {}/{}", resource.key.kind, resource.key.namespace, resource.key.name);
    let name = if resource.key.namespace.is_empty() {
        format!("{} {}", resource.key.kind, resource.key.name)
    } else {
        name
    };
    let action = match resource.action {
        Action::None => String::new(),
        Action::Create => paint.green("will be created"),
        Action::Update => String::new(),
        Action::Prune => paint.red("will be pruned"),
    };
    writeln!(out, "{}", format!("  {name}  {action}").trim_end())?;
    for field in &resource.fields {
        write_field(field, paint, out)?;
    }
    for ignored in &resource.ignored {
        let live = shown(ignored.live.as_ref());
        let desired = shown(ignored.desired.as_ref());
        let text = format!("    {}  {live} (live) ≠ {desired}   ignored: {}", ignored.path, ignored.rule);
        writeln!(out, "{}", paint.dim(&text))?;
    }
    Ok(())
}

fn write_field(field: &FieldReport, paint: &Paint, out: &mut String) -> std::fmt::Result {
    let live = paint.red(&shown(field.live.as_ref()));
    let desired = paint.green(&shown(field.desired.as_ref()));
    write!(out, "    {}  {live} → {desired}", field.path)?;
    if let Some(manager) = &field.manager {
        write!(out, "  {}", paint.dim(&format!("live value set by {manager}")))?;
    }
    writeln!(out)?;
    if let Some(location) = &field.set_by {
        writeln!(out, "      {}", paint.dim(&format!("set by  {location}")))?;
    }
    Ok(())
}

fn write_step(step: &StepReport, paint: &Paint, out: &mut String) -> std::fmt::Result {
    let wave = if step.wave == 0 { String::new() } else { format!(" wave {}", step.wave) };
    let what = format!("{:8}{wave:8}  {} {}", step.phase, step.key.kind, step.key.name);
    let action = match step.action.as_str() {
        "prune" => paint.red("prune"),
        action => action.to_owned(),
    };
    writeln!(out, "{what}  {action}  {}", paint.dim(&step.reason))
}

/// A value in one short line; strings as they are, the rest as JSON.
pub(super) fn shown(value: Option<&Value>) -> String {
    let Some(value) = value else { return "absent".to_owned() };
    let text = match value.as_str() {
        Some(text) => text.to_owned(),
        None => json::to_string(value).unwrap_or_else(|_| value.type_name().to_owned()),
    };
    let line: String =
        text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_VALUE + 1).collect();
    if line.chars().count() > MAX_VALUE {
        line.chars().take(MAX_VALUE).chain(['…']).collect()
    } else {
        line
    }
}

pub(super) fn count(number: usize, what: &str) -> String {
    let grouped = number.to_string();
    let mut text = String::new();
    for (position, digit) in grouped.chars().enumerate() {
        if position > 0 && (grouped.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if number == 1 { format!("{text} {what}") } else { format!("{text} {what}s") }
}

/// ANSI colours, or none. What it paints can hold no escape sequence of its own.
struct Paint(Colours);

impl Paint {
    fn bold(&self, text: &str) -> String {
        self.with("1", text)
    }

    fn dim(&self, text: &str) -> String {
        self.with("2", text)
    }

    fn red(&self, text: &str) -> String {
        self.with("31", text)
    }

    fn green(&self, text: &str) -> String {
        self.with("32", text)
    }

    fn yellow(&self, text: &str) -> String {
        self.with("33", text)
    }

    fn with(&self, code: &str, text: &str) -> String {
        let text: String = text.chars().filter(|c| !c.is_control()).collect();
        match self.0 {
            Colours::Off => text,
            Colours::On => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
        }
    }
}
