//! How commands end and how errors are shown.

use std::io::Write;
use std::path::{Path, PathBuf};
use trueup::manifest::json::JsonStyle;
use trueup::manifest::{Diagnostic, FileTree};
use trueup_host::{Styling, render_diagnostic};

/// Where a command writes.
pub struct Console<'w> {
    /// Results.
    pub out: &'w mut dyn Write,
    /// Diagnostics and complaints.
    pub err: &'w mut dyn Write,
    /// Whether `out` shows colours.
    pub out_colours: bool,
    /// Whether `err` shows colours.
    pub err_colours: bool,
}

impl Console<'_> {
    /// Writes a result.
    pub(crate) fn print(&mut self, text: &str) -> Result<(), Failure> {
        self.out.write_all(text.as_bytes()).map_err(|error| Failure::message("cli/write", error.to_string()))
    }

    /// Writes diagnostics with the lines they are about.
    pub(crate) fn diagnostics<'a>(
        &mut self,
        diagnostics: impl Iterator<Item = &'a Diagnostic>,
        tree: &FileTree,
    ) {
        let styling = if self.err_colours { Styling::Coloured } else { Styling::Plain };
        for diagnostic in diagnostics {
            // There is nowhere to complain to when complaints cannot be written.
            _ = writeln!(self.err, "{}\n", render_diagnostic(diagnostic, tree, styling));
        }
    }

    /// Writes why a command failed.
    pub(crate) fn failure(&mut self, failure: &Failure) {
        self.diagnostics(failure.diagnostics.iter(), &failure.tree);
    }

    /// Writes help, or what is wrong with the arguments, and returns the exit code for it.
    pub(crate) fn usage(&mut self, error: &clap::Error) -> u8 {
        let text = error.render();
        let (stream, colours) = match error.use_stderr() {
            true => (&mut self.err, self.err_colours),
            false => (&mut self.out, self.out_colours),
        };
        _ = if colours { write!(stream, "{}", text.ansi()) } else { write!(stream, "{text}") };
        u8::try_from(error.exit_code()).unwrap_or(1)
    }
}

/// What a command found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Finding {
    /// Nothing to tell, or nothing that was asked about.
    Nothing,
    /// There are differences, and the exit code was to say so.
    Differences,
}

/// Why a command failed.
pub(crate) struct Failure {
    diagnostics: Vec<Diagnostic>,
    tree: FileTree,
}

impl Failure {
    /// Something that has no place in a file of the repository.
    pub(crate) fn message(code: &str, message: impl Into<String>) -> Self {
        Self { diagnostics: vec![Diagnostic::error(code, message)], tree: FileTree::default() }
    }

    /// Diagnostics with the tree that has their lines.
    pub(crate) fn diagnostics(diagnostics: Vec<Diagnostic>, tree: FileTree) -> Self {
        Self { diagnostics, tree }
    }
}

/// Makes a path absolute without following links in it.
pub(crate) fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    std::path::absolute(path)
        .map_err(|error| Failure::message("cli/path", format!("`{}`: {error}", path.display())))
}

/// JSON for people: indented, and nothing escaped that need not be.
pub(crate) fn json_style() -> JsonStyle {
    let mut style = JsonStyle::default();
    style.escape_html = false;
    style.indent = Some("  ");
    style
}
