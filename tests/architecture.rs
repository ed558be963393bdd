//! The dependency rules of the architecture page (`src/lib.rs`), kept by reading the sources.
//!
//! Not for: what the modules do.

use std::fs;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

/// The modules in pipeline order: each may name itself and those before it.
const ORDER: &[&str] = &[
    "fetch", "text", "report", "article", "model", "segment", "lexicon", "dedup", "read",
    "annotate", "index", "output", "pipeline", "eval", "train", "serve", "commands", "args",
    "main",
];

/// Two that share a place: both read marked articles, and neither is part of the user's runs.
const PEERS: [&str; 2] = ["eval", "train"];

/// Crates that only some modules may name.
const ONLY: &[(&str, &[&str])] = &[
    ("tantivy", &["index"]),
    ("rayon", &["pipeline", "main"]),
    ("clap", &["args", "main"]),
    ("trafilatura", &["read"]),
];

/// One source file: its top module and its code without comment lines.
struct File {
    path: PathBuf,
    module: String,
    code: String,
}

fn files() -> Vec<File> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let entries = WalkDir::new(&src).into_iter().map(Result::unwrap);
    let rust = entries.filter(|e| e.path().extension().is_some_and(|x| x == "rs"));
    rust.map(|entry| {
        let path = entry.path().strip_prefix(&src).unwrap().to_path_buf();
        let top = path.components().next().unwrap().as_os_str().to_str().unwrap();
        let text = fs::read_to_string(entry.path()).unwrap();
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        File {
            module: top.trim_end_matches(".rs").into(),
            code: code.collect::<Vec<_>>().join("\n"),
            path,
        }
    })
    .collect()
}

/// The first path segments named behind `root::` in `code`, brace groups opened.
fn named<'a>(code: &'a str, root: &str) -> Vec<&'a str> {
    let after = |found: &str| found.ends_with(|c: char| c.is_alphanumeric() || c == '_');
    let mut names = Vec::new();
    for (at, _) in code.match_indices(root).filter(|&(at, _)| !after(&code[..at])) {
        let rest = &code[at + root.len()..];
        match rest.strip_prefix('{') {
            Some(group) => names.extend(group_heads(group)),
            None => names.push(identifier(rest)),
        }
    }
    names
}

/// The first identifier of every item of a brace group, nested groups passed over.
fn group_heads(group: &str) -> Vec<&str> {
    let (mut depth, mut start, mut heads) = (0, 0, Vec::new());
    for (at, byte) in group.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth > 0 => depth -= 1,
            b',' | b'}' if depth == 0 => {
                heads.push(identifier(group[start..at].trim_start()));
                start = at + 1;
                if byte == b'}' {
                    break;
                }
            }
            _ => {}
        }
    }
    heads.retain(|head| !head.is_empty());
    heads
}

fn identifier(code: &str) -> &str {
    let end = code.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(code.len());
    &code[..end]
}

fn rank(module: &str) -> Option<usize> {
    ORDER.iter().position(|&name| name == module)
}

/// What of `file` breaks the order of the modules.
fn backward(file: &File) -> Vec<String> {
    let own = if file.module == "lib" { Some(ORDER.len()) } else { rank(&file.module) };
    let own = own.unwrap_or_else(|| panic!("{} is in no place of ORDER", file.module));
    let names = [named(&file.code, "crate::"), named(&file.code, "whosaid::")].concat();
    let peers = |name: &str| PEERS.contains(&name) && PEERS.contains(&file.module.as_str());
    let later = names.into_iter().filter(|name| rank(name).is_some_and(|rank| rank > own));
    let later = later.filter(|name| !peers(name));
    later.map(|name| format!("{}: {} names {name}", file.path.display(), file.module)).collect()
}

/// Which reserved crates `file` names though it may not.
fn trespasses(file: &File) -> Vec<String> {
    let reserved = ONLY.iter().filter(|(_, modules)| !modules.contains(&file.module.as_str()));
    let named = reserved.filter(|(name, _)| !named(&file.code, &format!("{name}::")).is_empty());
    named.map(|(name, _)| format!("{} names {name}", file.path.display())).collect()
}

#[test]
fn dependencies_point_one_way() {
    let backward: Vec<_> = files().iter().flat_map(backward).collect();
    assert!(backward.is_empty(), "{backward:#?}");
}

#[test]
fn reserved_crates_are_named_where_they_belong() {
    let trespasses: Vec<_> = files().iter().flat_map(trespasses).collect();
    assert!(trespasses.is_empty(), "{trespasses:#?}");
}

#[test]
fn only_the_lexicon_embeds_lexicons() {
    let embeds =
        |file: &File| file.code.contains("include_") && file.code.contains("data/lexicons");
    let others: Vec<_> = files().into_iter().filter(embeds).collect();
    assert!(others.iter().all(|file| file.module == "lexicon"));
}

#[test]
fn the_map_shows_every_module_in_order() {
    let page =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    let rows = page.lines().filter_map(|line| line.strip_prefix("//! | ")?.split('`').nth(1));
    let shown: Vec<&str> = rows.filter(|name| rank(name).is_some()).collect();
    let mut modules: Vec<String> = files().into_iter().map(|file| file.module).collect();
    modules.retain(|module| module != "lib");
    modules.sort_by_key(|module| rank(module));
    modules.dedup();
    assert_eq!(shown, modules, "left: the table in src/lib.rs");
}

#[test]
fn every_file_says_what_it_is() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for file in files() {
        let text = fs::read_to_string(src.join(&file.path)).unwrap();
        assert!(text.starts_with("//! "), "{} starts without a word", file.path.display());
    }
}

#[test]
fn a_trespass_is_noticed() {
    let file = |module: &str, code: &str| File {
        path: module.into(),
        module: module.into(),
        code: code.into(),
    };
    assert_eq!(backward(&file("read", "use crate::{text::Span, index::{A, B}};")).len(), 1);
    assert_eq!(backward(&file("index", "fn f() { crate::pipeline::run() }")).len(), 1);
    assert!(backward(&file("index", "use crate::article::Article;")).is_empty());
    assert_eq!(trespasses(&file("commands", "use tantivy::Index;")).len(), 1);
    assert!(trespasses(&file("pipeline", "use rayon::prelude::*;")).is_empty());
}
