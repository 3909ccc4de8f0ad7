//! A report for a pull request.

use super::clean::is_hidden;
use super::text::{count, guard_words, name, place, shown};
use super::{Action, ApplicationReport, Report, ResourceReport, SyncState};
use std::fmt::Write;

impl Report {
    /// Writes the report as Markdown for a pull request: a summary, then what differs, folded per Application.
    ///
    /// Values from the repository and the cluster are escaped: they can neither format, link nor mention anybody.
    pub fn to_markdown(&self) -> String {
        let mut out = String::new();
        self.write_markdown(&mut out).unwrap_or_default();
        out
    }

    fn write_markdown(&self, out: &mut String) -> std::fmt::Result {
        let summary = self.summary();
        writeln!(out, "### {}: {}\n", escape(&self.repository), headline(self))?;
        writeln!(
            out,
            "| in sync | out of sync | unknown | not healthy | blocked | create | update | prune |"
        )?;
        writeln!(out, "|--:|--:|--:|--:|--:|--:|--:|--:|")?;
        writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} | {} | {} |",
            summary.synced,
            summary.out_of_sync,
            summary.unknown,
            summary.unhealthy,
            summary.blocked,
            summary.created,
            summary.updated,
            summary.pruned
        )?;
        write_deletions(self, out)?;
        write_collisions(self, out)?;
        for application in self.applications.iter().filter(|application| is_worth_telling(application)) {
            write_application(application, out)?;
        }
        let problems: Vec<_> = self.all_diagnostics().collect();
        if !problems.is_empty() {
            writeln!(out, "\n**{}**\n", count(problems.len(), "problem"))?;
        }
        for problem in problems {
            let place =
                problem.locations.first().map(|location| format!(" ({})", code(&location.to_string())));
            writeln!(
                out,
                "- {}: {}{}",
                code(&problem.code),
                escape(&problem.message),
                place.unwrap_or_default()
            )?;
        }
        Ok(())
    }
}

/// Whether an Application differs, is not healthy, or has differences that a rule suppresses.
fn is_worth_telling(application: &ApplicationReport) -> bool {
    application.sync != SyncState::Synced
        || !matches!(application.health.as_str(), "" | "Healthy")
        || application.resources.iter().any(|resource| !resource.ignored.is_empty())
}

fn write_deletions(report: &Report, out: &mut String) -> std::fmt::Result {
    let objects: usize = report.deleting().map(|application| application.deletions.len()).sum();
    if objects == 0 {
        return Ok(());
    }
    let of = count(report.deleting().count(), "Application");
    writeln!(out, "\n**Deletes {} of {of}**\n", count(objects, "object"))?;
    for application in report.deleting() {
        let names: Vec<String> = application.deletions.iter().map(|key| code(&name(key))).collect();
        let (deleted, live) = (application.deletions.len(), application.live);
        let guard = escape(&guard_words(application));
        writeln!(out, "- {} ({deleted} of {live}{guard}): {}", escape(&application.name), names.join(", "))?;
    }
    Ok(())
}

fn write_collisions(report: &Report, out: &mut String) -> std::fmt::Result {
    if !report.collisions.is_empty() {
        writeln!(out, "\n**{} of several Applications**\n", count(report.collisions.len(), "object"))?;
    }
    for collision in &report.collisions {
        let applications: Vec<String> = collision.applications.iter().map(|name| escape(name)).collect();
        let (object, cluster) = (code(&name(&collision.key)), escape(&collision.cluster));
        writeln!(out, "- {object} in {cluster}: {}", applications.join(", "))?;
    }
    Ok(())
}

fn headline(report: &Report) -> String {
    let applications = count(report.applications.len(), "Application");
    if report.has_differences() {
        format!("{applications}, with differences")
    } else {
        format!("{applications}, nothing to do")
    }
}

fn write_application(application: &ApplicationReport, out: &mut String) -> std::fmt::Result {
    let state = match application.sync {
        SyncState::Synced => "Synced",
        SyncState::OutOfSync => "OutOfSync",
        SyncState::Unknown => "Unknown",
    };
    let health = match application.health.as_str() {
        "" => String::new(),
        health => format!(" · {}", html(health)),
    };
    writeln!(out, "\n<details><summary><b>{}</b> {state}{health}</summary>\n", html(&application.name))?;
    if !application.health_causes.is_empty() {
        let causes: Vec<String> = application.health_causes.iter().map(|cause| code(cause)).collect();
        writeln!(out, "Not healthy because of {}\n", causes.join(", "))?;
    }
    for resource in &application.resources {
        write_resource(resource, out)?;
    }
    write_plan(application, out)?;
    writeln!(out, "\n</details>")
}

