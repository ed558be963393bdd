//! What a user must be able to rely on: nothing is written where nobody asked, and files of the index
//! are like any other files of the user.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
#[cfg(target_os = "linux")]
use std::process::Stdio;
#[cfg(target_os = "linux")]
use std::time::{Duration, Instant};

use walkdir::WalkDir;

#[cfg(target_os = "linux")]
use super::helpers::signal;
use super::helpers::{Ran, Work, article};

/// Everything below a folder but what is below `index`, with all that a write would change.
fn listing(folder: &Path) -> BTreeMap<String, (u32, u64, i64, i64)> {
    let entries = WalkDir::new(folder).into_iter().map(Result::unwrap);
    let outside = entries.filter(|entry| !entry.path().starts_with(folder.join("out/index")));
    let facts = |entry: walkdir::DirEntry| {
        let meta = entry.metadata().unwrap();
        let name = entry.path().display().to_string();
        (name, (meta.mode(), meta.len(), meta.mtime(), meta.mtime_nsec()))
    };
    outside.map(facts).collect()
}

#[test]
fn nothing_is_written_outside_the_index() {
    let work = Work::with_news(12);
    for folder in ["home", "tmp", "cwd", "cache", "out/index"] {
        fs::create_dir_all(work.path(folder)).unwrap();
    }
    let run = |args: &[&str]| {
        let mut command = work.command(args);
        command.current_dir(work.path("cwd"));
        for (variable, folder) in [
            ("HOME", "home"),
            ("TMPDIR", "tmp"),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_CONFIG_HOME", "cache"),
            ("XDG_DATA_HOME", "cache"),
            ("WHOSAID_INDEX", "out/index"),
        ] {
            command.env(variable, work.path(folder));
        }
        Ran::new(command.output().unwrap())
    };
    let news = work.path("news").display().to_string();
    let file = format!("{news}/0/0.txt");
    let before = listing(&work.path(""));
    for args in [
        &["index", &news, "--dry-run"][..],
        &["index", &news],
        &["index", "--rebuild"],
        &["query", "worth"],
        &["query", "worth", "--in", "text", "--format", "json"],
        &["show", "0/0.txt"],
        &["speakers"],
        &["entities"],
        &["duplicates"],
        &["stats"],
        &["extract", &file],
        &["compact"],
        &["verify"],
        &["forget", &news],
    ] {
        run(args).ends(0);
        assert_eq!(listing(&work.path("")), before, "{args:?}");
    }
}

#[test]
fn index_files_are_made_with_the_umask_of_the_user() {
    let work = Work::with_news(8);
    for (umask, file, folder) in
        [("022", 0o644, 0o755), ("027", 0o640, 0o750), ("077", 0o600, 0o700)]
    {
        fs::remove_dir_all(work.path("index")).ok();
        let script =
            format!("umask {umask}; \"$0\" index news && \"$0\" compact && \"$0\" query worth");
        work.run_in("sh", &["-c", &script], &[]).ends(0);
        for entry in WalkDir::new(work.path("index")).into_iter().map(Result::unwrap) {
            let meta = entry.metadata().unwrap();
            let expected = if meta.is_dir() { folder } else { file };
            let found = meta.mode() & 0o777;
            assert_eq!(found, expected, "{umask}: {} has {found:o}", entry.path().display());
        }
    }
}

/// Seconds of CPU time that a process has used.
#[cfg(target_os = "linux")]
fn worked(id: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap();
    let after_name = stat.rsplit_once(')').unwrap().1;
    let ticks = |field: usize| after_name.split_whitespace().nth(field).unwrap().parse().unwrap();
    let (user, system): (f64, f64) = (ticks(11), ticks(12));
    (user + system) / 100.0
}

#[cfg(target_os = "linux")]
#[test]
fn the_second_ctrl_c_ends_at_once_and_the_index_answers() {
    let work = Work::with_news(20);
    work.run(&["index", "news"]).ends(0);
    let old = work.dump("index").unwrap();
    // One article that takes long: the first Ctrl-C waits for it, the second does not.
    let long: String = (0..20_000).map(article).collect();
    work.write("news/long.txt", &long);
    let mut command = work.command(&["index", "--threads", "1"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let patience = Instant::now();
    while worked(child.id()) < 0.3 {
        assert!(patience.elapsed() < Duration::from_secs(120), "the run does not get to work");
        std::thread::sleep(Duration::from_millis(10));
    }
    signal("-INT", child.id());
    std::thread::sleep(Duration::from_millis(100));
    assert!(child.try_wait().unwrap().is_none(), "the article in hand is finished first");
    let asked = Instant::now();
    signal("-INT", child.id());
    let ended = child.wait_with_output().unwrap();
    assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
    let said = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(130), "{said}");
    assert!(said.contains("again to leave at once"), "{said}");
    assert_eq!(work.dump("index").unwrap(), old);
    work.run(&["query", "worth"]).ends(0);
    fs::remove_file(work.path("news/long.txt")).unwrap();
    work.run(&["index"]).ends(0);
    assert_eq!(work.dump("index").unwrap(), old);
    work.run(&["verify"]).ends(0);
}

/// Changes to a file that a worn disk or a stray program makes.
fn damages(good: &[u8]) -> Vec<Vec<u8>> {
    let places = [0, 1, 3, 5, 6, 7, 8, 9].map(|tenth| good.len() * tenth / 10);
    let flip = |at: usize| {
        let mut bad = good.to_vec();
        bad[at] ^= 0x10;
        bad
    };
    let cut = [good.len() / 2, good.len() - 1].map(|end| good[..end].to_vec());
    places.into_iter().map(flip).chain(cut).collect()
}

#[test]
fn a_damaged_file_is_told_by_verify_and_explained_by_all_else() {
    let work = Work::with_news(4);
    work.run(&["index", "news"]).ends(0);
    work.write("news/0/0.txt", &article(90));
    work.run(&["index"]).ends(0);
    let files = WalkDir::new(work.path("index")).sort_by_file_name().into_iter();
    let files = files.map(Result::unwrap).filter(|entry| {
        let name = entry.file_name().to_string_lossy();
        entry.file_type().is_file() && !name.ends_with(".lock")
    });
    let mut damaged = 0;
    for (number, file) in files.enumerate() {
        let (path, good) = (file.path(), fs::read(file.path()).unwrap());
        // One a file, another one for each: all together see every kind of place.
        let all = damages(&good);
        for bad in [&all[number % all.len()], &all[(number + 5) % all.len()]] {
            fs::write(path, bad).unwrap();
            damaged += 1;
            let what = format!("{} {number}", path.display());
            let ran = work.run(&["verify"]);
            assert_eq!(ran.code, 2, "{what}: {ran:?}");
            for args in [&["query", "worth"][..], &["query", "--speaker", "lopez"], &["stats"]] {
                let ran = work.run(args);
                assert!((0..=2).contains(&ran.code), "{what}: {ran:?}");
                let told = ran.code < 2 || ran.err.contains("whosaid index");
                assert!(told && !ran.err.contains("stack backtrace"), "{what}: {ran:?}");
            }
            fs::write(path, &good).unwrap();
        }
    }
    assert!(damaged > 30, "{damaged}");
    work.run(&["verify"]).ends(0);
}
