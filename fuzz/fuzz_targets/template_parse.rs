//! Whatever the text is, parsing a template returns.
#![no_main]

#[path = "../../crates/template/tests/fuzz/mod.rs"]
mod fuzz;

libfuzzer_sys::fuzz_target!(|text: &[u8]| fuzz::parse(text));
