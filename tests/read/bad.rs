//! Files that are broken, odd or none: each comes out as stated, and the rest is read.

use std::path::Path;

use whosaid::read::{ReadOptions, feed, records, walk};
use whosaid::report::ProblemKind::{self, *};

use super::read_file;
use crate::checks::read_all;

/// File, and what comes out of it: the start of a text, or the kind, the place and a part of the
/// reason of a problem.
const EXPECTED: &[(&str, &[Out])] = &[
    ("blank.txt", &[Bad(NoText, "", "white space")]),
    ("bom.json", &[Good("Quay shut\n\nThe harbour")]),
    (
        "broken.jsonl",
        &[
            Good("Fine."),
            Bad(Malformed, "line 2, column 2", "not a JSON article"),
            Bad(NoText, "line 3", "no text"),
            Bad(Malformed, "line 4, column 23", "trailing"),
        ],
    ),
    ("bytes.jsonl", &[Good("Fine."), Bad(Malformed, "line 2", "not UTF-8 at byte 13")]),
    ("cut.json", &[Good("One\n\nWhole."), Bad(Malformed, "line 2", "cut short")]),
    ("cut.jsonl", &[Good("Whole."), Bad(Malformed, "line 2, column 17", "cut short")]),
    ("cut.txt.gz", &[Bad(Malformed, "", "cut short")]),
    ("empty.txt", &[Bad(NoText, "", "empty file")]),
    ("garbage.gz", &[Bad(Malformed, "", "damaged")]),
    ("latin1.txt", &[Good("Le maire de Besançon a déclaré : « Ça ira, »")]),
    (
        "mixed.json",
        &[
            Good("Fine."),
            Bad(Malformed, "line 1", "bare word"),
            Bad(Malformed, "line 1", "number"),
            Bad(Malformed, "line 1", "string"),
            Bad(NoText, "line 1", "array"),
            Good("Fine too."),
        ],
    ),
    (
        "no-text.jsonl",
        &[Good("Fine."), Bad(NoText, "line 3", "no text"), Bad(NoText, "line 4", "no text")],
    ),
    ("noise.txt", &[Bad(NotText, "", "control characters")]),
    ("nul.txt", &[Good("The quay is closed.\n\nNobody [31m swims here.")]),
    ("photo.txt", &[Bad(NotText, "", "PNG")]),
    ("python.jsonl", &[Good("Half a pair: \u{FFFD}.")]),
    ("report.pdf", &[Bad(NotText, "", "PDF")]),
    ("table.csv", &[Bad(NotText, "", "table")]),
    ("twice.jsonl", &[Bad(Malformed, "line 1", "twice"), Good("Same.")]),
    ("utf16be.txt", &[Good("The harbour office closed the east quay on Monday.\n\n“Nobody")]),
    ("utf16le.txt", &[Good("The harbour office closed the east quay on Monday.\n\n“Nobody")]),
    ("windows.txt", &[Good("The quay is closed.\n\n“Nobody swims here,” said Ada Lorne.")]),
];

enum Out {
    Good(&'static str),
    Bad(ProblemKind, &'static str, &'static str),
}
use Out::{Bad, Good};

fn fixtures() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/bad")
}

#[test]
fn every_bad_file_is_told_with_place_and_reason() {
    for (name, expected) in EXPECTED {
        let found = read_all(&fixtures().join(name), &ReadOptions::default());
        let told = format!("{name}: {found:#?}");
        let got = expected.len();
        assert!(found.len() >= got, "{told}");
        for (found, expected) in found.iter().zip(*expected) {
            match (found, expected) {
                (Ok(article), Good(text)) => assert!(article.text.starts_with(text), "{told}"),
                (Err(problem), Bad(kind, place, reason)) => {
                    assert_eq!(problem.kind, *kind, "{told}");
                    assert_eq!(problem.place.as_deref().unwrap_or(""), *place, "{told}");
                    assert!(problem.reason.contains(reason), "{told}");
                    assert!(problem.path.ends_with(name), "{told}");
                }
                _ => panic!("{told}"),
            }
        }
        assert_eq!(found.len(), got, "{told}");
    }
}

