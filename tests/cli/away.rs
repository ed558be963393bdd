//! Folders that are away, perhaps only for a while, as the drive of an archive is: what the index has of
//! them stays until the user gives it up.

use std::fs;

use super::helpers::{Work, article};

/// What every run over a folder that is away must say.
const STAYS: &str = "its articles stay in the index";

/// An archive in `news`, indexed; what the index holds.
fn indexed() -> (Work, Vec<String>) {
    let work = Work::with_news(6);
    work.run(&["index", "news"]).ends(0);
    let whole = work.dump("index").unwrap();
    (work, whole)
}

/// Takes all files out of `news` and leaves the folder, as a drive does that is not mounted.
fn unmount(work: &Work) {
    fs::rename(work.path("news"), work.path("drive")).unwrap();
    fs::create_dir(work.path("news")).unwrap();
}

fn mount(work: &Work) {
    fs::remove_dir_all(work.path("news")).ok();
    fs::rename(work.path("drive"), work.path("news")).unwrap();
}

#[test]
fn an_emptied_folder_keeps_its_articles_until_it_is_forgotten() {
    let (work, whole) = indexed();
    unmount(&work);
    let told = format!("news: holds no file any more, as when a drive is not mounted; {STAYS}");
    // Named or not, whole or in part.
    for args in [&["index"][..], &["index", "news"], &["index", "news/1"], &["index", "--dry-run"]]
    {
        let ran = work.run(args).ends(2);
        assert!(ran.err.contains(&told), "{args:?}: {}", ran.err);
        assert!(ran.err.contains("skipped    1: 1 unreadable"), "{args:?}: {}", ran.err);
        assert!(!ran.err.contains("gone"), "{args:?}: {}", ran.err);
        assert_eq!(work.dump("index").unwrap(), whole, "{args:?}");
    }
    let found = work.run(&["verify"]).ends(2);
    assert_eq!(found.out.lines().count(), 1, "{}", found.out);
    // What is hidden is not there.
    work.write("news/.Trash/old.txt", &article(7));
    work.run(&["index"]).ends(2);
    mount(&work);
    assert!(work.run(&["index"]).ends(0).err.contains("0 read, 7 unchanged"));
    assert_eq!(work.dump("index").unwrap(), whole);
    unmount(&work);
    let ran = work.run(&["index"]).ends(2);
    let (_, command) = ran.err.split_once("`whosaid ").unwrap();
    let (command, _) = command.split_once('`').unwrap();
    work.run(&command.split(' ').collect::<Vec<_>>()).ends(0);
    assert!(work.run(&["stats"]).ends(0).out.contains("articles    0"));
    work.run(&["verify"]).ends(0);
}

#[test]
fn a_missing_folder_keeps_its_articles_until_it_is_forgotten() {
    let (work, whole) = indexed();
    fs::rename(work.path("news"), work.path("drive")).unwrap();
    for args in [&["index"][..], &["index", "news"], &["index", "news/1"]] {
        let ran = work.run(args).ends(2);
        assert!(ran.err.contains(&format!("does not exist any more; {STAYS}")), "{}", ran.err);
        assert_eq!(work.dump("index").unwrap(), whole, "{args:?}");
    }
    work.run(&["forget", "news"]).ends(0);
    assert!(work.run(&["stats"]).ends(0).out.contains("articles    0"));
}

#[test]
fn a_part_that_is_gone_goes_while_the_rest_is_there() {
    let (work, _) = indexed();
    fs::remove_dir_all(work.path("news/1")).unwrap();
    for name in fs::read_dir(work.path("news/2")).unwrap().map(Result::unwrap) {
        fs::remove_file(name.path()).unwrap();
    }
    assert!(work.run(&["index", "news/1"]).ends(0).err.contains("2 gone"));
    assert!(work.run(&["index", "news/2"]).ends(0).err.contains("2 gone"));
    let updated = work.dump("index").unwrap();
    work.run(&["index", "--rebuild"]).ends(0);
    assert_eq!(work.dump("index").unwrap(), updated);
}

