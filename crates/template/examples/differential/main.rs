//! Differential testing against Go: makes templates by seed, and compares with the answers that Go gave.
//!
//! ```sh
//! cargo build --release -p trueup-template --example differential
//! (cd fuzz/template/reference && go build -tags faketime -o reference .)
//! target/release/examples/differential generate SEED COUNT > cases
//! fuzz/template/reference/reference cases answers
//! target/release/examples/differential check < answers
//! ```
//!
//! Cases are JSON lines; the reference adds `expected`, `expected_b64` or `error` to each, and the time it took for now.
//! `check` compares output and error texts whole, prints what differs and ends with 1 if something did. A case that reaches
//! one of our limits is not generated, since Go has none; how many there were is said on the standard error stream.
//! `fixtures COUNT` writes every case that differs, else COUNT of the answers, as a file for `tests/fixtures`.
//! `corpus DIRECTORY` runs the cases of a directory.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a development tool reads and prints"
)]

mod data;
mod expressions;
mod generate;
mod literals;
mod random;
#[path = "../../tests/runner/mod.rs"]
mod runner;
mod tables;

use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::io::{BufRead, Write};
use std::process::ExitCode;
use trueup_template::ErrorKind;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize| args.get(at).and_then(|text| text.parse::<u64>().ok()).unwrap_or(1);
    match args.first().map(String::as_str) {
        Some("generate") => generate(number(1), number(2)),
        Some("check") => return check(),
        Some("fixtures") => fixtures(number(1)),
        Some("corpus") => corpus(args.get(1).map_or(".", String::as_str)),
        _ => println!(
            "usage: differential generate SEED COUNT | check < ANSWERS | fixtures COUNT < ANSWERS | corpus DIRECTORY"
        ),
    }
    ExitCode::SUCCESS
}

fn generate(seed: u64, count: u64) {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut limited = 0;
    for number in 0..count {
        let case = generate::case(seed, number);
        if runner::render(&case).is_err_and(|error| error.kind() == ErrorKind::Limit) {
            limited += 1;
        } else if writeln!(out, "{case}").is_err() {
            return;
        }
    }
    eprintln!("{limited} of {count} reach a limit and are left out");
}

fn corpus(directory: &str) {
    let results = runner::run_dir(std::path::Path::new(directory));
    let failed = results.iter().filter(|(_, result)| result.is_err()).count();
    println!("{} cases, {failed} fail", results.len());
}

fn answers() -> impl Iterator<Item = Json> {
    let lines = std::io::stdin().lock().lines().map_while(Result::ok);
    lines.filter_map(|line| serde_json::from_str(&line).ok())
}

fn check() -> ExitCode {
    let (mut all, mut differ) = (0_u64, 0_u64);
    let mut classes: BTreeMap<&str, u64> = BTreeMap::new();
    for case in answers() {
        all += 1;
        *classes.entry(class(&case)).or_default() += 1;
        if let Err(message) = runner::run_case(&case) {
            differ += 1;
            let (name, template) = (case.get("name"), case.get("template"));
            println!("{name:?} {:?}\n{template:?}\n{message}\n", case.get("options"));
        }
    }
    println!("{all} cases, {differ} differ; {classes:?}");
    if differ == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What kind of answer Go gave.
fn class(case: &Json) -> &'static str {
    match case.get("error").and_then(Json::as_str) {
        None => "output",
        Some(text) if text.contains(": executing ") => "execution error",
        Some(text) if text.starts_with("panic: ") => "panic",
        Some(_) => "parse error",
    }
}

fn fixtures(count: u64) {
    let (differing, others): (Vec<Json>, Vec<Json>) =
        answers().partition(|case| runner::run_case(case).is_err());
    let kept =
        if differing.is_empty() { others.into_iter().take(count as usize).collect() } else { differing };
    let lines: Vec<String> = kept.iter().map(Json::to_string).collect();
    println!("[\n{}\n]", lines.join(",\n"));
}
