//! The frame that the runners of the crates share: what becomes of a case, and a directory of them, one JSON file each.

use serde_json::Value as Json;
use std::path::Path;

/// What became of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It gave what was expected.
    Pass,
    /// It did not.
    Fail(String),
    /// It is not about this crate.
    Skip(String),
}

/// Runs every case of a directory, in the order of their file names; a file that is no case fails.
pub fn run_each(dir: &Path, run: impl Fn(&Json) -> Outcome) -> Vec<(String, Outcome)> {
    let Ok(entries) = std::fs::read_dir(dir) else { return Vec::new() };
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    let run = |path: &std::path::PathBuf| match read(path) {
        Ok(case) => (case["name"].as_str().unwrap_or_default().to_owned(), run(&case)),
        Err(why) => (path.display().to_string(), Outcome::Fail(why)),
    };
    paths.iter().map(run).collect()
}

fn read(path: &Path) -> Result<Json, String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    serde_json::from_str(&text).map_err(|error| error.to_string())
}
