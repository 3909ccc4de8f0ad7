//! A report for a terminal.

use super::clean::visible;
use super::{Action, ApplicationReport, FieldReport, Report, ResourceReport, StepReport, Summary, SyncState};
use std::fmt::Write;
use std::time::Duration;
use trueup_manifest::{ResourceKey, Value, json};

/// How long a value may be before it is shortened, in characters.
const MAX_VALUE: usize = 60;

/// Whether a text goes to a terminal that shows colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colours {
    /// Text only.
    #[default]
    Off,
    /// ANSI colours.
    On,
}

/// How a report is written for a terminal.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct TextOptions {
    /// Whether it has colours.
    pub colours: Colours,
    /// Whether Applications are listed that are in sync.
    pub all: bool,
    /// How long it took to find it all out; the engine itself has no clock.
    pub elapsed: Option<Duration>,
}

impl Report {
    /// Writes the report for a terminal: a summary, then each Application that differs with its plan, then all deletions together.
    ///
    /// What comes from the repository or the cluster can neither colour nor command the terminal, see [`super::visible`].
    /// Diagnostics are not included; a host shows them with the lines they are about.
    pub fn to_text(&self, colours: Colours) -> String {
        self.to_text_with(&TextOptions { colours, ..TextOptions::default() })
    }

    /// Writes the report for a terminal, as [`Report::to_text`] does.
    pub fn to_text_with(&self, options: &TextOptions) -> String {
        let mut out = String::new();
        self.write_text(options, &mut out).unwrap_or_default();
        out
    }

    fn write_text(&self, options: &TextOptions, out: &mut String) -> std::fmt::Result {
        let paint = &Paint(options.colours);
        write!(
            out,
            "{} · {} → {} · {}",
            paint.bold(&self.repository),
            count(self.application_sets, "ApplicationSet"),
            count(self.applications.len(), "Application"),
            count(self.objects, "object"),
        )?;
        if let Some(elapsed) = options.elapsed {
            write!(out, " · {}", seconds(elapsed))?;
        }
        writeln!(out, "\n")?;
        write_summary(&self.summary(), paint, out)?;
        let noteworthy = |application: &&ApplicationReport| {
            options.all
                || application.sync != SyncState::Synced
                || application.resources.iter().any(|r| !r.ignored.is_empty())
        };
        for application in self.applications.iter().filter(noteworthy) {
            write_application(application, paint, out)?;
        }
        write_unhealthy(self, paint, out)?;
        write_collisions(self, paint, out)?;
        write_deletions(self, paint, out)
    }
}

fn write_summary(summary: &Summary, paint: &Paint, out: &mut String) -> std::fmt::Result {
    let mut line = |mark: String, what: &str, number: usize, more: &str| {
        let text = format!("  {mark} {what:14} {number:>5}   {more}");
        writeln!(out, "{}", text.trim_end())
    };
    line(paint.green("●"), "in sync", summary.synced, "")?;
    if summary.out_of_sync > 0 {
        let changes =
            [(summary.created, "to create"), (summary.updated, "to update"), (summary.pruned, "to prune")];
        let changes = changes.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}"));
        let changes = changes.collect::<Vec<_>>().join(", ");
        line(paint.yellow("◐"), "out of sync", summary.out_of_sync, &changes)?;
    }
    if summary.unknown > 0 {
        line(paint.red("✖"), "unknown", summary.unknown, "(details below)")?;
    }
    if summary.unhealthy > 0 {
        line(paint.red("♥"), "not healthy", summary.unhealthy, "")?;
    }
    if summary.blocked > 0 {
        line(paint.red("■"), "blocked", summary.blocked, "")?;
    }
    Ok(())
}

