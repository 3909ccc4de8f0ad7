//! Whatever the objects are, they are compared or refused, and are in sync with themselves.
#![no_main]

#[path = "../../crates/diff/tests/fuzz/mod.rs"]
mod fuzz;

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz::compares(input));
