//! What shows only where a run commits more than once, or writes much.

use std::path::Path;

use super::{Writer, WriterOptions};
use crate::article::{Annotation, Article};
use crate::index::reader::Found;
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

fn put(writer: &Writer, id: String, text: String) {
    let article = Article { id, text, ..Article::default() };
    let (root, file, annotation) = ("news".into(), "all.jsonl".into(), Annotation::default());
    writer.put(ArticleDocs { root, file, record: 7, article, annotation }).unwrap();
}

fn put_some(writer: &Writer) {
    for number in 0..3 {
        put(writer, format!("all.jsonl#{number}"), format!("This is number {number}."));
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

/// Texts fill the base, blocks packed in a row, and one that is not full; those that a merge leaves
/// out make it pack the rest anew.
#[test]
fn many_texts_come_out_of_their_blocks_as_they_went_in() {
    let paragraph = |article: u64, number: u64| {
        let words = (0..40).map(|word| format!("{:x}", article * 7919 + number * 104_729 + word));
        words.collect::<Vec<String>>().join(" ")
    };
    let text = |article: u64| {
        (0..200).map(|number| paragraph(article, number)).collect::<Vec<String>>().join("\n\n")
    };
    let dir = tempfile::tempdir().unwrap();
    let options =
        WriterOptions { threads: 1, memory: 64 << 20, model: MODEL.into(), rebuild: false };
    let writer = Writer::open(dir.path(), &options).unwrap();
    let articles = 0..60;
    let bytes: usize = articles.clone().map(|article| text(article).len()).sum();
    assert!(bytes > 2 << 20, "{bytes} bytes are no base and eight blocks");
    articles.clone().for_each(|article| put(&writer, article.to_string(), text(article)));
    writer.finish().unwrap();
    let check = |articles: &mut dyn Iterator<Item = u64>| {
        let index = Index::open(dir.path(), MODEL).unwrap();
        assert_eq!(index.verify().unwrap().faults, Vec::<String>::new());
        for article in articles {
            let found = index.article(&article.to_string()).unwrap();
            assert!(matches!(found, Found::One(it) if it.article.text == text(article)));
        }
    };
    check(&mut articles.clone());

    let writer = Writer::open(dir.path(), &options).unwrap();
    for article in articles.clone().step_by(3) {
        writer.remove_article("news", &article.to_string()).unwrap();
    }
    writer.compact().unwrap();
    check(&mut articles.filter(|article| article % 3 != 0));
}
