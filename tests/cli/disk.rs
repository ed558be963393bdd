//! Disks that are full, broken or read-only: the program says so, ends with 2, and the index answers
//! as of its last commit.
#![cfg(unix)]

use std::fs;
use std::process::{Command, Stdio};

use super::helpers::{Ran, Work, article};

/// What every refused write must say.
const SAYS: &str = "could not be written; it answers as of its last commit";

/// Runs the program where no file may grow over `blocks` of 512 bytes: a write beyond fails, as on a
/// full disk.
fn cramped(work: &Work, blocks: u32, args: &[&str]) -> Ran {
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
    work.run_in("sh", &["-c", &script], args)
}

/// Runs a shell script in a name space of its own, where even those who are not root may mount; the
/// program is `$0` to it. Nothing where the system does not let us.
fn unshared(work: &Work, script: &str) -> Option<Ran> {
    let quiet = |args: &[&str]| {
        Command::new("unshare").args(args).stderr(Stdio::null()).status().is_ok_and(|s| s.success())
    };
    if !quiet(&["-rm", "mount", "-t", "tmpfs", "none", "/mnt"]) {
        println!("not checked: this system lets nobody mount in a name space of their own");
        return None;
    }
    Some(work.run_in("unshare", &["-rm", "sh", "-euc", script], &[]))
}

#[test]
fn a_write_that_fails_leaves_the_last_commit() {
    let work = Work::with_news(45);
    work.run(&["index", "news", "--index", "whole"]).ends(0);
    let whole = work.dump("whole").unwrap();
    for (before, args) in
        [(0, &["index", "news"][..]), (10, &["index", "news"]), (45, &["compact"])]
    {
        let mut failed = 0;
        for blocks in [0, 1, 2, 4, 8, 16, 32, 64] {
            fs::remove_dir_all(work.path("index")).ok();
            if before > 0 {
                let part = Work::with_news(before);
                fs::rename(work.path("news"), work.path("all")).unwrap();
                fs::rename(part.path("news"), work.path("news")).unwrap();
                work.run(&["index", "news"]).ends(0);
                fs::remove_dir_all(work.path("news")).unwrap();
                fs::rename(work.path("all"), work.path("news")).unwrap();
            }
            let old = work.dump("index");
            let ran = cramped(&work, blocks, args);
            if ran.code == 0 {
                continue;
            }
            failed += 1;
            assert_eq!(ran.code, 2, "{}", ran.err);
            assert!(ran.err.contains("File too large"), "{blocks}: {}", ran.err);
            assert!(!ran.err.contains("nternal"), "{}", ran.err);
            assert!(ran.err.contains(SAYS) || work.dump("index") == old, "{}", ran.err);
            // What the commit has is whole, and the next run goes on from it.
            work.dump("index");
            work.run(&["index", "news"]).ends(0);
            assert_eq!(work.dump("index").unwrap(), whole, "{args:?} with {blocks} blocks");
        }
        assert!(failed >= 3, "{args:?} failed {failed} times only");
    }
}

#[test]
fn a_full_disk_is_told_and_the_index_answers() {
    let work = Work::with_news(1500);
    for number in 0..5 {
        work.write(&format!("few/{number}.txt"), &article(number));
    }
    let script = "mkdir disk; mount -t tmpfs -o size=300k none disk
        $0 index few --index disk/index
        if $0 index news --index disk/index; then exit 9; else echo ended $?; fi
        df disk >&2
        $0 query worth --index disk/index
        $0 verify --index disk/index || true
        umount disk";
    let Some(ran) = unshared(&work, script) else { return };
    let ran = ran.ends(0);
    assert!(ran.out.contains("ended 2") && ran.out.contains("*worth*"), "{ran:?}");
    assert!(ran.err.contains("No space left on device"), "{}", ran.err);
    assert!(ran.err.contains(SAYS), "{}", ran.err);
    assert!(ran.err.contains("5 articles") && !ran.out.contains("checksum"), "{ran:?}");
}

