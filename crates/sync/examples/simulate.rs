//! Runs whole syncs of random applications: `simulate COUNT FIRST_SEED`.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a program for people: it takes arguments, prints and fails loudly"
)]

/// The simulated cluster.
#[path = "../tests/sim/mod.rs"]
pub mod sim;

fn main() {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<u64>().unwrap());
    let count = arguments.next().unwrap_or(1_000);
    let first = arguments.next().unwrap_or(0);
    let (mut failed, mut runs, mut steps, mut longest) = (0, 0, 0, 0);
    for seed in first..first + count {
        match sim::run_seed(seed) {
            Ok(taken) => {
                runs += taken.runs;
                steps += taken.steps;
                longest = longest.max(taken.longest);
            }
            Err(why) => {
                failed += 1;
                println!("seed {seed}: {why}");
            }
        }
    }
    println!("{count} applications, {runs} runs, {steps} steps ({longest} in one), {failed} failed");
    assert_eq!(failed, 0);
}