fn write_plan(application: &ApplicationReport, out: &mut String) -> std::fmt::Result {
    for reason in &application.blocked {
        writeln!(out, "\n**Blocked**: {}", escape(reason))?;
    }
    if application.plan.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n| | where | what | action | why |\n|--:|---|---|---|---|")?;
    let mut last = None;
    for step in &application.plan {
        let begins = last.replace(step.stage) != Some(step.stage);
        let number = if begins { step.stage.to_string() } else { String::new() };
        let object = code(&format!("{} {}", step.key.kind, step.key.name));
        let action = escape(&step.action);
        let action = if step.deletes { format!("**{action}**") } else { action };
        let waits = step.waits_for.filter(|_| begins);
        let waits = waits.map(|stage| format!("waits for {stage} to be healthy"));
        let why = [Some(escape(&step.reason)).filter(|reason| !reason.is_empty()), waits];
        let why: Vec<String> = why.into_iter().flatten().collect();
        writeln!(out, "| {number} | {} | {object} | {action} | {} |", escape(&place(step)), why.join(", "))?;
    }
    for conflict in &application.conflicts {
        writeln!(out, "\nThe order contradicts itself: {}", escape(conflict))?;
    }
    Ok(())
}

fn write_resource(resource: &ResourceReport, out: &mut String) -> std::fmt::Result {
    let action = match resource.action {
        Action::Create => "will be created",
        Action::Prune => "**will be pruned**",
        Action::Keep => "is no longer in Git but stays",
        Action::Update => "changes",
        Action::None => "does not count as changed",
    };
    write!(out, "- {} {action}", code(&name(&resource.key)))?;
    match resource.file.as_str() {
        "" => writeln!(out)?,
        file => writeln!(out, ", declared in {}", code(file))?,
    }
    for field in &resource.fields {
        let (live, desired) = (shown(field.live.as_ref()), shown(field.desired.as_ref()));
        write!(out, "  - {}: {} → {}", code(&field.path), code(&live), code(&desired))?;
        if let Some(manager) = &field.manager {
            write!(out, ", live value set by {}", code(manager))?;
        }
        if let Some(set_by) = &field.set_by {
            let words: Vec<String> = set_by.words().map(|word| code(&word)).collect();
            write!(out, ", set by {}", words.join(" "))?;
        }
        writeln!(out)?;
    }
    for ignored in &resource.ignored {
        let (live, desired) = (shown(ignored.live.as_ref()), shown(ignored.desired.as_ref()));
        let (path, rule) = (code(&ignored.path), code(&ignored.rule));
        writeln!(out, "  - {path}: {} (live) ≠ {}, ignored: {rule}", code(&live), code(&desired))?;
    }
    Ok(())
}

/// An inline code span that its content cannot close.
fn code(text: &str) -> String {
    let text = super::visible(text);
    let mut longest = 0;
    let mut run = 0;
    for c in text.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest + 1);
    let pad = if longest > 0 || text.is_empty() { " " } else { "" };
    // A table cell ends at a bar even inside code.
    format!("{fence}{pad}{}{pad}{fence}", text.replace('|', "\\|"))
}

/// Text that Markdown and HTML take literally.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' | '\n' | '\r' => out.push(' '),
            c if is_hidden(c) => out.extend(c.escape_unicode().filter(|c| !matches!(c, '\\' | '{' | '}'))),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '@' => out.push_str("@\u{200B}"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '#' | '!' | '|' | '~' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    // A bare address would become a link.
    out.replace("://", ":&#47;&#47;")
}

/// Text inside HTML elements, where Markdown does not reach but mentions do.
fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in super::visible(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '*' => out.push_str("&#42;"),
            '_' => out.push_str("&#95;"),
            '~' => out.push_str("&#126;"),
            '|' => out.push_str("&#124;"),
            '`' => out.push_str("&#96;"),
            '[' => out.push_str("&#91;"),
            ']' => out.push_str("&#93;"),
            '@' => out.push_str("@\u{200B}"),
            c => out.push(c),
        }
    }
    out.replace("://", ":&#47;&#47;")
}
