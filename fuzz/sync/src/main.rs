#![forbid(unsafe_code)]
//! Differential testing of `trueup-sync` against Argo CD's gitops-engine.
//!
//! ```text
//! trueup-fuzz-sync --reference PATH [--count N] [--seed S] [--stop-after N] [--print SEED]
//! ```
//!
//! Each seed is an application, a cluster with its faults, and the options of a sync. The sync is followed call by call to its end:
//! our state machine and the reference, built by `fuzz/reference.sh sync PROGRAM`, get the same observation and the same answers, and must ask for the
//! same actions in the same order and come to the same state, message and results. Two differences are on purpose: our dry runs do
//! not touch hooks that an earlier sync left, and what an application does not own is never touched, so neither is generated.

mod cluster;
mod reference;
mod rng;
mod run;
mod scenario;

use std::process::ExitCode;

struct Arguments {
    reference: String,
    count: u64,
    seed: u64,
    stop_after: u64,
    print: Option<u64>,
}

fn arguments() -> Result<Arguments, String> {
    let mut out = Arguments { reference: String::new(), count: 1_000, seed: 0, stop_after: 1, print: None };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let value = words.next().ok_or_else(|| format!("`{word}` needs a value"))?;
        let number = || value.parse::<u64>().map_err(|error| format!("`{word} {value}`: {error}"));
        match word.as_str() {
            "--reference" => out.reference = value,
            "--count" => out.count = number()?,
            "--seed" => out.seed = number()?,
            "--stop-after" => out.stop_after = number()?,
            "--print" => out.print = Some(number()?),
            _ => return Err(format!("unknown argument `{word}`")),
        }
    }
    Ok(out)
}

fn main() -> ExitCode {
    let arguments = match arguments() {
        Ok(arguments) => arguments,
        Err(message) => return fail(&message),
    };
    if let Some(seed) = arguments.print {
        print(&format!("{:#?}", scenario::generate(seed)));
        return ExitCode::SUCCESS;
    }
    let mut reference = match reference::Reference::start(&arguments.reference) {
        Ok(reference) => reference,
        Err(message) => return fail(&message),
    };
    let (mut differences, mut calls, mut done) = (0, 0, 0);
    for seed in arguments.seed..arguments.seed + arguments.count {
        match run::run(&scenario::generate(seed), &mut reference) {
            Ok(taken) => calls += taken,
            Err(why) => {
                differences += 1;
                print(&format!("seed {seed}: {why}"));
            }
        }
        done += 1;
        if differences >= arguments.stop_after {
            break;
        }
    }
    print(&format!("{done} syncs, {calls} calls, {differences} differences"));
    if differences == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

#[expect(clippy::print_stdout, reason = "a command prints")]
fn print(text: &str) {
    println!("{text}");
}

#[expect(clippy::print_stderr, reason = "a command prints")]
fn fail(text: &str) -> ExitCode {
    eprintln!("{text}");
    ExitCode::from(2)
}