#[test]
fn an_index_that_cannot_be_written_can_be_read() {
    let work = Work::with_news(5);
    work.run(&["index", "news"]).ends(0);
    let script = "mount --bind index index; mount -o remount,ro,bind index
        for what in 'index' 'index --rebuild' 'compact' 'forget news'; do
            if $0 $what; then exit 9; else echo $what ended $?; fi
        done
        $0 query worth; $0 verify; $0 stats";
    let Some(ran) = unshared(&work, script) else { return };
    let ran = ran.ends(0);
    for what in ["index", "index --rebuild", "compact", "forget news"] {
        assert!(ran.out.contains(&format!("{what} ended 2")), "{ran:?}");
    }
    assert_eq!(ran.err.matches("index/writer.lock: Read-only file system").count(), 4, "{ran:?}");
    assert!(ran.out.contains("*worth*") && ran.err.contains("all is well"), "{ran:?}");
}

#[test]
fn a_file_where_the_index_should_be_stays() {
    let work = Work::with_news(2);
    work.write("file", "precious");
    for index in ["file", "file/index"] {
        let ran = work.run(&["index", "news", "--index", index]).ends(2);
        assert!(ran.err.contains("Not a directory"), "{}", ran.err);
        work.run(&["query", "worth", "--index", index]).ends(2);
    }
    assert_eq!(fs::read_to_string(work.path("file")).unwrap(), "precious");
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_an_error() {
    let work = Work::with_news(5);
    work.run(&["index", "news"]).ends(0);
    work.write("news/new.txt", &article(9));
    let full = || fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    for args in [
        &["query", "worth"][..],
        &["query", "worth", "--format", "jsonl"],
        &["query", "worth", "--format", "csv"],
        &["query", "worth", "--count"],
        &["speakers"],
        &["stats"],
        &["show", "0/0.txt"],
        &["duplicates"],
        &["verify"],
        &["extract", "news/new.txt"],
    ] {
        let ran = Ran::new(work.command(args).stdout(full()).output().unwrap()).ends(2);
        assert!(ran.err.contains("No space left on device"), "{args:?}: {}", ran.err);
        assert!(!ran.err.contains("panicked"), "{args:?}: {}", ran.err);
    }
    work.write("news/empty.txt", "");
    let ran = work.run(&["index", "--errors", "/dev/full"]).ends(2);
    assert!(ran.err.contains("No space left on device"), "{}", ran.err);
}

/// A file that the system refuses to read from.
#[cfg(target_os = "linux")]
#[test]
fn a_file_that_cannot_be_read_is_told_and_the_rest_is_read() {
    let work = Work::with_news(3);
    std::os::unix::fs::symlink("/proc/self/mem", work.path("news/memory.txt")).unwrap();
    let ran = work.run(&["index", "news"]).ends(2);
    assert!(ran.err.contains("memory.txt: Input/output error"), "{}", ran.err);
    assert!(ran.err.contains("articles   4 indexed"), "{}", ran.err);
}

/// Spoils the index in a folder.
type Damage = fn(&Work);

#[test]
fn a_damaged_index_is_told_and_built_anew() {
    let work = Work::with_news(5);
    work.run(&["index", "news"]).ends(0);
    let whole = work.dump("index").unwrap();
    let damages: [(&str, Damage); 3] = [
        ("current.json", |work| work.write("index/current.json", "{\"form")),
        ("meta.json", |work| work.write("index/g1/meta.json", "nonsense")),
        ("a file", |work| {
            for entry in fs::read_dir(work.path("index/g1")).unwrap().map(Result::unwrap) {
                if entry.path().extension().is_some_and(|end| end == "store" || end == "fast") {
                    fs::write(entry.path(), "short").unwrap();
                }
            }
        }),
    ];
    for (what, damage) in damages {
        fs::remove_dir_all(work.path("index")).unwrap();
        work.run(&["index", "news"]).ends(0);
        damage(&work);
        let ran = work.run(&["query", "worth"]).ends(2);
        assert!(
            ran.err.contains("damaged") && ran.err.contains("--rebuild"),
            "{what}: {}",
            ran.err
        );
        work.run(&["verify"]).ends(2);
        work.run(&["index", "news", "--rebuild"]).ends(0);
        assert_eq!(work.dump("index").unwrap(), whole, "{what}");
    }
}
