//! The index is a union: whatever the order, the threads and the history, the same articles give
//! the same content, document by document.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use proptest::prelude::*;
use whosaid::article::{EntityKind, QuoteKind};
use whosaid::index::{Index, Writer};

use super::{Draft, MODEL, build, file, options, root};

/// Paragraphs are drawn from few, so that articles share them.
const PARAGRAPHS: [&str; 6] = [
    "“We want peace,” John Kirby said.",
    "The mayor opened the bridge.",
    "“No comment,” said Ann Lee.",
    "Rain is likely.",
    "Ann Lee said that she would go to Leeds.",
    "© Wire",
];

fn draft(id: u8, choice: &[u8]) -> Draft {
    let paragraphs: Vec<&str> = choice.iter().map(|&n| PARAGRAPHS[n as usize % 6]).collect();
    let mut draft = Draft::new(&format!("{id}.txt"), &paragraphs).date("2024-01-01").outlet("Wire");
    for paragraph in &paragraphs {
        draft = match *paragraph {
            "“We want peace,” John Kirby said." => draft.quote("We want peace,", "John Kirby"),
            "“No comment,” said Ann Lee." => draft.quote("No comment,", "Ann Lee"),
            "Ann Lee said that she would go to Leeds." => draft
                .quote_as("she would go to Leeds", "Ann Lee", QuoteKind::Indirect, 0.6)
                .names(EntityKind::Place, "Leeds"),
            _ => draft,
        };
    }
    draft
}

type Archive = BTreeMap<u8, Vec<u8>>;

/// Brings the index in a folder up to date with an archive, `finish`ed or cut off after a commit.
fn bring_up(dir: &Path, now: &Archive, before: &Archive, threads: usize, finish: bool) {
    let writer = Writer::open(dir, &options(threads)).unwrap();
    writer.set_root(root());
    for id in before.keys().filter(|id| !now.contains_key(id)) {
        writer.remove_file("news", &format!("{id}.txt")).unwrap();
    }
    let changed: Vec<_> = now.iter().filter(|(id, text)| before.get(id) != Some(text)).collect();
    let next = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(&(&id, text)) =
                    changed.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
                {
                    writer.put(draft(id, text).docs()).unwrap();
                    writer.put_file(&file(&format!("{id}.txt"), text.len() as u64)).unwrap();
                }
            });
        }
    });
    if finish { writer.finish().unwrap() } else { writer.commit().unwrap() }
}

fn dump(dir: &Path) -> Vec<String> {
    Index::open(dir, MODEL).unwrap().dump().unwrap()
}

fn archive() -> impl Strategy<Value = Archive> {
    prop::collection::btree_map(0u8..8, prop::collection::vec(0u8..6, 0..5), 0..8)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]
    #[test]
    fn history_leaves_no_trace(
        steps in prop::collection::vec((archive(), 1usize..4, any::<bool>()), 1..5),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let mut before = Archive::new();
        for (now, threads, finish) in &steps {
            bring_up(dir.path(), now, &before, *threads, *finish);
            before = now.clone();
        }
        bring_up(dir.path(), &before, &before, 1, true);
        let fresh = tempfile::tempdir().unwrap();
        bring_up(fresh.path(), &before, &Archive::new(), 1, true);
        prop_assert_eq!(dump(dir.path()), dump(fresh.path()));
        let report = Index::open(dir.path(), MODEL).unwrap().verify().unwrap();
        prop_assert_eq!(report.faults, Vec::<String>::new());
    }
}

#[test]
fn what_was_not_committed_is_not_there() {
    let dir = tempfile::tempdir().unwrap();
    build(dir.path(), vec![Draft::new("1.txt", &["kept"])]);
    let before = dump(dir.path());
    let writer = Writer::open(dir.path(), &options(2)).unwrap();
    writer.put(Draft::new("2.txt", &["kept", "lost"]).docs()).unwrap();
    writer.remove_file("news", "1.txt").unwrap();
    assert_eq!(dump(dir.path()), before, "readers see commits only");
    drop(writer);
    assert_eq!(dump(dir.path()), before);
    build(dir.path(), vec![Draft::new("2.txt", &["kept", "lost"])]);
    let index = Index::open(dir.path(), MODEL).unwrap();
    assert_eq!(index.stats().unwrap().passages, 2);
}

#[test]
fn a_reader_keeps_the_commit_it_opened() {
    let dir = tempfile::tempdir().unwrap();
    let old = build(dir.path(), vec![Draft::new("1.txt", &["one"])]);
    let before = old.dump().unwrap();
    build(dir.path(), vec![Draft::new("1.txt", &["two"])]);
    assert_eq!(old.dump().unwrap(), before);
    assert_ne!(dump(dir.path()), before);
}

