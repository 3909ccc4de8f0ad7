//! `trueup`: what would run, how it differs from what runs, and in which order it is made so.

#![forbid(unsafe_code)]

mod apps;
mod arguments;
mod build;
mod output;
mod preview;
mod progress;
mod repository;

use arguments::{Arguments, Command};
use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match &arguments.command {
        Command::Build(command) => build::run(command),
        Command::Apps(command) => apps::run(command),
        Command::Preview(command) => preview::run(command),
    };
    match result {
        Ok(output::Finding::Nothing) => ExitCode::SUCCESS,
        Ok(output::Finding::Differences) => ExitCode::from(2),
        Err(failure) => {
            failure.print();
            ExitCode::FAILURE
        }
    }
}
