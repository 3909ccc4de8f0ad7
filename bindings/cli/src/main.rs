//! `trueup`: what would run, how it differs from what runs, and in which order it is made so.

#![forbid(unsafe_code)]

use std::io::{BufWriter, IsTerminal, Write, stderr, stdout};
use std::process::ExitCode;
use trueup_cli::{Console, run};

fn main() -> ExitCode {
    let (out_colours, err_colours) = (stdout().is_terminal(), stderr().is_terminal());
    let mut out = BufWriter::new(stdout().lock());
    let mut err = stderr().lock();
    let mut console = Console { out: &mut out, err: &mut err, out_colours, err_colours };
    let code = run(std::env::args_os(), &mut console);
    // Whoever reads the output may have gone; that is no failure of the work.
    _ = out.flush();
    ExitCode::from(code)
}
