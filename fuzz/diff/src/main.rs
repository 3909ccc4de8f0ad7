#![forbid(unsafe_code)]
//! Differential testing of `trueup-patch`, `trueup-diff` and `trueup-health` against the libraries that Argo CD uses.
//!
//! ```text
//! trueup-fuzz-diff --reference PATH --openapi SWAGGER [--count N] [--seed S] [--only OP[,OP]] [--keep FILE]
//!                  [--per-cause N] [--words] [--record FILE] [--print SEED]
//! ```
//!
//! Each seed is one question: a patch to make or apply, two objects to compare, a Secret to mask, an object to judge. The
//! reference, built from `reference/`, and our crates answer; answers must be the same JSON, and what one refuses the
//! other must refuse. Differences are made small and written to `FILE`, a line each, in the format of the recorded
//! fixtures. `SWAGGER` is `api/openapi-spec/swagger.json` of Kubernetes; `widgets.json` is added to it.

mod answers;
mod arguments;
mod compare;
mod compared;
mod managed;
mod minimize;
mod mutate;
mod ours;
mod patched;
mod question;
mod reference;
#[path = "../../kustomize/src/rng.rs"]
mod rng;
mod rules;
mod run;
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
        println!("{}", question::generate(seed, &arguments.only).to_json());
        return ExitCode::SUCCESS;
    }
    match run::run(&arguments) {
        Ok(summary) => {
            println!("{summary}");
            if summary.differences() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}