#[test]
fn a_cut_archive_gives_its_whole_records_first() {
    let lines: String = (0..20_000u64)
        .map(|i| {
            format!(
                "{{\"text\": \"Record {i} says {}.\"}}\n",
                i.wrapping_mul(0x9E37_79B9_7F4A_7C15)
            )
        })
        .collect();
    let packed = zstd::encode_all(lines.as_bytes(), 1).unwrap();
    let gzip = std::fs::read(fixtures().join("cut.jsonl.gz")).unwrap();
    for (name, bytes) in
        [("cut.jsonl.zst", &packed[..packed.len() * 3 / 4]), ("cut.jsonl.gz", &gzip)]
    {
        let found = read_file(name, bytes);
        let (last, whole) = found.split_last().unwrap();
        assert!(whole.len() > 3 && whole.iter().all(Result::is_ok), "{name}: {}", whole.len());
        let problem = last.as_ref().unwrap_err();
        assert_eq!(problem.kind, Malformed, "{problem}");
        assert_eq!(
            problem.place.as_deref(),
            Some(&*format!("line {}", whole.len() + 1)),
            "{problem}"
        );
    }
}

#[test]
fn a_compression_bomb_is_stopped() {
    let filler = vec![b'x'; 1 << 20];
    let mut bomb = zstd::Encoder::new(Vec::new(), 1).unwrap();
    for _ in 0..200 {
        std::io::Write::write_all(&mut bomb, &filler).unwrap();
    }
    let found = read_file("bomb.jsonl.zst", bomb.finish().unwrap());
    let told = format!("{found:?}");
    assert!(matches!(&found[..], [Err(problem)] if problem.reason.contains("bomb")), "{told}");
}

#[test]
fn nesting_is_refused_or_flattened() {
    let deep = "[".repeat(100_000);
    let found = read_file("deep.json", &deep);
    assert!(matches!(&found[..], [Err(problem)] if problem.kind == TooDeep), "{found:?}");
    let object =
        format!("{}1{}\n{{\"text\": \"Fine.\"}}\n", "{\"a\":".repeat(100_000), "}".repeat(100_000));
    let found = read_file("deep.jsonl", object);
    assert!(matches!(&found[..], [Err(problem), Ok(_)] if problem.kind == TooDeep), "{found:?}");
    let page = format!(
        "<html><body>{}<p>The ferry was late, and nobody on the quay was surprised by that at all, said the \
         harbour master on Monday.</p>{}",
        "<div>".repeat(100_000),
        "</div>".repeat(100_000)
    );
    let found = read_file("deep.html", page);
    assert!(matches!(&found[..], [Ok(article)] if article.text.contains("The ferry was late")));
}

#[test]
fn the_limit_is_for_one_article() {
    let options = ReadOptions { max_file_size: 100, ..ReadOptions::default() };
    let folder = tempfile::tempdir().unwrap();
    let long = "word ".repeat(50);
    let lines =
        format!("{{\"text\": \"One.\"}}\n{{\"text\": \"{long}\"}}\n{{\"text\": \"Three.\"}}\n");
    let array =
        format!("[{{\"text\": \"One.\"}}, {{\"text\": \"{long}\"}}, {{\"text\": \"Three.\"}}]");
    for (name, bytes) in [("a.jsonl", &lines), ("b.json", &array), ("c.txt", &long)] {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    let found = read_all(folder.path(), &options);
    let ids: Vec<String> = found
        .iter()
        .map(|item| match item {
            Ok(article) => article.id.clone(),
            Err(problem) => format!("{:?}", problem.kind),
        })
        .collect();
    let expected =
        ["a.jsonl#1", "TooLarge", "a.jsonl#3", "b.json#1", "TooLarge", "b.json#3", "TooLarge"];
    assert_eq!(ids, expected);
}

#[test]
fn a_file_may_vanish_or_change_its_kind_before_it_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.txt");
    std::fs::write(&path, "Here.").unwrap();
    let source = walk(&[folder.path().to_path_buf()]).next().unwrap().unwrap();
    std::fs::remove_file(&path).unwrap();
    let read = || records(source.clone(), &ReadOptions::default()).collect::<Vec<_>>();
    let found = read();
    assert!(
        matches!(&found[..], [Err(problem)] if problem.reason.contains("vanished")),
        "{found:?}"
    );
    std::fs::create_dir(&path).unwrap();
    let found = read();
    assert!(matches!(&found[..], [Err(problem)] if problem.kind == NotAFile), "{found:?}");
}

