//! What an engine found, as data and as text: a report, a comparison, a plan.

use crate::api::{Error, html};
use crate::report::{Colours, Report};
use std::sync::{Arc, OnceLock};
use trueup_diff::Comparison;
use trueup_manifest::{Value, to_value};
use trueup_sync::Plan;

/// A report, a comparison or a plan. It becomes plain data when somebody asks for it.
#[derive(Clone, Debug)]
pub struct Document(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    content: Content,
    value: OnceLock<Value>,
}

#[derive(Debug)]
pub(crate) enum Content {
    Report(Report),
    Comparison(Comparison),
    Plan(Plan),
    /// One that came back from plain data, such as a pickle: its texts were kept.
    Kept {
        kind: &'static str,
        texts: [String; 3],
    },
}

/// The kinds of documents: the classes in Python and Node.
pub(super) const DOCUMENT_KINDS: [&str; 3] = ["Report", "Comparison", "Plan"];

impl Document {
    pub(crate) fn new(content: Content) -> Self {
        Self(Arc::new(Inner { content, value: OnceLock::new() }))
    }

    /// Returns the name of its class: `Report`, `Comparison` or `Plan`.
    pub fn kind(&self) -> &'static str {
        match &self.0.content {
            Content::Report(_) => "Report",
            Content::Comparison(_) => "Comparison",
            Content::Plan(_) => "Plan",
            Content::Kept { kind, .. } => kind,
        }
    }

    /// Returns what it says as plain data.
    pub fn value(&self) -> &Value {
        self.0.value.get_or_init(|| {
            let value = match &self.0.content {
                Content::Report(report) => to_value(report),
                Content::Comparison(comparison) => to_value(comparison),
                Content::Plan(plan) => to_value(plan),
                Content::Kept { .. } => Ok(Value::NULL),
            };
            value.unwrap_or_default()
        })
    }

    /// Returns it as text for people.
    pub fn to_text(&self) -> String {
        match &self.0.content {
            Content::Report(report) => report.to_text(Colours::Off),
            Content::Comparison(comparison) => html::comparison_text(comparison),
            Content::Plan(plan) => plan.to_string(),
            Content::Kept { texts: [text, _, _], .. } => text.clone(),
        }
    }

    /// Returns it as Markdown: of a report what a pull request wants to see, of others their text in a fence.
    pub fn to_markdown(&self) -> String {
        match &self.0.content {
            Content::Report(report) => report.to_markdown(),
            Content::Comparison(_) => html::fence("diff", &self.to_text()),
            Content::Plan(_) => html::fence("text", &self.to_text()),
            Content::Kept { texts: [_, markdown, _], .. } => markdown.clone(),
        }
    }

    /// Returns it as HTML for a notebook. Nothing in it is taken from the input without being escaped.
    pub fn to_html(&self) -> String {
        match &self.0.content {
            Content::Report(report) => html::report(report),
            Content::Comparison(comparison) => html::comparison(comparison),
            Content::Plan(plan) => html::plan(plan),
            Content::Kept { texts: [_, _, html], .. } => html.clone(),
        }
    }

    /// Returns a line for people: how much there is of what.
    pub fn summary(&self) -> String {
        let count = |key: &str| self.value().get(key).and_then(Value::as_seq).map_or(0, <[Value]>::len);
        match self.kind() {
            "Report" => format!("{} applications", count("applications")),
            "Comparison" => {
                let status = self.value().get("status").and_then(Value::as_str).unwrap_or_default();
                format!("{status}, {} resources", count("resources"))
            }
            _ => format!("{} steps, {} deletions", count("steps"), count("deletions")),
        }
    }

    /// Returns everything that [`Document::restore`] needs: kind, data, text, Markdown and HTML.
    pub fn keep(&self) -> (&'static str, &Value, [String; 3]) {
        (self.kind(), self.value(), [self.to_text(), self.to_markdown(), self.to_html()])
    }

    /// Returns a document that was kept, in another process perhaps.
    ///
    /// # Errors
    /// A kind that is none.
    pub fn restore(kind: &str, value: Value, texts: [String; 3]) -> Result<Self, Error> {
        let kind = DOCUMENT_KINDS.into_iter().find(|known| *known == kind);
        let kind = kind.ok_or_else(|| Error::request("a document of an unknown kind"))?;
        let document = Self::new(Content::Kept { kind, texts });
        // It was made just now: nobody else has set it.
        _ = document.0.value.set(value);
        Ok(document)
    }
}
