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

/// Numbers that are the same in every run of the test.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        (self.0 >> 33) as usize % limit
    }
}

/// Adds, changes, renames or removes something in `news`.
fn change(work: &Work, dice: &mut Dice) {
    let mut files: Vec<_> = walkdir::WalkDir::new(work.path("news"))
        .sort_by_file_name()
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| entry.into_path())
        .collect();
    let one = files.swap_remove(dice.below(files.len()));
    let is_container = one.extension().is_some_and(|end| end == "jsonl");
    match dice.below(6) {
        0 => work.write(&format!("news/{}/n.txt", dice.below(5)), &article(dice.below(40))),
        1 => fs::rename(
            &one,
            work.path(&format!(
                "news/{}.{}",
                dice.below(9),
                if is_container { "jsonl" } else { "txt" }
            )),
        )
        .unwrap(),
        2 if files.len() > 3 => fs::remove_file(&one).unwrap(),
        3 => work.write("news/empty.txt", ""),
        // A line less, or one twice; of a text that is its last paragraph.
        _ => {
            let text = fs::read_to_string(&one).unwrap();
            let mut lines: Vec<&str> = text.lines().collect();
            if lines.len() > 2 && dice.below(2) == 0 {
                lines.remove(dice.below(lines.len()));
            } else {
                lines.extend(lines.last().copied());
            }
            fs::write(&one, lines.join("\n")).unwrap();
        }
    }
}

#[test]
fn any_changes_end_where_a_rebuild_ends() {
    for seed in 1..4 {
        let (work, mut dice) = (Work::with_news(9), Dice(seed));
        work.run(&["index", "news"]).ends(0);
        for step in 0..4 {
            (0..=dice.below(5)).for_each(|_| change(&work, &mut dice));
            let update = work.run(&["index"]);
            let fresh = work.run(&["index", "news", "--index", "fresh", "--rebuild"]);
            assert_eq!(update.code, fresh.code, "{seed} {step}: {update:?} {fresh:?}");
            let (updated, rebuilt) = (work.dump("index").unwrap(), work.dump("fresh").unwrap());
            let differ = updated.iter().zip(&rebuilt).find(|(a, b)| a != b);
            assert_eq!(updated.len(), rebuilt.len(), "{seed} {step}: {differ:?}");
            assert!(differ.is_none(), "{seed} {step}: {differ:?}");
        }
        work.run(&["verify"]).ends(0);
    }
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
    work.write("other/b.txt", &article(501));
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

const OWN_FIELDS: &str = "{\"text\": \"Usual words.\", \"story\": \"Other words.\"}\n";

#[test]
fn other_field_names_are_remembered_and_have_files_read_again() {
    let work = Work::with_news(4);
    work.write("news/dump/a.jsonl", OWN_FIELDS);
    work.run(&["index", "news"]).ends(0);
    assert!(work.run(&["show", "dump/a.jsonl"]).ends(0).out.contains("Usual words"));
    let usual = work.dump("index").unwrap();
    let own = work.run(&["index", "news/dump", "--field", "text=story"]).ends(0);
    assert!(own.err.contains("files      1 read\n"), "{}", own.err);
    assert!(work.run(&["show", "dump/a.jsonl"]).ends(0).out.contains("Other words"));
    // Without a word of it the next runs read as before: that file so, the others otherwise.
    let again = work.run(&["index"]).ends(0);
    assert!(again.err.contains("0 read, 6 unchanged"), "{}", again.err);
    work.write("news/dump/b.jsonl", OWN_FIELDS);
    work.write("news/c.jsonl", OWN_FIELDS);
    work.run(&["index"]).ends(0);
    assert!(work.run(&["show", "dump/b.jsonl"]).ends(0).out.contains("Other words"));
    for name in ["news/c.jsonl", "c.jsonl"] {
        assert!(work.run(&["show", name]).ends(0).out.contains("Usual words"));
    }
    let updated = work.dump("index");
    work.run(&["index", "--rebuild"]).ends(0);
    assert_eq!(work.dump("index"), updated);
    // Back to the usual names.
    fs::remove_file(work.path("news/dump/b.jsonl")).unwrap();
    fs::remove_file(work.path("news/c.jsonl")).unwrap();
    work.run(&["index", "--field", "text="]).ends(0);
    assert_eq!(work.dump("index").unwrap(), usual);
}

#[test]
fn a_higher_limit_has_files_read_again_that_were_too_large() {
    let work = Work::with_news(4);
    work.write("news/long.txt", &article(1).repeat(10));
    let ran = work.run(&["index", "news", "--max-file-size", "1KB"]).ends(2);
    assert!(ran.err.contains("1 too large"), "{}", ran.err);
    let same = work.run(&["index", "--max-file-size", "1KB"]).ends(2);
    assert!(same.err.contains("0 read, 6 unchanged"), "{}", same.err);
    let more = work.run(&["index"]).ends(0);
    assert!(more.err.contains("1 read, 5 unchanged"), "{}", more.err);
}

#[cfg(target_os = "linux")]
#[test]
fn any_bytes_may_be_the_name_of_a_folder() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let work = Work::with_news(4);
    let odd = work.path("x").with_file_name(OsStr::from_bytes(b"od\xff\\d \n\x1b[31m"));
    fs::rename(work.path("news"), &odd).unwrap();
    fs::write(odd.join(OsStr::from_bytes(b"b\xfe\nd.txt")), article(30)).unwrap();
    let index =
        |args: &[&str]| super::helpers::Ran::new(work.command(args).arg(&odd).output().unwrap());
    index(&["index"]).ends(0);
    let again = work.run(&["index"]).ends(0);
    assert!(again.err.contains("0 read, 6 unchanged"), "{}", again.err);
    assert!(index(&["index"]).ends(0).err.contains("0 read, 6 unchanged"));
    work.run(&["verify"]).ends(0);
    work.run(&["show", "b\\xfe\\x0ad.txt"]).ends(0);
    fs::write(odd.join("0/0.txt"), article(31)).unwrap();
    let changed = work.run(&["index"]).ends(0);
    assert!(changed.err.contains("1 read, 5 unchanged"), "{}", changed.err);
    let stats = work.run(&["stats"]).ends(0);
    assert!(!stats.out.contains('\u{1b}'), "{:?}", stats.out);
    let gone = index(&["forget"]).ends(0);
    assert!(!gone.err.contains(|c: char| c.is_control() && c != '\n'), "{:?}", gone.err);
}

