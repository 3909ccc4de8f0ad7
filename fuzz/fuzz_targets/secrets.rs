//! Whatever the bytes are, the gate and the formats answer.
#![no_main]

#[path = "../../crates/secrets/tests/fuzz/mod.rs"]
mod fuzz;

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz::reads(input));
