//! Diagnostics for a terminal: the message, the source line underlined, and how we came here.

use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};
use trueup_manifest::{Diagnostic, FileTree, Location, Severity, Span};

/// Whether output goes to a terminal that shows colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Styling {
    /// Text only.
    Plain,
    /// ANSI colours.
    Coloured,
}

/// Renders a diagnostic with the source lines it points to.
///
/// Lines of a file that may hold a secret are never shown, only their place is. Control and bidirectional formatting characters
/// are replaced, so that no file can rewrite the terminal.
pub fn render_diagnostic(diagnostic: &Diagnostic, tree: &FileTree, styling: Styling) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let message = visible(&diagnostic.message);
    let code = visible(&diagnostic.code);
    let help = diagnostic.help.as_deref().map(visible);
    let notes: Vec<String> = diagnostic.notes.iter().map(|note| visible(note)).collect();
    let places: Vec<Place> = diagnostic.locations.iter().map(|location| Place::of(location, tree)).collect();

    let mut group = Group::with_title(level.primary_title(message.as_str()).id(code.as_str()));
    for (position, place) in places.iter().enumerate() {
        let label = if position == 0 { help.as_deref() } else { None };
        group = group.element(place.element(position == 0, label));
    }
    if let (true, Some(help)) = (places.is_empty(), &help) {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    for note in &notes {
        group = group.element(Level::NOTE.no_name().message(note.as_str()));
    }
    let renderer = match styling {
        Styling::Plain => Renderer::plain(),
        Styling::Coloured => Renderer::styled(),
    };
    renderer.render(&[group])
}

struct Place {
    file: String,
    span: Option<Span>,
    /// The lines of the span, and where the span is inside them.
    lines: Option<(String, std::ops::Range<usize>)>,
}

impl Place {
    fn of(location: &Location, tree: &FileTree) -> Self {
        let lines = location.span.and_then(|span| {
            let bytes = tree.read(&location.file).ok()?;
            let text = std::str::from_utf8(bytes).ok()?;
            if may_hold_secret(text) { None } else { lines_of(text, span) }
        });
        Self { file: visible(&location.file), span: location.span, lines }
    }

    fn element<'a>(&'a self, primary: bool, label: Option<&'a str>) -> Element<'a> {
        let (Some(span), Some((lines, range))) = (self.span, &self.lines) else {
            let origin = Origin::path(self.file.as_str());
            return match self.span {
                Some(span) => origin.line(span.start.line).char_column(span.start.column).into(),
                None => origin.into(),
            };
        };
        let kind = if primary { AnnotationKind::Primary } else { AnnotationKind::Context };
        let annotation = kind.span(range.clone()).label(label);
        Snippet::source(lines.as_str())
            .line_start(span.start.line)
            .path(self.file.as_str())
            .annotation(annotation)
            .into()
    }
}

/// The whole lines that a span touches (five at most), made safe to print, and the span inside them.
fn lines_of(text: &str, span: Span) -> Option<(String, std::ops::Range<usize>)> {
    let (start, end) = (span.start.offset, span.end.offset.max(span.start.offset));
    let before = text.get(..start)?;
    let first = before.rfind('\n').map_or(0, |newline| newline + 1);
    let rest = text.get(first..)?;
    let last =
        rest.char_indices().filter(|(i, c)| *c == '\n' && first + i >= end.max(start)).map(|(i, _)| i).next();
    let block = rest.get(..last.unwrap_or(rest.len()))?;
    let length = block.match_indices('\n').nth(4).map_or(block.len(), |(i, _)| i);
    let shown = block.get(..block.floor_char_boundary(length.min(2_000))).unwrap_or(block);
    let shown = visible(shown);
    let from = shown.floor_char_boundary(start - first);
    let to = shown.ceil_char_boundary(end - first).max(from);
    if start - first > shown.len() { None } else { Some((shown, from..to)) }
}

/// Errs on the side of silence: any sign of a Secret in the file hides its lines.
fn may_hold_secret(text: &str) -> bool {
    text.contains("Secret") || text.contains("secretGenerator") || text.contains("stringData")
}

/// Replaces what a terminal would obey rather than show, byte for byte, so that offsets stay.
fn visible(text: &str) -> String {
    let replaced = |c: char| match c {
        '\n' | '\t' => c,
        c if c.is_control() && c.len_utf8() == 1 => '?',
        c if c.is_control() => '\u{A4}',
        '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' => {
            '\u{FFFD}'
        }
        c => c,
    };
    text.chars().map(replaced).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use trueup_manifest::Position;

    fn show(file: &str, text: &str, from: usize, to: usize) -> String {
        let tree = FileTree::from_files([(file, text)]).unwrap();
        let span =
            Span { start: Position::of(text.as_bytes(), from), end: Position::of(text.as_bytes(), to) };
        let diagnostic =
            Diagnostic::error("kustomize/missing-resource", "`../bse` is neither a file nor a directory")
                .at(Location::span(file, span))
                .help("did you mean `../base`?")
                .because("reached from Application `cart-staging`");
        render_diagnostic(&diagnostic, &tree, Styling::Plain)
    }

    #[test]
    fn underlines_the_place() {
        let shown =
            show("a/kustomization.yaml", "kind: Kustomization\nresources:\n  - ../bse\nx: y\n", 35, 41);
        let expected = "\
error[kustomize/missing-resource]: `../bse` is neither a file nor a directory
 --> a/kustomization.yaml:3:5
  |
3 |   - ../bse
  |     ^^^^^^ did you mean `../base`?
  |
  = reached from Application `cart-staging`";
        assert_eq!(shown, expected);
    }

    #[test]
    fn lines_of_secrets_are_not_shown() {
        let shown = show("s.yaml", "kind: Secret\nstringData:\n  password: hunter2\n", 27, 44);
        assert!(shown.contains("s.yaml:3:3"), "{shown}");
        assert!(!shown.contains("hunter2"), "{shown}");
    }

    #[test]
    fn no_file_can_write_to_the_terminal() {
        let shown = show("a.yaml", "a: \u{1b}[2J\u{202E}x\n", 3, 9);
        assert!(!shown.contains('\u{1b}') && !shown.contains('\u{202E}'), "{shown:?}");
    }

    #[test]
    fn odd_spans_do_no_harm() {
        for (from, to) in [(0, 0), (0, 500), (3, 1), (6, 6), (400, 500)] {
            show("a.yaml", "a: b\n\n", from, to);
        }
    }
}
