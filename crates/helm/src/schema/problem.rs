//! What does not fit, as a tree.

use super::number::grouped;
use trueup_manifest::yaml::go_quote;

/// One thing that does not fit.
#[derive(Debug)]
pub(super) struct Problem {
    /// The way to the value.
    at: Vec<String>,
    text: String,
    kind: Kind,
    causes: Vec<Problem>,
}

#[derive(Debug, PartialEq, Eq)]
enum Kind {
    Plain,
    /// Several problems of one value.
    Group,
    /// The schema is referred to; it is not shown where it has one problem.
    Reference,
}

impl Problem {
    pub(super) fn new(at: &[String], text: impl Into<String>) -> Self {
        Self { at: at.to_vec(), text: text.into(), kind: Kind::Plain, causes: Vec::new() }
    }

    pub(super) fn because(mut self, causes: Vec<Self>) -> Self {
        self.causes = causes;
        self
    }

    /// Makes one of several; none of none.
    pub(super) fn of(at: &[String], mut problems: Vec<Self>) -> Option<Self> {
        match problems.len() {
            0 | 1 => problems.pop(),
            _ => Some(Self { kind: Kind::Group, ..Self::new(at, "validation failed").because(problems) }),
        }
    }

    /// Says that the problem is one of a schema that was referred to.
    pub(super) fn referred(self, at: &[String]) -> Self {
        let causes = if self.kind == Kind::Group { self.causes } else { vec![self] };
        Self { kind: Kind::Reference, ..Self::new(at, "validation failed").because(causes) }
    }

    /// Returns the lines of a report.
    pub(super) fn report(self) -> String {
        let problems = if self.kind == Kind::Group { self.causes } else { vec![self] };
        let mut text = String::new();
        problems.iter().for_each(|problem| problem.write(0, &mut text));
        text
    }

    fn write(&self, indent: usize, text: &mut String) {
        let hidden = self.kind == Kind::Reference && self.causes.len() == 1;
        if !hidden {
            let pointer: String = self.at.iter().map(|token| format!("/{}", escape(token))).collect();
            let indent = "  ".repeat(indent);
            text.push_str(&format!("{indent}- at {}: {}\n", quote(&pointer), self.text));
        }
        let indent = indent + usize::from(!hidden);
        self.causes.iter().for_each(|cause| cause.write(indent, text));
    }
}

fn escape(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

/// Quotes a text as the library does.
pub(super) fn quote(text: &str) -> String {
    let quoted = go_quote(text);
    let inside = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(&quoted);
    format!("'{}'", inside.replace("\\\"", "\"").replace('\'', "\\'"))
}

/// Quotes texts, with commas between them.
pub(super) fn quote_all<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    texts.into_iter().map(quote).collect::<Vec<_>>().join(", ")
}

/// Says how many there are and how many there should be.
pub(super) fn count(keyword: &str, got: usize, want: f64) -> String {
    format!("{keyword}: got {}, want {}", grouped(got as f64), grouped(want))
}