fn write_application(application: &ApplicationReport, paint: &Paint, out: &mut String) -> std::fmt::Result {
    let state = match application.sync {
        SyncState::Synced => paint.green("Synced"),
        SyncState::OutOfSync => paint.yellow("OutOfSync"),
        SyncState::Unknown => paint.red("Unknown"),
    };
    write!(out, "\n{}  {state}", paint.bold(&application.name))?;
    match application.health.as_str() {
        "" => {}
        "Healthy" => write!(out, " · {}", paint.green("Healthy"))?,
        worse @ ("Progressing" | "Suspended") => write!(out, " · {}", paint.yellow(worse))?,
        bad => write!(out, " · {}", paint.red(bad))?,
    }
    if !application.origin.is_empty() {
        write!(out, "  {}", paint.dim(&application.origin))?;
    }
    writeln!(out)?;
    for resource in &application.resources {
        write_resource(resource, paint, out)?;
    }
    write_plan(application, paint, out)
}

/// The name of an object for people.
pub(super) fn name(key: &ResourceKey) -> String {
    match key.namespace.as_str() {
        "" => format!("{} {}", key.kind, key.name),
        namespace => format!("{} {namespace}/{}", key.kind, key.name),
    }
}

fn write_resource(resource: &ResourceReport, paint: &Paint, out: &mut String) -> std::fmt::Result {
    let action = match resource.action {
        Action::None | Action::Update => String::new(),
        Action::Create => paint.green("will be created"),
        Action::Prune => paint.red("will be pruned"),
        Action::Keep => paint.yellow("is no longer in Git but stays"),
    };
    let line = format!("  {}  {action}", visible(&name(&resource.key)));
    match resource.file.as_str() {
        "" => writeln!(out, "{}", line.trim_end())?,
        file => writeln!(out, "{}  {}", line.trim_end(), paint.dim(file))?,
    }
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
    write!(out, "    {}  {live} → {desired}", visible(&field.path))?;
    if let Some(manager) = &field.manager {
        write!(out, "  {}", paint.dim(&format!("live value set by {manager}")))?;
    }
    writeln!(out)?;
    let Some(set_by) = &field.set_by else { return Ok(()) };
    let words: Vec<String> = set_by.words().collect();
    writeln!(out, "      {}", paint.dim(&format!("set by  {}", words.join("  "))))
}

/// The plan in columns: stage, place, object, action, why.
fn write_plan(application: &ApplicationReport, paint: &Paint, out: &mut String) -> std::fmt::Result {
    let rows: Vec<[String; 4]> = application.plan.iter().map(row).collect();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0).min(MAX_VALUE)
    };
    let (first, second, third) = (width(0), width(1), width(2));
    for (position, (step, [group, place, object, action])) in application.plan.iter().zip(&rows).enumerate() {
        let heading = if position == 0 { "plan" } else { "" };
        // What waits is said once, where its stage begins.
        let before = position.checked_sub(1).and_then(|before| application.plan.get(before));
        let begins = before.is_none_or(|before| before.stage != step.stage);
        let number = if begins { group.as_str() } else { "" };
        let action = format!("{action:8}");
        let action = match (step.deletes, step.action.as_str()) {
            (true, _) => paint.red(&action),
            (false, "create") => paint.green(&action),
            (false, "skip") => paint.dim(&action),
            _ => action,
        };
        let waits = step.waits_for.filter(|_| begins);
        let waits = waits.map(|stage| format!("waits for {stage} to be healthy"));
        let why: Vec<String> = [Some(step.reason.clone()).filter(|reason| !reason.is_empty()), waits]
            .into_iter()
            .flatten()
            .collect();
        let line = format!(
            "  {heading:4}  {number:>first$}  {place:second$}  {object:third$}  {action}  {}",
            paint.dim(&why.join(", "))
        );
        writeln!(out, "{}", line.trim_end())?;
    }
    for conflict in &application.conflicts {
        writeln!(out, "  {}", paint.yellow(&format!("order  {conflict}")))?;
    }
    if !application.deletions.is_empty() {
        let share = format!(
            "deletes {} of {}",
            application.deletions.len(),
            count(application.live, "live resource")
        );
        writeln!(out, "  {}{}", paint.red(&share), visible(&guard_words(application)))?;
    }
    for reason in &application.blocked {
        writeln!(out, "  {}", paint.red(&format!("blocked  {reason}")))?;
    }
    Ok(())
}