#[test]
fn a_rebuild_does_not_give_up_what_is_away() {
    let (work, whole) = indexed();
    work.write("more/a.txt", &article(100));
    work.run(&["index", "more"]).ends(0);
    let both = work.dump("index").unwrap();
    for empty in [true, false] {
        unmount(&work);
        if !empty {
            fs::remove_dir(work.path("news")).unwrap();
        }
        for args in [
            &["index", "--rebuild"][..],
            &["index", "--rebuild", "more"],
            &["index", "--rebuild", "--dry-run"],
        ] {
            let ran = work.run(args).ends(2);
            assert!(ran.err.contains("news would be lost: it "), "{}", ran.err);
            assert!(ran.err.contains("`whosaid forget "), "{}", ran.err);
            assert_eq!(work.dump("index").unwrap(), both, "{args:?}");
        }
        mount(&work);
    }
    work.run(&["index", "--rebuild"]).ends(0);
    assert_eq!(work.dump("index").unwrap(), both);
    unmount(&work);
    work.run(&["forget", "news"]).ends(0);
    work.run(&["index", "--rebuild"]).ends(0);
    assert!(work.dump("index").unwrap().len() < whole.len());
}

#[test]
fn a_folder_around_one_that_is_away_does_not_take_it_in() {
    let work = Work::with_news(6);
    work.run(&["index", "news/1"]).ends(0);
    let whole = work.dump("index").unwrap();
    fs::rename(work.path("news/1"), work.path("drive")).unwrap();
    fs::create_dir(work.path("news/1")).unwrap();
    let ran = work.run(&["index", "news"]).ends(2);
    assert!(ran.err.contains("news/1 would be lost: it holds no file"), "{}", ran.err);
    assert_eq!(work.dump("index").unwrap(), whole);
    fs::remove_dir(work.path("news/1")).unwrap();
    fs::rename(work.path("drive"), work.path("news/1")).unwrap();
    work.run(&["index", "news"]).ends(0);
    work.run(&["index", "news", "--index", "fresh"]).ends(0);
    assert_eq!(work.dump("index"), work.dump("fresh"));
}

#[test]
fn a_folder_whose_files_moved_is_found_though_it_is_still_there() {
    let (work, _) = indexed();
    fs::create_dir(work.path("elsewhere")).unwrap();
    fs::rename(work.path("news"), work.path("elsewhere/archive")).unwrap();
    fs::create_dir(work.path("news")).unwrap();
    for args in [&["index", "--rebuild", "elsewhere/archive"][..], &["index"]] {
        work.run(args).ends(0);
        assert!(work.run(&["stats"]).ends(0).out.contains("articles    8"));
    }
    work.run(&["verify"]).ends(0);
}

#[test]
fn files_that_moved_into_the_folder_around_theirs_stay() {
    let work = Work::empty();
    for number in 0..4 {
        work.write(&format!("news/may/{number}.txt"), &article(number));
    }
    work.run(&["index", "news/may"]).ends(0);
    for number in 0..4 {
        let name = format!("{number}.txt");
        fs::rename(work.path("news/may").join(&name), work.path("news").join(&name)).unwrap();
    }
    let ran = work.run(&["index", "news"]).ends(0);
    assert!(ran.err.contains("0 read, 4 unchanged"), "{}", ran.err);
    assert!(work.run(&["stats"]).ends(0).out.contains("articles    4"));
    work.run(&["verify"]).ends(0);
}

#[test]
fn a_folder_named_with_one_around_it_is_read_once() {
    let work = Work::with_news(6);
    work.run(&["index", "news/1", "news", "news/2", "--index", "many"]).ends(0);
    work.run(&["index", "news"]).ends(0);
    assert_eq!(work.dump("many"), work.dump("index"));
}
