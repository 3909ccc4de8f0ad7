//! A report for a pull request.

use super::text::{count, shown};
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
        writeln!(out, "| in sync | out of sync | unknown | create | update | prune |")?;
        writeln!(out, "|--:|--:|--:|--:|--:|--:|")?;
        writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} |",
            summary.synced,
            summary.out_of_sync,
            summary.unknown,
            summary.created,
            summary.updated,
            summary.pruned
        )?;
        for application in
            self.applications.iter().filter(|application| application.sync != SyncState::Synced)
        {
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
    writeln!(out, "\n<details><summary><b>{}</b> {state}</summary>\n", html(&application.name))?;
    for resource in application.resources.iter().filter(|resource| resource.action != Action::None) {
        write_resource(resource, out)?;
    }
    if !application.plan.is_empty() {
        writeln!(out, "\nPlan:\n")?;
    }
    for (position, step) in application.plan.iter().enumerate() {
        let wave = if step.wave == 0 { String::new() } else { format!(" wave {}", step.wave) };
        let (kind, name) = (&step.key.kind, &step.key.name);
        let reason =
            if step.reason.is_empty() { String::new() } else { format!(": {}", escape(&step.reason)) };
        writeln!(
            out,
            "{}. {}{wave} {} {}{reason}",
            position + 1,
            escape(&step.phase),
            escape(&step.action),
            code(&format!("{kind} {name}"))
        )?;
    }
    writeln!(out, "\n</details>")
}

fn write_resource(resource: &ResourceReport, out: &mut String) -> std::fmt::Result {
    let action = match resource.action {
        Action::Create => "will be created",
        Action::Prune => "**will be pruned**",
        Action::None | Action::Update => "changes",
    };
    let name = format!("{} {}/{}", resource.key.kind, resource.key.namespace, resource.key.name);
    writeln!(out, "- {} {action}", code(&name))?;
    for field in &resource.fields {
        let (live, desired) = (shown(field.live.as_ref()), shown(field.desired.as_ref()));
        writeln!(out, "  - {}: {} → {}", code(&field.path), code(&live), code(&desired))?;
    }
    Ok(())
}

/// An inline code span that its content cannot close.
fn code(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
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
            c if c.is_control() => out.push(' '),
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
    for c in text.chars() {
        match c {
            c if c.is_control() => out.push(' '),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '`' => out.push_str("&#96;"),
            '[' => out.push_str("&#91;"),
            ']' => out.push_str("&#93;"),
            '@' => out.push_str("@\u{200B}"),
            c => out.push(c),
        }
    }
    out.replace("://", ":&#47;&#47;")
}
