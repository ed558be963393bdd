//! Articles into an index and out of it again.
#![no_main]

#[path = "../../tests/checks.rs"]
mod checks;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| checks::run("index", bytes));
