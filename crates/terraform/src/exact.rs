//! JSON whose numbers are written as they were read.

use trueup_manifest::json::{self, JsonStyle};
use trueup_manifest::{Value, View};

/// How a document is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// On one line, keys sorted: equal documents give equal texts.
    Canonical,
    /// As Terraform writes states: two blanks a level, keys in document order.
    Indented,
}

/// Writes a value. Its depth is that of the document it was read from, or of a few levels around that.
pub(crate) fn to_text(value: &Value, layout: Layout) -> String {
    let mut out = String::new();
    write(value, layout, 0, &mut out);
    out
}

fn write(value: &Value, layout: Layout, depth: usize, out: &mut String) {
    match value.view() {
        View::Number(_) if value.source().is_some() => {
            out.push_str(&value.scalar_text().unwrap_or_default());
        }
        View::Seq(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                separate(at, layout, depth + 1, out);
                write(item, layout, depth + 1, out);
            }
            close(items.is_empty(), layout, depth, out);
            out.push(']');
        }
        View::Map(map) => {
            out.push('{');
            let mut entries: Vec<_> = map.iter().collect();
            if layout == Layout::Canonical {
                entries.sort_by_key(|(key, _)| *key);
            }
            let is_empty = entries.is_empty();
            for (at, (key, value)) in entries.into_iter().enumerate() {
                separate(at, layout, depth + 1, out);
                scalar(&Value::from(key.clone()), out);
                out.push_str(if layout == Layout::Indented { ": " } else { ":" });
                write(value, layout, depth + 1, out);
            }
            close(is_empty, layout, depth, out);
            out.push('}');
        }
        _ => scalar(value, out),
    }
}

/// Neither infinities nor NaN come out of JSON, so that every scalar can be written.
fn scalar(value: &Value, out: &mut String) {
    if json::write(value, &JsonStyle::default().with_escape_html(false), out).is_err() {
        out.push_str("null");
    }
}

fn separate(at: usize, layout: Layout, depth: usize, out: &mut String) {
    if at > 0 {
        out.push(',');
    }
    line(layout, depth, out);
}

fn close(is_empty: bool, layout: Layout, depth: usize, out: &mut String) {
    if !is_empty {
        line(layout, depth, out);
    }
}

fn line(layout: Layout, depth: usize, out: &mut String) {
    if layout == Layout::Indented {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    }
}
