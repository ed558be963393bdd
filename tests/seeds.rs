//! The inputs kept in `fuzz/seeds`: where the fuzz targets start from, and what they once failed on.

use std::fs;
use std::path::Path;

use crate::checks::{self, CHECKS};

#[test]
fn every_kept_input_passes_its_check() {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
    for folder in fs::read_dir(&seeds).unwrap().map(Result::unwrap) {
        let name = folder.file_name().into_string().unwrap();
        assert!(CHECKS.iter().any(|(check, _)| *check == name), "no check is called {name}");
    }
    for (name, _) in CHECKS {
        let mut inputs = 0;
        for input in fs::read_dir(seeds.join(name)).unwrap().map(Result::unwrap) {
            println!("{}", input.path().display());
            checks::run(name, &fs::read(input.path()).unwrap());
            inputs += 1;
        }
        assert!(inputs > 0, "{name} has nothing to start from");
    }
}

#[test]
fn every_check_has_a_fuzz_target() {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let manifest = fs::read_to_string(fuzz.join("Cargo.toml")).unwrap();
    for (name, _) in CHECKS {
        let code = fs::read_to_string(fuzz.join(format!("fuzz_targets/{name}.rs"))).unwrap();
        assert!(code.contains(&format!("checks::run({name:?}, bytes)")), "{name}");
        assert!(manifest.contains(&format!("name = {name:?}")), "{name}");
    }
}
