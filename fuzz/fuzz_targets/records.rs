//! Telling what a file is, and cutting it into records.
#![no_main]

#[path = "../../tests/checks.rs"]
mod checks;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| checks::run("records", bytes));
