//! Runs over an archive: whatever the threads, the order and the number of runs, the index is the same.

use std::fs;

use super::helpers::{Work, article};

#[test]
fn threads_do_not_change_the_index() {
    let work = Work::with_news(60);
    work.run(&["index", "news", "--index", "one", "--threads", "1"]).ends(0);
    work.run(&["index", "news", "--index", "eight", "--threads", "8"]).ends(0);
    let (one, eight) = (work.dump("one").unwrap(), work.dump("eight").unwrap());
    assert!(one.len() > 200, "{} documents", one.len());
    assert_eq!(one, eight);
}

#[test]
fn the_order_of_files_does_not_change_the_index() {
    let work = Work::with_news(30);
    work.run(&["index", "news", "--index", "whole"]).ends(0);
    // The same root, part by part, last part first.
    work.run(&["index", "--index", "parts", "news/all.jsonl"]).ends(0);
    for part in ["news/2", "news/0", "news"] {
        work.run(&["index", "--index", "parts", part]).ends(0);
    }
    assert_eq!(work.dump("whole"), work.dump("parts"));
}

#[test]
fn an_update_ends_where_a_rebuild_ends() {
    let work = Work::with_news(40);
    work.run(&["index", "news"]).ends(0);
    work.write("news/0/3.txt", &article(1003));
    work.write("news/new/1.txt", &article(1004));
    fs::remove_file(work.path("news/1/4.txt")).unwrap();
    fs::rename(work.path("news/2/5.txt"), work.path("news/0/5b.txt")).unwrap();
    let half: String = fs::read_to_string(work.path("news/all.jsonl")).unwrap();
    let kept: Vec<&str> = half.lines().take(5).collect();
    work.write("news/all.jsonl", &kept.join("\n"));
    let update = work.run(&["index"]).ends(0);
    assert!(update.err.contains("2 gone"), "{}", update.err);
    assert!(update.err.contains("37 unchanged"), "{}", update.err);
    let updated = work.dump("index").unwrap();
    work.run(&["index", "--rebuild"]).ends(0);
    assert_eq!(updated, work.dump("index").unwrap());
    work.run(&["verify"]).ends(0);
}

#[test]
fn nothing_is_read_again_without_need() {
    let work = Work::with_news(10);
    work.run(&["index", "news"]).ends(0);
    let again = work.run(&["index"]).ends(0);
    assert!(again.err.contains("0 read, 11 unchanged"), "{}", again.err);
}

#[test]
fn a_moved_archive_keeps_its_articles() {
    let work = Work::with_news(12);
    work.run(&["index", "news"]).ends(0);
    fs::rename(work.path("news"), work.path("moved")).unwrap();
    let lost = work.run(&["index"]).ends(2);
    assert!(lost.err.contains("whosaid forget"), "{}", lost.err);
    let found = work.run(&["index", "moved"]).ends(0);
    assert!(found.err.contains("0 read, 13 unchanged"), "{}", found.err);
    work.run(&["forget", "moved"]).ends(0);
    assert!(work.run(&["stats"]).ends(0).out.contains("articles    0"));
}

#[test]
fn folders_are_brought_up_to_date_one_by_one() {
    let work = Work::with_news(6);
    work.write("other/a.txt", &article(500));
    work.run(&["index", "news", "other"]).ends(0);
    fs::remove_file(work.path("news/0/0.txt")).unwrap();
    fs::remove_file(work.path("other/a.txt")).unwrap();
    assert!(work.run(&["index", "other"]).ends(0).err.contains("1 gone"));
    assert!(work.run(&["index"]).ends(0).err.contains("1 gone"));
}

#[test]
fn a_dry_run_writes_nothing() {
    let work = Work::with_news(6);
    let dry = work.run(&["index", "news", "--dry-run"]).ends(0);
    assert!(dry.err.contains("8 would be indexed"), "{}", dry.err);
    assert!(!work.path("index").exists());
    work.run(&["index", "news"]).ends(0);
    let before = work.dump("index");
    work.write("news/0/0.txt", &article(77));
    let dry = work.run(&["index", "--dry-run"]).ends(0);
    assert!(dry.err.contains("1 would be indexed"), "{}", dry.err);
    assert_eq!(before, work.dump("index"));
}

#[test]
fn compacting_changes_nothing_but_the_segments() {
    let work = Work::with_news(20);
    work.run(&["index", "news"]).ends(0);
    work.write("news/0/0.txt", &article(900));
    work.run(&["index"]).ends(0);
    let before = work.dump("index");
    work.run(&["compact"]).ends(0);
    assert_eq!(before, work.dump("index"));
    assert!(work.run(&["stats"]).out.contains("in 1 segment\n"));
}

#[test]
fn timings_name_the_stages() {
    let work = Work::with_news(6);
    let ran = work.run(&["index", "news", "--timings"]).ends(0);
    for stage in ["read", "parse", "annotate", "commit and merge"] {
        assert!(ran.err.lines().any(|line| line.starts_with(stage)), "{stage}: {}", ran.err);
    }
}