#[cfg(unix)]
#[test]
fn links_pipes_and_odd_names() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().unwrap();
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("far.txt"), "Far away.").unwrap();
    let at = |name: &[u8]| folder.path().join(OsStr::from_bytes(name));
    std::fs::create_dir(at(b"sub")).unwrap();
    std::fs::write(at(b"sub/line\nend.txt"), "A line.").unwrap();
    std::fs::write(at(b"sub/b\xFFd.txt"), "A byte.").unwrap();
    std::fs::write(at(b"news.jsonl#3"), "Not a record.").unwrap();
    std::fs::write(at(b".hidden.txt"), "Hidden.").unwrap();
    symlink("sub", at(b"same")).unwrap();
    symlink("news.jsonl#3", at(b"same.txt")).unwrap();
    symlink(outside.path().join("far.txt"), at(b"link.txt")).unwrap();
    symlink("nowhere", at(b"broken.txt")).unwrap();
    symlink("..", at(b"sub/up")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(at(b"socket")).unwrap();
    let mut found: Vec<String> = read_all(folder.path(), &ReadOptions::default())
        .into_iter()
        .map(|item| match item {
            Ok(article) => article.id,
            Err(problem) => format!(
                "{:?}: {}",
                problem.kind,
                problem.reason.split(' ').take(3).collect::<Vec<_>>().join(" ")
            ),
        })
        .collect();
    found.sort();
    let expected = [
        "NotAFile: a broken link:",
        "NotAFile: a link that",
        "NotAFile: a socket, not",
        "link.txt",
        "news.jsonl\\x233",
        "sub/b\\xffd.txt",
        "sub/line\\x0aend.txt",
    ];
    assert_eq!(found, expected);
}

#[test]
fn many_readers_give_what_one_gives() {
    let folder = tempfile::tempdir().unwrap();
    for i in 0..50 {
        let lines: String =
            (0..=i * 20).map(|n| format!("{{\"text\": \"File {i}, record {n}.\"}}\n")).collect();
        std::fs::write(folder.path().join(format!("{i:02}.jsonl")), lines).unwrap();
    }
    let options = ReadOptions::default();
    let sources: Vec<_> = walk(&[folder.path().to_path_buf()]).flatten().collect();
    let mut expected = Vec::new();
    for source in &sources {
        expected.extend(records(source.clone(), &options).flatten().map(|r| (r.id(), r.bytes)));
    }
    let mut found = Vec::new();
    let mut ends = 0;
    for batch in feed(sources.into_iter(), &options, 7, 10_000) {
        ends += usize::from(batch.end.is_some_and(|end| end.content_hash.is_some()));
        found.extend(batch.items.into_iter().flatten().map(|r| (r.id(), r.bytes)));
    }
    found.sort_by_key(|(id, _)| (id[..2].to_string(), id.len(), id.clone()));
    expected.sort_by_key(|(id, _)| (id[..2].to_string(), id.len(), id.clone()));
    assert_eq!(ends, 50);
    assert!(found == expected);
}
