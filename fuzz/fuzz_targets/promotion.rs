//! Whatever the text is, it is edited as asked or refused, and edited once only.
#![no_main]

#[path = "../../crates/promotion/tests/fuzz/mod.rs"]
mod fuzz;

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz::edits(input));
