//! Differential testing against Argo CD: makes ApplicationSets with a world by seed, and compares with the answers of
//! Argo CD's own packages.
//!
//! ```sh
//! cargo build --release -p trueup-appset --example differential
//! fuzz/reference.sh appset target/appset-reference
//! target/release/examples/differential generate SEED COUNT > cases
//! target/appset-reference < cases > answers
//! target/release/examples/differential check < answers
//! target/release/examples/differential fixtures 0 < answers | target/appset-reference \
//!     | target/release/examples/differential check
//! ```
//!
//! Cases are conformance cases of kind `applications`, one JSON line each; the reference adds `expect`. `check` compares
//! Applications and error texts whole, prints what differs and ends with 1 if something did. Clusters come out of a Go map:
//! of a few thousand answers one may be that of another order than all the times that the reference asked, which is why
//! what differs is asked again. Where Argo CD panics over what
//! we merge (see `panics`), our answer is only checked for being one.
//! `fixtures COUNT` writes every answer that differs, else COUNT of them, as JSON lines for `tests/fixtures`.
//! `examples DIRECTORY` makes the cases of Argo CD's own examples, which are in its directory `applicationset/examples`.
//! `corpus DIRECTORY` runs the cases of a directory.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a development tool reads and prints"
)]

mod examples;
mod generate;
mod generators;
#[path = "../../../template/examples/differential/random.rs"]
mod random;
#[path = "../../tests/runner/mod.rs"]
mod runner;
mod template;
mod world;

use runner::Outcome;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::io::BufRead;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize| args.get(at).and_then(|text| text.parse::<u64>().ok()).unwrap_or(1);
    match args.first().map(String::as_str) {
        Some("generate") => (0..number(2)).for_each(|at| println!("{}", generate::case(number(1), at))),
        Some("examples") => {
            examples::cases(args.get(1).map_or(".", String::as_str))
                .iter()
                .for_each(|case| println!("{case}"));
        }
        Some("check") => return check(),
        Some("fixtures") => fixtures(number(1)),
        Some("corpus") => corpus(args.get(1).map_or(".", String::as_str)),
        _ => println!(
            "usage: differential generate SEED COUNT | examples DIRECTORY | check < ANSWERS | fixtures COUNT < ANSWERS | corpus DIRECTORY"
        ),
    }
    ExitCode::SUCCESS
}

/// Runs the cases of a directory.
fn corpus(directory: &str) {
    let results = runner::run_dir(std::path::Path::new(directory));
    let failed = results.iter().filter(|(_, outcome)| *outcome != Outcome::Pass).count();
    println!("{} cases, {failed} do not pass", results.len());
}

fn answers() -> impl Iterator<Item = Json> {
    let lines = std::io::stdin().lock().lines().map_while(Result::ok);
    lines.filter_map(|line| serde_json::from_str(&line).ok())
}

/// Argo CD panics where a map of strings is overridden by a map of anything; we merge (see the crate's documentation).
fn panics(case: &Json) -> bool {
    let text = case["expect"]["error"].as_str().unwrap_or_default();
    text.starts_with("reflect.Value.SetMapIndex: value of type ")
}

fn check() -> ExitCode {
    let (mut all, mut differ) = (0_u64, 0_u64);
    let mut classes: BTreeMap<String, u64> = BTreeMap::new();
    for case in answers() {
        all += 1;
        let class = match &case["expect"]["reason"] {
            Json::String(reason) => reason.clone(),
            _ => format!(
                "{} applications",
                case["expect"]["applications"].as_array().map_or(0, Vec::len).min(3)
            ),
        };
        *classes.entry(class).or_default() += 1;
        if let Outcome::Fail(message) = runner::run_one(&case)
            && !panics(&case)
        {
            differ += 1;
            println!("{}\n{}\n{}\n{message}\n", case["name"], case["appset"]["spec"], case["inputs"]);
        }
    }
    println!("{all} cases, {differ} differ; {classes:?}");
    if differ == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn fixtures(count: u64) {
    let usable = answers().filter(|case| !panics(case));
    let (passing, differing): (Vec<Json>, Vec<Json>) =
        usable.partition(|case| runner::run_one(case) == Outcome::Pass);
    let kept =
        if differing.is_empty() { passing.into_iter().take(count as usize).collect() } else { differing };
    kept.iter().for_each(|case| println!("{case}"));
}
