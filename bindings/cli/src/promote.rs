//! `trueup set` and `trueup promote`: edits of kustomizations.

use crate::arguments::{Promote, Set, What};
use crate::output::{Console, Failure, Finding, absolute};
use std::fs;
use std::path::{Path, PathBuf};
use trueup::manifest::{Diagnostic, EcoString, FileTree};
use trueup::promotion::{Edit, ImageChanged, PromoteOptions, PromotionError, edit, promote};

/// A kustomization on disk.
struct File {
    path: PathBuf,
    name: EcoString,
    text: String,
}

impl File {
    /// Reads a kustomization by its path or that of its directory.
    fn read(path: &Path) -> Result<Self, Failure> {
        const NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];
        let path = absolute(path)?;
        let file = match path.is_dir() {
            true => NAMES.iter().map(|name| path.join(name)).find(|file| file.is_file()),
            false => Some(path.clone()),
        };
        let Some(path) = file else {
            let message = format!("there is no kustomization in `{}`", path.display());
            return Err(Failure::message("cli/no-kustomization", message));
        };
        let text = fs::read_to_string(&path)
            .map_err(|error| Failure::message("cli/read", format!("`{}`: {error}", path.display())))?;
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        Ok(Self { path, name: name.into(), text })
    }

    /// Returns the tree that has the lines of errors.
    fn tree(&self) -> FileTree {
        FileTree::from_files([(&self.name, self.text.as_str())]).unwrap_or_default()
    }

    fn failure(&self, error: &PromotionError) -> Failure {
        Failure::diagnostics(vec![error.diagnostic_in(self.name.clone())], self.tree())
    }

    fn notes(&self, mut notes: Vec<Diagnostic>, console: &mut Console<'_>) {
        for location in notes.iter_mut().flat_map(|note| &mut note.locations) {
            location.file = self.name.clone();
        }
        console.diagnostics(notes.iter(), &self.tree());
    }

    /// Writes the text where that was asked for and something changed, else to the terminal.
    fn finish(&self, text: &str, write: bool, console: &mut Console<'_>) -> Result<(), Failure> {
        match (write, text == self.text) {
            (false, _) => console.print(text),
            (true, true) => Ok(()),
            (true, false) => fs::write(&self.path, text).map_err(|error| {
                Failure::message("cli/write", format!("`{}`: {error}", self.path.display()))
            }),
        }
    }
}

pub(crate) fn set(command: &Set, console: &mut Console<'_>) -> Result<Finding, Failure> {
    let file = File::read(&command.kustomization)?;
    let what = match command.what {
        What::Image => "image",
        What::Replicas => "replicas",
        What::Namespace => "namespace",
        What::Nameprefix => "nameprefix",
        What::Namesuffix => "namesuffix",
        What::Label => "label",
        What::Annotation => "annotation",
    };
    let edits = Edit::parse(what, &command.arguments)
        .map_err(|error| Failure::message(error.code(), error.to_string()))?;
    let edited = edit(&file.text, &edits).map_err(|error| file.failure(&error))?;
    file.notes(edited.notes, console);
    file.finish(&edited.text, command.write, console)?;
    Ok(Finding::Nothing)
}

pub(crate) fn run(command: &Promote, console: &mut Console<'_>) -> Result<Finding, Failure> {
    let (from, to) = (File::read(&command.from)?, File::read(&command.to)?);
    let mut options = PromoteOptions::default();
    if !command.image.is_empty() {
        options = options.only(command.image.iter().map(String::as_str));
    }
    options.include_new = command.include_new;
    let promotion = promote(&from.text, &to.text, &options).map_err(|error| to.failure(&error))?;
    to.notes(promotion.notes, console);
    to.finish(&promotion.text, command.write, console)?;
    if command.write {
        let lines: String = promotion.changes.iter().map(line).collect();
        console.print(&lines)?;
    }
    Ok(Finding::Nothing)
}

/// One line a change: the image, what it was and what it is.
fn line(changed: &ImageChanged) -> String {
    let before = changed.before.as_ref().map_or_else(|| "none".to_owned(), ToString::to_string);
    format!("{}: {before} → {}\n", changed.name, changed.after)
}