#[test]
fn a_file_named_by_itself_is_the_one_its_folder_has() {
    let work = Work::with_news(2);
    work.write("news/a#3/b.txt", &article(40));
    work.write("news/c.jsonl#7", &article(41));
    work.run(&["index", "news"]).ends(0);
    let before = work.dump("index");
    for part in ["news/c.jsonl#7", "news/a#3", "news/a#3/b.txt", "news/0"] {
        let ran = work.run(&["index", part]).ends(0);
        assert!(ran.err.contains("0 read, 1 unchanged"), "{part}: {}", ran.err);
    }
    assert_eq!(work.dump("index"), before);
}

#[test]
fn copies_in_files_are_those_that_the_index_removes() {
    let work = Work::with_news(40);
    // A copy within one article, and one of another format.
    work.write("news/odd/twice.md", "# Twice\n\nOnce and again.\n\nBetween.\n\nOnce and again.\n");
    work.run(&["index", "news"]).ends(0);
    let of_index = work.run(&["duplicates", "--format", "jsonl"]).ends(0).out;
    for threads in ["1", "8"] {
        let args = ["duplicates", "news", "--format", "jsonl", "--threads", threads];
        let of_files = work.run(&args).ends(0).out;
        assert_eq!(sorted(&of_files), sorted(&of_index));
    }
    let count = work.run(&["duplicates", "news", "--count"]).ends(0).out;
    assert_eq!(count.trim(), of_index.lines().count().to_string());
    work.run(&["duplicates", "news/odd/twice.md", "--near"]).ends(2);
    let one = work.run(&["duplicates", "news/odd/twice.md"]).ends(0);
    assert!(one.out.contains("paragraph 4 is a copy of twice.md paragraph 2"), "{}", one.out);
    work.run(&["duplicates", "news/0/0.txt"]).ends(1);
    let lost = work.run(&["duplicates", "news/odd/twice.md", "nowhere.txt"]).ends(2);
    assert!(lost.err.contains("nowhere.txt") && !lost.out.is_empty(), "{} {}", lost.out, lost.err);
}

/// Lines in an order that does not depend on how they came.
fn sorted(lines: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = lines.lines().collect();
    lines.sort_unstable();
    lines
}
