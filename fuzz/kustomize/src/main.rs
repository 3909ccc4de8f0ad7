#![forbid(unsafe_code)]
//! Differential testing of `trueup-kustomize` against the real kustomize.
//!
//! ```text
//! trueup-fuzz-kustomize --reference PATH [--count N] [--seed S] [--jobs J] [--keep DIR]
//!                       [--per-cause N] [--budget BUILDS] [--words] [--command 'cmd {flags} {dir}'] [--print SEED]
//! trueup-fuzz-kustomize tree DIR --reference PATH [--jobs J]
//! ```
//!
//! Each seed is a small tree with a kustomization. The reference, built from `reference/`, and our crate build it; outputs
//! must be the same bytes, and what one refuses the other must refuse. Differences are made small and kept in `DIR`, a few of
//! each cause, in the format of the recorded fixtures. With `--command` an external command stands in for our crate.
//! `tree` builds every kustomization below a directory instead, such as checkouts of real repositories.

mod arguments;
mod builders;
mod case;
mod compare;
mod features;
mod fields;
mod generators;
mod kinds;
mod layer;
mod malformed;
mod minimize;
mod node;
mod noise;
mod patches;
mod plugins;
mod pods;
mod quiet;
mod replacements;
mod report;
mod resources;
mod rng;
mod run;
mod scalars;
mod schemas;
mod shapes;
mod tree;
mod watchdog;

use std::process::ExitCode;

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "a command prints")]
fn main() -> ExitCode {
    let arguments = match arguments::parse(std::env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::from(2);
        }
    };
    if let Some(seed) = arguments.print {
        let case = case::generate(seed);
        println!("# run {} {:?}", case.run, case.flags);
        for (path, bytes) in &case.files {
            println!("-- {path}\n{}", String::from_utf8_lossy(bytes));
        }
        return ExitCode::SUCCESS;
    }
    let outcome = match &arguments.tree {
        Some(directory) => tree::run(directory, &arguments)
            .map(|summary| (summary.to_string(), summary.differences() as u64)),
        None => run::run(&arguments).map(|summary| (summary.to_string(), summary.differences())),
    };
    match outcome {
        Ok((text, differences)) => {
            println!("{text}");
            if differences == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}