#[test]
fn passages_go_with_the_last_article_that_carries_them() {
    let dir = tempfile::tempdir().unwrap();
    let passages = |index: &Index| index.stats().unwrap().passages;
    let index = build(
        dir.path(),
        vec![Draft::new("1.txt", &["shared", "own"]), Draft::new("2.txt", &["shared"])],
    );
    assert_eq!(passages(&index), 2);
    let index = build(dir.path(), vec![Draft::new("1.txt", &["new"])]);
    assert_eq!(passages(&index), 2);
    let writer = Writer::open(dir.path(), &options(1)).unwrap();
    writer.remove_file("news", "2.txt").unwrap();
    writer.finish().unwrap();
    let index = Index::open(dir.path(), MODEL).unwrap();
    assert_eq!(passages(&index), 1);
    let writer = Writer::open(dir.path(), &options(1)).unwrap();
    writer.forget_root("news").unwrap();
    writer.finish().unwrap();
    let stats = Index::open(dir.path(), MODEL).unwrap().stats().unwrap();
    assert_eq!((stats.articles, stats.passages, stats.files), (0, 0, 0));
}

#[test]
fn compacting_changes_nothing_but_the_segments() {
    let dir = tempfile::tempdir().unwrap();
    for id in 0..4 {
        build(dir.path(), vec![draft(id, &[id, id + 1, id + 2])]);
    }
    build(dir.path(), vec![draft(1, &[5])]);
    compact_and_compare(dir.path());
}

/// Makes one of several segments, and sees that nothing else changes.
fn compact_and_compare(dir: &Path) {
    let before = dump(dir);
    assert!(Index::open(dir, MODEL).unwrap().stats().unwrap().segments > 1);
    Writer::open(dir, &options(1)).unwrap().compact().unwrap();
    assert_eq!(Index::open(dir, MODEL).unwrap().stats().unwrap().segments, 1);
    assert_eq!(dump(dir), before);
}

/// Articles of more than 600 KB together: a segment packs the first 512, and the rest with those at hand.
fn long_drafts(seed: u32) -> Vec<Draft> {
    let word = |n: u32| PARAGRAPHS[n as usize % 6].split(' ').nth(n as usize % 2).unwrap();
    let paragraph = |n: u32| {
        let words = (0..60).map(|at| n.wrapping_mul(2_654_435_761).rotate_left(at) >> 8);
        let words: Vec<String> = words.map(|n| format!("{} {n}", word(n))).collect();
        format!("{seed} {n} {}", words.join(" "))
    };
    let article = |number: u32| {
        let paragraphs: Vec<String> = (0..100).map(|n| paragraph(number * 100 + n)).collect();
        let paragraphs: Vec<&str> = paragraphs.iter().map(String::as_str).collect();
        Draft::new(&format!("{seed}-{number}.txt"), &paragraphs)
    };
    (0..8 + seed).map(article).collect()
}

#[test]
fn merging_keeps_all_texts_of_large_and_small_segments() {
    let dir = tempfile::tempdir().unwrap();
    let mut texts = Vec::new();
    for seed in 0..3 {
        let drafts = long_drafts(seed);
        texts.extend(drafts.iter().flat_map(|draft| draft.paragraphs.clone()));
        build(dir.path(), drafts);
        build(dir.path(), vec![draft(seed as u8, &[seed as u8])]);
    }
    assert!(texts.iter().map(String::len).sum::<usize>() > 3 * (600 << 10));
    let all_there = |dump: &[String]| {
        let passages = dump.iter().filter_map(|line| line.strip_prefix("passage "));
        let found: BTreeSet<&str> = passages.filter_map(|line| line.split('"').nth(1)).collect();
        texts.iter().all(|text| found.contains(text.as_str()))
    };
    assert!(all_there(&dump(dir.path())));
    // The smallest is merged first: what is left of it, the next as it is, and what is left of the last.
    let short = |id: &str| Draft::new(id, &["short"]);
    build(dir.path(), vec![short("0-3.txt"), short("2-3.txt")]);
    compact_and_compare(dir.path());
    assert!(!all_there(&dump(dir.path())));
    build(dir.path(), [long_drafts(0), long_drafts(2)].concat());
    compact_and_compare(dir.path());
    assert!(all_there(&dump(dir.path())));
    let report = Index::open(dir.path(), MODEL).unwrap().verify().unwrap();
    assert_eq!(report.faults, [""; 0]);
}

#[test]
fn many_runs_leave_few_segments() {
    let dir = tempfile::tempdir().unwrap();
    for id in 0..20 {
        build(dir.path(), vec![draft(id, &[id])]);
    }
    let stats = Index::open(dir.path(), MODEL).unwrap().stats().unwrap();
    assert!(stats.segments <= 8, "{}", stats.segments);
    assert_eq!(stats.articles, 20);
}

