//! Whatever the documents are, patches are made and applied or refused, and lead where they should.
#![no_main]

#[path = "../../crates/patch/tests/fuzz/mod.rs"]
mod fuzz;

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz::patches(input));
