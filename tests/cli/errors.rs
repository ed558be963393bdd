//! What goes wrong, and what the program says about it.

use std::fs;

use super::helpers::{Work, article};

#[test]
fn without_an_index_it_says_what_makes_one() {
    let work = Work::empty();
    for args in [&["query", "peace"][..], &["stats"], &["show", "a"], &["verify"], &["compact"]] {
        let ran = work.run(args).ends(2);
        assert!(ran.err.contains("make one with `whosaid index`"), "{args:?}: {}", ran.err);
        assert!(!work.path("index").exists(), "{args:?} made something");
    }
    let ran = work.run(&["index"]).ends(2);
    assert!(ran.err.contains("name a folder"), "{}", ran.err);
    let ran = work.run(&["index", "nowhere"]).ends(2);
    assert!(ran.err.contains("nowhere: does not exist"), "{}", ran.err);
    assert!(!work.path("index").exists());
}

#[test]
fn a_query_that_is_not_understood_is_shown_with_its_column() {
    let work = Work::with_news(3);
    work.run(&["index", "news"]).ends(0);
    let ran = work.run(&["query", "worth (it"]).ends(2);
    assert!(ran.err.contains("column 7"), "{}", ran.err);
    assert!(ran.err.contains("\n  worth (it\n        ^"), "{}", ran.err);
}

#[test]
fn exit_codes_tell_found_from_not_found() {
    let work = Work::with_news(3);
    work.run(&["index", "news"]).ends(0);
    work.run(&["query", "worth"]).ends(0);
    work.run(&["query", "zeppelin"]).ends(1);
    work.run(&["query", "zeppelin", "--count"]).ends(1);
    work.run(&["show", "nothing"]).ends(1);
    work.run(&["speakers", "zeppelin"]).ends(1);
    work.run(&["query", "--colour"]).ends(2);
}

#[test]
fn every_bad_input_is_named_and_counted() {
    let work = Work::with_news(3);
    work.write("news/empty.txt", "");
    work.write("news/broken.jsonl", "{\"text\": \"cut sh\n{\"title\": \"no text\"}\n");
    fs::write(work.path("news/noise.bin"), [0u8, 159, 146, 150].repeat(500)).unwrap();
    let ran = work.run(&["index", "news", "--errors", "errors.jsonl"]).ends(2);
    let errors = fs::read_to_string(work.path("errors.jsonl")).unwrap();
    assert_eq!(errors.lines().count(), 4, "{errors}");
    for name in ["empty.txt", "broken.jsonl", "noise.bin"] {
        assert!(ran.err.contains(name) && errors.contains(name), "{name}: {}", ran.err);
    }
    assert!(ran.err.contains("articles   4 indexed"), "{}", ran.err);
    // What was bad is told again, without being read again.
    let again = work.run(&["index"]).ends(2);
    assert!(again.err.contains("0 read") && again.err.contains("noise.bin"), "{}", again.err);
}

#[test]
fn many_problems_do_not_flood_the_screen() {
    let work = Work::empty();
    work.write("news/a.jsonl", &"{\"title\": \"no text\"}\n".repeat(100));
    let ran = work.run(&["index", "news"]).ends(2);
    assert!(ran.err.contains("… and 80 more; --errors FILE writes all"), "{}", ran.err);
}

#[test]
fn a_second_writer_is_told_who_holds_the_index() {
    let work = Work::with_news(3);
    work.run(&["index", "news"]).ends(0);
    let options = whosaid::index::WriterOptions {
        threads: 1,
        memory: 64 << 20,
        model: whosaid::annotate::fingerprint(),
        rebuild: false,
    };
    let writer = whosaid::index::Writer::open(&work.path("index"), &options).unwrap();
    let ran = work.run(&["index"]).ends(2);
    assert!(ran.err.contains(&format!("process {}", std::process::id())), "{}", ran.err);
    work.run(&["query", "worth"]).ends(0);
    drop(writer);
    work.run(&["index"]).ends(0);
}

#[test]
fn a_name_that_many_articles_share_lists_them() {
    let work = Work::empty();
    work.write("a/news/day.txt", &article(1));
    work.write("b/news/day.txt", &article(2));
    work.run(&["index", "a", "b"]).ends(0);
    let ran = work.run(&["show", "day.txt"]).ends(2);
    assert!(ran.err.contains("any of 2 articles"), "{}", ran.err);
}

#[test]
fn every_command_has_help_with_an_example() {
    let work = Work::empty();
    for command in [
        "index",
        "query",
        "show",
        "speakers",
        "entities",
        "duplicates",
        "stats",
        "extract",
        "compact",
        "forget",
        "verify",
    ] {
        let ran = work.run(&[command, "--help"]).ends(0);
        assert!(ran.out.contains(&format!("  whosaid {command}")), "{command}: {}", ran.out);
    }
}