#[test]
fn records_and_files_are_remembered() {
    let dir = tempfile::tempdir().unwrap();
    let index =
        build(dir.path(), vec![Draft::new("1.txt", &["one"]), Draft::new("2.txt", &["two"])]);
    let mut files = index.files("news").unwrap();
    assert_eq!(index.file_names(&files.unmet()).unwrap(), ["1.txt", "2.txt"]);
    let known = files.meet("1.txt").unwrap();
    assert_eq!(index.file(known.at).unwrap(), file("1.txt", 1));
    assert!(known.is(10, 20, 0) && !known.troubled);
    assert!(!known.is(11, 20, 0) && !known.is(10, 21, 0) && !known.is(10, 20, 1));
    assert!(files.meet("3.txt").is_none());
    assert_eq!(index.file_names(&files.unmet()).unwrap(), ["2.txt"]);
    assert_eq!(index.records("news", "1.txt").unwrap(), [("1.txt".to_owned(), 7)].into());
    assert!(index.files("other").unwrap().unmet().is_empty());
    assert_eq!(index.roots(), [root()]);
    let mut troubled = file("1.txt", 2);
    troubled.problems.push(whosaid::report::Problem {
        path: "1.txt".into(),
        place: Some("line 3".into()),
        kind: whosaid::report::ProblemKind::NoText,
        reason: "no text".into(),
    });
    let writer = Writer::open(dir.path(), &options(1)).unwrap();
    writer.put_file(&troubled).unwrap();
    writer.finish().unwrap();
    let index = Index::open(dir.path(), MODEL).unwrap();
    let known = index.files("news").unwrap().meet("1.txt").unwrap();
    assert!(known.troubled);
    assert_eq!(index.file(known.at).unwrap(), troubled);
    assert_eq!(index.stats().unwrap().articles, 2, "the articles of the file stay");
}

#[test]
fn a_file_that_was_not_read_to_its_end_is_known() {
    let dir = tempfile::tempdir().unwrap();
    let of_file = |name: &str, id: &str| {
        let docs = Draft::new(id, &[id]).docs();
        whosaid::index::ArticleDocs { file: name.into(), ..docs }
    };
    let whole = build(dir.path(), vec![Draft::new("other.txt", &["other"])]).dump().unwrap();
    // Cut off after a commit: a file of which some articles are there.
    let writer = Writer::open(dir.path(), &options(1)).unwrap();
    writer.put(of_file("all.jsonl", "all.jsonl#1")).unwrap();
    writer.commit().unwrap();
    writer.put(of_file("all.jsonl", "all.jsonl#2")).unwrap();
    writer.commit().unwrap();
    drop(writer);
    let index = Index::open(dir.path(), MODEL).unwrap();
    assert_eq!(index.stats().unwrap().files, 2, "noted once");
    let mut files = index.files("news").unwrap();
    let known = files.meet("all.jsonl").unwrap();
    assert!(index.file(known.at).unwrap().is_begun());
    assert!(!known.is(10, 20, 0));
    // Read to its end it is as if it had never been cut off.
    let writer = Writer::open(dir.path(), &options(1)).unwrap();
    writer.put_file(&file("all.jsonl", 3)).unwrap();
    writer.finish().unwrap();
    let index = Index::open(dir.path(), MODEL).unwrap();
    assert_eq!(index.stats().unwrap().files, 2);
    let known = index.files("news").unwrap().meet("all.jsonl").unwrap();
    assert_eq!(index.file(known.at).unwrap(), file("all.jsonl", 3));
    // And gone, it leaves nothing.
    let writer = Writer::open(dir.path(), &options(1)).unwrap();
    writer.remove_file("news", "all.jsonl").unwrap();
    writer.finish().unwrap();
    assert_eq!(dump(dir.path()), whole);
}

#[test]
fn one_id_one_article() {
    let dir = tempfile::tempdir().unwrap();
    let writer = Writer::open(dir.path(), &options(1)).unwrap();
    writer.put(Draft::new("1.txt", &["one"]).docs()).unwrap();
    let error = writer.put(Draft::new("1.txt", &["two"]).docs()).unwrap_err();
    assert!(error.to_string().contains("1.txt"));
}

/// So many paragraphs are new that the second run makes itself a filter of those the index has.
#[test]
fn a_big_second_run_tells_new_paragraphs_from_old() {
    let put = |writer: &Writer, run: &str, article: u32| {
        let texts: Vec<String> = (0..30).map(|n| format!("No. {n} of {article}.")).collect();
        let paragraphs: Vec<&str> = texts.iter().map(String::as_str).collect();
        writer.put(Draft::new(&format!("{run}/{article}"), &paragraphs).docs()).unwrap().repeats
    };
    let dir = tempfile::tempdir().unwrap();
    let first = Writer::open(dir.path(), &options(1)).unwrap();
    for article in 0..60 {
        assert_eq!(put(&first, "first", article), 0);
    }
    first.finish().unwrap();
    let second = Writer::open(dir.path(), &options(1)).unwrap();
    for article in 30..90 {
        assert_eq!(put(&second, "second", article), if article < 60 { 30 } else { 0 });
    }
    second.finish().unwrap();
    assert_eq!(Index::open(dir.path(), MODEL).unwrap().stats().unwrap().passages, 90 * 30);
}
