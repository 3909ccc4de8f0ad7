#![forbid(unsafe_code)]
//! Differential testing of `trueup-promotion` against `kustomize edit`.
//!
//! ```text
//! trueup-fuzz-promotion --reference KUSTOMIZE [--count N] [--seed S] [--record FILE]
//! ```
//!
//! Each seed is a kustomization and what is set in it. Where kustomize accepts them, ours must mean the same: kustomize sorts
//! images and replicas and drops repeated entries and empty fields, so both are compared after that. With `--record`, each seed's
//! case and kustomize's answer go to a file as lines of JSON.

#[path = "../../../crates/promotion/tests/generate/mod.rs"]
mod generate;
#[path = "../../../crates/promotion/tests/generate/meaning.rs"]
mod meaning;

use meaning::meaning;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, ExitCode};
use trueup_promotion::{Edit, edit};

struct Arguments {
    reference: String,
    count: u64,
    seed: u64,
    record: Option<String>,
}

fn arguments() -> Result<Arguments, String> {
    let mut out = Arguments { reference: String::new(), count: 500, seed: 0, record: None };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let value = words.next().ok_or_else(|| format!("`{word}` needs a value"))?;
        let number = || value.parse::<u64>().map_err(|error| format!("`{word} {value}`: {error}"));
        match word.as_str() {
            "--reference" => out.reference = value,
            "--count" => out.count = number()?,
            "--seed" => out.seed = number()?,
            "--record" => out.record = Some(value),
            _ => return Err(format!("unknown argument `{word}`")),
        }
    }
    Ok(out)
}

fn main() -> ExitCode {
    match arguments().and_then(|arguments| run(&arguments)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            print(&message);
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments) -> Result<bool, String> {
    let directory = std::env::temp_dir().join(format!("trueup-fuzz-promotion-{}", std::process::id()));
    std::fs::create_dir_all(&directory).map_err(|error| error.to_string())?;
    let (mut same, mut refused, mut differences) = (0, 0, 0);
    let mut recorded = String::new();
    for seed in arguments.seed..arguments.seed + arguments.count {
        let case = generate::case(seed);
        let theirs = reference(&arguments.reference, &directory, &case)?;
        let record = serde_json::json!({
            "text": case.text, "what": case.what, "arguments": case.arguments, "kustomize": theirs,
        });
        writeln!(recorded, "{record}").map_err(|error| error.to_string())?;
        let ours = Edit::parse(case.what, &case.arguments).and_then(|edits| edit(&case.text, &edits));
        match (theirs, ours) {
            (None, _) => refused += 1,
            (Some(theirs), Ok(ours)) if meaning(&theirs) == meaning(&ours.text) => same += 1,
            (Some(theirs), ours) => {
                differences += 1;
                let ours = ours.map_or_else(|error| error.to_string(), |edited| edited.text);
                print(&format!(
                    "seed {seed}: {} {:?}\n{}\nours:\n{ours}\ntheirs:\n{theirs}",
                    case.what, case.arguments, case.text
                ));
            }
        }
    }
    if let Some(file) = &arguments.record {
        std::fs::write(file, recorded).map_err(|error| error.to_string())?;
    }
    std::fs::remove_dir_all(&directory).map_err(|error| error.to_string())?;
    print(&format!("{same} the same, {refused} refused by kustomize, {differences} differences"));
    Ok(differences == 0)
}

/// Returns the file as kustomize leaves it; nothing if it refuses.
fn reference(program: &str, directory: &Path, case: &generate::Case) -> Result<Option<String>, String> {
    let file = directory.join("kustomization.yaml");
    std::fs::write(&file, &case.text).map_err(|error| error.to_string())?;
    let done = Command::new(program)
        .args(["edit", "set", case.what, "--"])
        .args(&case.arguments)
        .current_dir(directory)
        .output()
        .map_err(|error| format!("{program}: {error}"))?;
    let text = std::fs::read_to_string(&file).map_err(|error| error.to_string())?;
    Ok(done.status.success().then_some(text))
}

#[expect(clippy::print_stdout, reason = "a command prints")]
fn print(text: &str) {
    println!("{text}");
}
