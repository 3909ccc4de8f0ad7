//! Differential testing against Go: makes templates by seed, and compares with the answers that Go gave.
//!
//! `differential generate SEED COUNT` prints cases as JSON lines; `differential check < ANSWERS` reads the same lines
//! with `expected`, `expected_b64` or `error` added, and prints those that differ.
#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "a development tool reads and prints")]

mod generate;
#[path = "../../tests/runner/mod.rs"]
mod runner;

use std::io::BufRead;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize| args.get(at).and_then(|text| text.parse::<u64>().ok()).unwrap_or(1);
    match args.first().map(String::as_str) {
        Some("generate") => (0..number(2)).for_each(|at| println!("{}", generate::case(number(1), at))),
        Some("check") => check(),
        _ => println!("usage: differential generate SEED COUNT | differential check < ANSWERS"),
    }
}

fn check() {
    let (mut all, mut differ) = (0, 0);
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let Ok(case) = serde_json::from_str::<serde_json::Value>(&line) else { continue };
        all += 1;
        if let Err(message) = runner::run_case(&case) {
            differ += 1;
            println!("{}\n{}\n{message}\n", case["name"], case["template"]);
        }
    }
    println!("{all} cases, {differ} differ");
}
