//! Keeping reproductions: a directory each, in the format of the recorded fixtures.

use crate::builders::Answer;
use crate::case::Case;
use crate::compare::Difference;
use std::fs;
use std::io;
use std::path::Path;

/// Writes a reproduction below a directory.
///
/// # Errors
/// What the file system says.
pub(crate) fn keep(
    dir: &Path,
    name: &str,
    seed: u64,
    case: &Case,
    difference: &Difference,
    answers: (&Answer, &Answer),
) -> io::Result<()> {
    let dir = dir.join(name);
    for (path, bytes) in &case.files {
        let path = dir.join("input").join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, bytes)?;
    }
    fs::create_dir_all(&dir)?;
    let (reference, ours) = answers;
    let json = serde_json::to_string_pretty(&description(name, case, reference)).map_err(io::Error::other)?;
    fs::write(dir.join("case.json"), json + "\n")?;
    if let Answer::Output(bytes) = reference {
        fs::write(dir.join("expected.yaml"), bytes)?;
    }
    let note = format!("seed {seed}\n{}: {}\n", difference.class.name(), difference.cause);
    fs::write(dir.join("note.txt"), note)?;
    write_answer(&dir.join("ours.txt"), ours)?;
    write_answer(&dir.join("reference.txt"), reference)
}

fn write_answer(path: &Path, answer: &Answer) -> io::Result<()> {
    match answer {
        Answer::Output(bytes) => fs::write(path, bytes),
        Answer::Error(text) | Answer::Unsupported(text) => fs::write(path, format!("Error: {text}\n")),
        Answer::Crash(text) => fs::write(path, format!("Crash: {text}\n")),
    }
}

fn description(name: &str, case: &Case, reference: &Answer) -> serde_json::Value {
    let mut options = serde_json::Map::new();
    if !case.flags.reorder.is_empty() {
        options.insert("reorder".to_owned(), case.flags.reorder.into());
    }
    if case.flags.unrestricted {
        options.insert("load_restrictor".to_owned(), "none".into());
    }
    if case.flags.managed_by {
        options.insert("add_managed_by_label".to_owned(), true.into());
    }
    let mut description = serde_json::json!({
        "name": name,
        "source": "own",
        "run": case.run,
        "options": options,
        "expect": "output",
        "needs": [],
        "expected_source": "kustomize-5.8.1",
    });
    if let (Answer::Error(text), Some(object)) = (reference, description.as_object_mut()) {
        object.insert("expect".to_owned(), "error".into());
        let text: Vec<&str> = text.split_whitespace().collect();
        object.insert("error_contains".to_owned(), text.join(" ").into());
    }
    description
}
