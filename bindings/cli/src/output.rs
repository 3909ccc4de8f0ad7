//! How commands end and how errors are shown.

use anstream::{eprintln, stderr, stdout};
use std::path::{Path, PathBuf};
use trueup::manifest::json::JsonStyle;
use trueup::manifest::{Diagnostic, FileTree};
use trueup_host::{Styling, render_diagnostic};

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

    pub(crate) fn print(&self) {
        print_diagnostics(self.diagnostics.iter(), &self.tree);
    }
}

/// Prints diagnostics to the standard error stream, with colours if it is a terminal.
pub(crate) fn print_diagnostics<'a>(diagnostics: impl Iterator<Item = &'a Diagnostic>, tree: &FileTree) {
    let styling = if stderr().is_terminal() { Styling::Coloured } else { Styling::Plain };
    for diagnostic in diagnostics {
        eprintln!("{}\n", render_diagnostic(diagnostic, tree, styling));
    }
}

/// Whether the standard output is a terminal.
pub(crate) fn is_terminal() -> bool {
    stdout().is_terminal()
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
