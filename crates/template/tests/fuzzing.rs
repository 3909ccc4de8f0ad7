//! The inputs that fuzzing kept, one for each way through the code, and random ones.
#![expect(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests read their fixtures, and fail by panicking"
)]

mod fuzz;

use std::path::Path;
use trueup_template::{Random, Seed};

fn corpus(target: &str) -> Vec<Vec<u8>> {
    let directory = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus")).join(target);
    let text = std::fs::read_to_string(directory.with_extension("json")).unwrap();
    let inputs: Vec<String> = serde_json::from_str(&text).unwrap();
    // Latin-1: each character is a byte.
    inputs.iter().map(|input| input.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect()).collect()
}

#[test]
fn parser() {
    let inputs = corpus("parse");
    assert!(!inputs.is_empty());
    inputs.iter().for_each(|input| fuzz::parse(input));
}

#[test]
fn evaluator() {
    let inputs = corpus("evaluate");
    assert!(!inputs.is_empty());
    inputs.iter().for_each(|input| fuzz::evaluate(input));
}

/// Inputs of the corpus, mixed: pieces of two, a byte changed here and there.
#[test]
fn mixtures() {
    let seed = Seed(7);
    let mut next = seed.stream();
    let mut below = |bound: usize| (next() % bound.max(1) as u64) as usize;
    let inputs = corpus("evaluate");
    for _ in 0..2_000 {
        let (first, second) = (&inputs[below(inputs.len())], &inputs[below(inputs.len())]);
        let mut mixed = first[..below(first.len() + 1)].to_vec();
        mixed.extend(&second[below(second.len() + 1)..]);
        if !mixed.is_empty() {
            let at = below(mixed.len());
            mixed[at] = b"{}().|$\"-:= \n"[below(13)];
        }
        fuzz::parse(&mixed);
        fuzz::evaluate(&mixed);
    }
}
