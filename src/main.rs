//! Parse, call one command, exit code. Nothing else.

fn main() {}
