//! The command line as a library: the same code behind the program `trueup`, `python -m trueup` and `npx trueup`.

#![forbid(unsafe_code)]

mod apps;
mod arguments;
mod autoplan;
mod build;
mod drift;
mod explain;
mod impact;
mod output;
mod preview;
mod progress;
mod promote;
mod repository;
mod secrets;
mod template;

pub use output::Console;

use arguments::{Arguments, Command};
use clap::Parser;
use std::ffi::OsString;

/// Runs a command line, whose first word is the program's name, and returns the exit code.
///
/// The result goes to `console.out`, diagnostics and complaints to `console.err`.
pub fn run(arguments: impl IntoIterator<Item = OsString>, console: &mut Console<'_>) -> u8 {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => return console.usage(&error),
    };
    let result = match &arguments.command {
        Command::Build(command) => build::run(command, console),
        Command::Explain(command) => explain::run(command, console),
        Command::Template(command) => template::run(command, console),
        Command::Apps(command) => apps::run(command, console),
        Command::Preview(command) => preview::run(command, console),
        Command::Impact(command) => impact::run(command, console),
        Command::Set(command) => promote::set(command, console),
        Command::Promote(command) => promote::run(command, console),
        Command::Secrets(command) => secrets::run(command, console),
        Command::Autoplan(command) => autoplan::run(command, console),
        Command::Drift(command) => drift::run(command, console),
    };
    match result {
        Ok(output::Finding::Nothing) => 0,
        Ok(output::Finding::Differences) => 2,
        Err(failure) => {
            console.failure(&failure);
            1
        }
    }
}
