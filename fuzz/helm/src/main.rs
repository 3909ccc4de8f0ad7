#![forbid(unsafe_code)]
//! Differential testing of `trueup-helm` against the real Helm.
//!
//! ```text
//! trueup-fuzz-helm tree DIR --reference PATH [--show]
//! trueup-fuzz-helm --reference PATH [--count N] [--seed S] [--print SEED] [--show]
//! ```
//!
//! `tree` renders every chart below a directory, such as checkouts of public charts, with both; what is below another chart's
//! `charts/` is part of that. Without it, each seed is a small chart with values and flags. Outputs must be the same bytes, and
//! what one refuses the other must refuse, in the same words. Nothing is fetched: what needs the network fails on both sides.
//! Charts that want random texts or the time are told apart, since Helm's differ with every run.

mod arguments;
mod compare;
mod generate;
mod render;
#[path = "../../kustomize/src/rng.rs"]
#[expect(dead_code, reason = "the generator of kustomizations uses more of it")]
mod rng;
mod templates;
mod tree;
mod values;

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
        let case = generate::case(seed);
        println!("# helm template rel . {}", case.flags.join(" "));
        for (path, text) in &case.files {
            println!("-- {path}\n{text}");
        }
        return ExitCode::SUCCESS;
    }
    let summary = match &arguments.tree {
        Some(directory) => tree::run(directory, &arguments),
        None => generate::run(&arguments),
    };
    match summary {
        Ok(summary) => {
            println!("{summary}");
            if summary.differences == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}
