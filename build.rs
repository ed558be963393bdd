//! Takes the fingerprint of all that decides what is found in an article: models, word lists, and the
//! code that reads and annotates. An index made with others is refused, so that no index mixes two.
//! Not for: the layout of the index, which has a format number of its own.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Files and folders that a stored annotation depends on.
const PARTS: [&str; 11] = [
    "data/lexicons",
    "data/models",
    "src/annotate",
    "src/article.rs",
    "src/dedup",
    "src/lexicon",
    "src/lexicon.rs",
    "src/model.rs",
    "src/read",
    "src/segment",
    "src/text.rs",
];

fn main() -> io::Result<()> {
    let mut hash = FNV_START;
    for part in PARTS {
        println!("cargo:rerun-if-changed={part}");
        for file in files(Path::new(part))? {
            hash = fnv(hash, file.to_string_lossy().as_bytes());
            hash = fnv(hash, &fs::read(&file)?);
        }
    }
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-env=WHOSAID_FINGERPRINT={hash:016x}");
    Ok(())
}

/// The files of a part that go into the program, in an order that no file system decides.
fn files(part: &Path) -> io::Result<Vec<PathBuf>> {
    if part.is_file() {
        return Ok(vec![part.to_owned()]);
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(part)? {
        let path = entry?.path();
        let embedded =
            path.extension().is_some_and(|end| end == "rs" || end == "bin" || end == "txt");
        if path.is_dir() {
            found.extend(files(&path)?);
        } else if embedded {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

const FNV_START: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a: short enough to need no crate here; nobody attacks it.
fn fnv(hash: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(hash, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
