//! Whatever the template is, rendering it returns, the same twice and within the limits.
#![no_main]

#[path = "../../crates/template/tests/fuzz/mod.rs"]
mod fuzz;

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz::evaluate(input));
