//! Documents as HTML for notebooks. Every text from outside is escaped; there are no links, scripts or styles from it.

use crate::report::{Report, SyncState};
use std::fmt::Write;
use trueup_diff::{Comparison, State};
use trueup_sync::{Plan, PlanAction};

/// Lines of one text that are shown before it is cut.
const MAX_LINES: usize = 400;

/// A report: a line an Application, differences folded below it.
pub(super) fn report(report: &Report) -> String {
    let summary = report.summary();
    let counts = format!(
        "{} in sync, {} out of sync, {} unknown",
        summary.synced, summary.out_of_sync, summary.unknown
    );
    let mut out = format!("<div class=\"trueup\"><p><b>{}</b>: {counts}</p>", escape(&report.repository));
    let shown = report.applications.iter().filter(|application| application.sync != SyncState::Synced);
    for application in shown {
        let name = escape(&application.name);
        let state = format!("{:?}", application.sync);
        _ = write!(out, "<details><summary>{name} · {state}</summary><ul>");
        for resource in &application.resources {
            let key = escape(&resource.key.to_string());
            _ = write!(out, "<li><code>{key}</code> {:?}<ul>", resource.action);
            for field in &resource.fields {
                let side = |value: &Option<trueup_manifest::Value>| {
                    value.as_ref().map_or_else(|| "∅".to_owned(), |value| escape(&format!("{value:?}")))
                };
                let (live, desired) = (side(&field.live), side(&field.desired));
                _ = write!(out, "<li><code>{}</code> {live} → {desired}</li>", escape(&field.path));
            }
            out.push_str("</ul></li>");
        }
        out.push_str("</ul></details>");
    }
    let problems =
        report.all_diagnostics().map(|problem| format!("<li>{}</li>", escape(&problem.to_string())));
    let problems: String = problems.collect();
    if !problems.is_empty() {
        _ = write!(out, "<p>problems</p><ul>{problems}</ul>");
    }
    out + "</div>"
}

/// A comparison: a unified diff an object, in colours.
pub(super) fn comparison(comparison: &Comparison) -> String {
    let mut out = format!("<div class=\"trueup\"><p><b>{:?}</b></p><pre>", comparison.status);
    for line in comparison_text(comparison).lines() {
        let colour = match line.as_bytes().first() {
            Some(b'+') => "#1a7f37",
            Some(b'-') => "#cf222e",
            _ => "inherit",
        };
        _ = writeln!(out, "<span style=\"color:{colour}\">{}</span>", escape(line));
    }
    out + "</pre></div>"
}

/// A comparison as text: what is not as desired, with its unified diff.
pub(super) fn comparison_text(comparison: &Comparison) -> String {
    let mut out = String::new();
    for resource in comparison.resources.iter().filter(|resource| resource.state != State::Synced) {
        let key = &resource.key;
        _ = writeln!(out, "{:?} {}/{}/{}/{}", resource.state, key.group, key.kind, key.namespace, key.name);
        let text = resource.report.as_ref().map(|report| report.text.as_str()).unwrap_or_default();
        for line in text.lines().take(MAX_LINES) {
            _ = writeln!(out, "{line}");
        }
        let more = text.lines().count().saturating_sub(MAX_LINES);
        if more > 0 {
            _ = writeln!(out, "({more} more lines)");
        }
    }
    out
}

/// A plan: a row a step, deletions in red.
pub(super) fn plan(plan: &Plan) -> String {
    let head =
        "<tr><th>group</th><th>phase</th><th>wave</th><th>resource</th><th>action</th><th>why</th></tr>";
    let mut out = format!("<div class=\"trueup\"><table>{head}");
    for step in &plan.steps {
        let colour = if step.action == PlanAction::Prune { "#cf222e" } else { "inherit" };
        _ = write!(
            out,
            "<tr style=\"color:{colour}\"><td>{}</td><td>{}</td><td>{}</td><td><code>{}</code></td><td>{}</td><td>{}</td></tr>",
            step.group,
            escape(step.phase.as_str()),
            step.wave,
            escape(&step.key.to_string()),
            escape(&step.action.to_string()),
            escape(&step.reason.to_string()),
        );
    }
    let deletions = plan.deletions.len();
    _ = write!(out, "</table><p>deletes {deletions} of {} live resources</p></div>", plan.live);
    out
}

/// A text in a Markdown fence that it cannot close.
pub(super) fn fence(language: &str, text: &str) -> String {
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let end = if text.ends_with('\n') || text.is_empty() { "" } else { "\n" };
    format!("{fence}{language}\n{text}{end}{fence}\n")
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // What turns the direction of text around, and what cannot be seen.
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' => {
                out.push('\u{FFFD}')
            }
            letter if letter.is_control() && letter != '\n' && letter != '\t' => out.push('\u{FFFD}'),
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_outside_is_markup() {
        assert_eq!(
            escape("<b onclick='x'>&\u{202E}\u{1b}[31m"),
            "&lt;b onclick=&#39;x&#39;&gt;&amp;\u{FFFD}\u{FFFD}[31m"
        );
    }

    #[test]
    fn a_fence_is_longer_than_any_inside() {
        assert_eq!(fence("text", "a ```` b"), "`````text\na ```` b\n`````\n");
        assert_eq!(fence("text", ""), "```text\n```\n");
    }
}
