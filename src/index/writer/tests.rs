//! What shows only where a run commits more than once.

use std::path::Path;

use super::{Writer, WriterOptions};
use crate::article::{Annotation, Article};
use crate::index::{ArticleDocs, FileRecord, Index};

const MODEL: &str = "none";

/// A writer that may remember nothing, so that every article is committed.
fn writer(dir: &Path) -> Writer {
    let options =
        WriterOptions { threads: 1, memory: 64 << 20, model: MODEL.into(), rebuild: false };
    let mut writer = Writer::open(dir, &options).unwrap();
    writer.seen_budget = 0;
    writer
}

fn put_some(writer: &Writer) {
    for number in 0..3 {
        let (id, text) = (format!("all.jsonl#{number}"), format!("This is number {number}."));
        let article = Article { id, text, ..Article::default() };
        let (root, file, annotation) = ("news".into(), "all.jsonl".into(), Annotation::default());
        writer.put(ArticleDocs { root, file, record: 7, article, annotation }).unwrap();
    }
}

fn read_to_its_end() -> FileRecord {
    let (root, name, problems) = ("news".into(), "all.jsonl".into(), Vec::new());
    FileRecord { root, name, size: 10, modified: 20, hash: 3, problems, options: 0 }
}

#[test]
fn commits_within_a_file_delete_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let writer = writer(dir.path());
    put_some(&writer);
    writer.put_file(&read_to_its_end()).unwrap();
    writer.commit().unwrap();
    let segments = writer.index.searchable_segment_metas().unwrap();
    assert!(segments.len() > 3, "each article was committed");
    assert!(segments.iter().all(|segment| !segment.has_deletes()));
    writer.finish().unwrap();
    let index = Index::open(dir.path(), MODEL).unwrap();
    assert!(!index.is_unread("news", "all.jsonl"));
    assert_eq!(index.stats().unwrap().files, 1);
}

#[test]
fn a_run_that_is_cut_off_leaves_its_file_as_not_read_to_its_end() {
    let dir = tempfile::tempdir().unwrap();
    let cut_off = writer(dir.path());
    put_some(&cut_off);
    drop(cut_off);
    let index = Index::open(dir.path(), MODEL).unwrap();
    assert!(index.is_unread("news", "all.jsonl") && !index.is_unread("news", "all"));
    assert_eq!((index.stats().unwrap().articles, index.stats().unwrap().files), (3, 1));

    let next = writer(dir.path());
    next.read(|index| {
        let known = index.files("news").unwrap().meet("all.jsonl").unwrap();
        assert!(index.file(known.at).unwrap().is_begun());
        assert!(!index.is_unread("news", "all.jsonl"));
    });
    next.put_file(&read_to_its_end()).unwrap();
    next.finish().unwrap();
    let index = Index::open(dir.path(), MODEL).unwrap();
    assert_eq!(index.stats().unwrap().files, 1);
    let known = index.files("news").unwrap().meet("all.jsonl").unwrap();
    assert_eq!(index.file(known.at).unwrap(), read_to_its_end());

    // Read anew and cut off again, it is still one file.
    let again = writer(dir.path());
    put_some(&again);
    drop(again);
    let index = Index::open(dir.path(), MODEL).unwrap();
    assert!(index.is_unread("news", "all.jsonl"));
    assert_eq!((index.stats().unwrap().articles, index.stats().unwrap().files), (3, 1));
}