/// What the guard says, for people; empty without a guard.
pub(super) fn guard_words(application: &ApplicationReport) -> String {
    match application.guard {
        Some(guard) if guard.refused => format!("; refused: the guard allows {}", guard.allowed),
        Some(guard) => format!("; the guard allows {}", guard.allowed),
        None => String::new(),
    }
}

/// Where a step stands, for people: its phase or its wave.
pub(super) fn place(step: &StepReport) -> String {
    match (step.phase.as_str(), step.wave) {
        ("Sync", _) if step.deletes => "prune".to_owned(),
        ("Sync", wave) => format!("wave {wave}"),
        (phase, 0) => phase.to_owned(),
        (phase, wave) => format!("{phase} wave {wave}"),
    }
}

fn row(step: &StepReport) -> [String; 4] {
    let object = format!("{} {}", step.key.kind, step.key.name);
    [step.stage.to_string(), visible(&place(step)), visible(&object), visible(&step.action)]
}

fn write_unhealthy(report: &Report, paint: &Paint, out: &mut String) -> std::fmt::Result {
    let is_unhealthy =
        |application: &&ApplicationReport| !matches!(application.health.as_str(), "" | "Healthy");
    let mut heading = Some("\nnot healthy");
    for application in report.applications.iter().filter(is_unhealthy) {
        if let Some(heading) = heading.take() {
            writeln!(out, "{heading}")?;
        }
        let causes = application.health_causes.join(", ");
        writeln!(
            out,
            "  {}  {}  {}",
            visible(&application.name),
            paint.red(&application.health),
            paint.dim(&causes)
        )?;
    }
    Ok(())
}

fn write_collisions(report: &Report, paint: &Paint, out: &mut String) -> std::fmt::Result {
    if report.collisions.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "\n{}",
        paint
            .yellow(&format!("shared  {} of several Applications", count(report.collisions.len(), "object")))
    )?;
    for collision in &report.collisions {
        let applications = collision.applications.join(", ");
        let text = format!("{}  in {}: {applications}", name(&collision.key), collision.cluster);
        writeln!(out, "  {}", visible(&text))?;
    }
    Ok(())
}

fn write_deletions(report: &Report, paint: &Paint, out: &mut String) -> std::fmt::Result {
    let objects = report.deleting().map(|application| application.deletions.len()).sum();
    if objects == 0 {
        return Ok(());
    }
    let of = count(report.deleting().count(), "Application");
    writeln!(out, "\n{}", paint.red(&format!("deletes  {} of {of}", count(objects, "object"))))?;
    for application in report.deleting() {
        for key in &application.deletions {
            writeln!(out, "  {}", visible(&format!("{}  {}", application.name, name(key))))?;
        }
    }
    Ok(())
}

/// A value in one short line; strings as they are, the rest as JSON.
pub(super) fn shown(value: Option<&Value>) -> String {
    let Some(value) = value else { return "absent".to_owned() };
    let text = match value.as_str() {
        Some(text) => text.to_owned(),
        None => json::to_string(value).unwrap_or_else(|_| value.type_name().to_owned()),
    };
    let short: String = text.chars().take(MAX_VALUE + 1).collect();
    let cut = short.chars().count() > MAX_VALUE;
    let mut line = visible(&short.chars().take(MAX_VALUE).collect::<String>());
    if cut {
        line.push('…');
    }
    line
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

fn seconds(elapsed: Duration) -> String {
    format!("{:.2} s", elapsed.as_secs_f64())
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
        let text = visible(text);
        match self.0 {
            Colours::Off => text,
            Colours::On if text.is_empty() => text,
            Colours::On => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
        }
    }
}
