//! Files that change or vanish in the middle of a run. The run is stopped by a signal while it has the
//! file in hand, so that no clock decides what is tested.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::helpers::{Ran, Work, article, signal};

/// The least that a run may be told to hold, so that it does not read far ahead.
const RUN: [&str; 5] = ["index", "news", "--threads", "1", "--memory=64MB"];

/// A run that has been stopped in the middle.
struct Stopped {
    child: Child,
    /// Files of `news` that it was reading, and how far it had come.
    open: Vec<(PathBuf, u64)>,
}

/// The files below a folder that a process has open, and its place in each.
fn open_below(id: u32, folder: &Path) -> Vec<(PathBuf, u64)> {
    let Ok(entries) = fs::read_dir(format!("/proc/{id}/fd")) else { return Vec::new() };
    let file = |entry: fs::DirEntry| {
        let path = fs::read_link(entry.path()).ok().filter(|path| path.starts_with(folder))?;
        let number = entry.file_name().into_string().ok()?;
        let info = fs::read_to_string(format!("/proc/{id}/fdinfo/{number}")).ok()?;
        let at = info.lines().find_map(|line| line.strip_prefix("pos:"))?;
        path.is_file().then_some((path, at.trim().parse().ok()?))
    };
    entries.flatten().filter_map(file).collect()
}

/// Starts a run and stops it as soon as it is in the middle of a file of `news`; `None` where it was
/// faster.
fn stopped_once(work: &Work) -> Option<Stopped> {
    let news = work.path("news").canonicalize().unwrap();
    let mut child =
        work.command(&RUN).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let patience = Instant::now();
    while open_below(child.id(), &news).iter().all(|&(_, at)| at < 100_000) {
        if child.try_wait().unwrap().is_some() {
            return None;
        }
        assert!(patience.elapsed() < Duration::from_secs(120), "the run reads nothing");
        std::thread::sleep(Duration::from_millis(1));
    }
    signal("-STOP", child.id());
    while !fs::read_to_string(format!("/proc/{}/stat", child.id())).unwrap().contains(") T ") {
        if child.try_wait().unwrap().is_some() {
            return None;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    let open = open_below(child.id(), &news);
    Some(Stopped { child, open })
}

/// Starts runs on the same index until one is stopped where it is `wanted`: on a busy machine the
/// signal may come too late.
fn stopped(work: &Work, wanted: impl Fn(&[(PathBuf, u64)]) -> bool) -> Stopped {
    let (index, saved) = (work.path("index"), work.path("saved"));
    let copy = |from: &Path, to: &Path| {
        let copied = !from.exists()
            || Command::new("cp").arg("-r").args([from, to]).status().unwrap().success();
        assert!(copied, "{}", from.display());
    };
    copy(&index, &saved);
    for _ in 0..20 {
        if let Some(mut run) = stopped_once(work) {
            if wanted(&run.open) {
                return run;
            }
            run.child.kill().unwrap();
            run.child.wait().unwrap();
        }
        fs::remove_dir_all(&index).unwrap();
        copy(&saved, &index);
    }
    panic!("twenty runs were stopped too late or too early");
}

/// How far a run has come in a file.
fn come_to(open: &[(PathBuf, u64)], name: &str) -> usize {
    open.iter().find(|(path, _)| path.ends_with(name)).map_or(0, |&(_, at)| at as usize)
}

impl Stopped {
    fn goes_on(self) -> Ran {
        signal("-CONT", self.child.id());
        Ran::new(self.child.wait_with_output().unwrap())
    }
}

/// Records of 20 kB each, all of the same length, most of it in a field that nobody reads.
fn lines(from: usize, count: usize) -> String {
    let line = |number: usize| {
        let text = format!("“We have waited {number} weeks,” said Ann Lee, the mayor.");
        let line = serde_json::json!({"text": text, "z": ""}).to_string();
        line.replace("\"\"}", &format!("\"{}\"}}\n", "z".repeat(20_000 - line.len() - 1)))
    };
    (from..from + count).map(line).collect()
}

#[test]
fn a_file_that_is_cut_while_it_is_read_is_told_and_read_again() {
    let work = Work::with_news(2);
    let records = 3000;
    work.write("news/big.jsonl", &lines(0, records));
    let read = |open: &[(PathBuf, u64)]| come_to(open, "big.jsonl") / 20_000;
    let run = stopped(&work, |open| (11..records).contains(&read(open)));
    let read = read(&run.open);
    let file = fs::OpenOptions::new().write(true).open(work.path("news/big.jsonl")).unwrap();
    file.set_len(read as u64 / 2 * 20_000).unwrap();
    drop(file);
    let ran = run.goes_on().ends(2);
    assert!(ran.err.contains("news/big.jsonl: changed while it was read"), "{}", ran.err);
    assert!(!ran.err.contains("whosaid failed"), "{}", ran.err);
    let found = work.run(&["verify"]).ends(2);
    assert!(found.out.contains("big.jsonl: not read to its end yet"), "{}", found.out);
    // It is not taken for unchanged, and what it has lost goes.
    let next = work.run(&["index"]).ends(0);
    assert!(next.err.contains("1 read, 3 unchanged"), "{}", next.err);
    work.run(&["index", "news", "--index", "fresh"]).ends(0);
    assert_eq!(work.dump("index"), work.dump("fresh"));
    work.run(&["verify"]).ends(0);
}

#[test]
fn a_file_that_vanishes_before_it_is_read_is_told_and_the_rest_is_read() {
    let work = Work::empty();
    work.write("news/z.txt", &article(1));
    work.run(&["index", "news"]).ends(0);
    let old = work.dump("index").unwrap();
    for number in 0..24 {
        work.write(&format!("news/{number:02}.jsonl"), &lines(number * 100, 100));
    }
    work.write("news/z.txt", &article(2));
    let last = |open: &[(PathBuf, u64)]| open.iter().map(|(path, _)| path.clone()).max();
    let run =
        stopped(&work, |open| last(open).is_some_and(|path| path.file_name().unwrap() < "20"));
    fs::remove_file(work.path("news/z.txt")).unwrap();
    let ran = run.goes_on().ends(2);
    assert!(ran.err.contains("news/z.txt: vanished before it was read"), "{}", ran.err);
    assert!(ran.err.contains("24 read") && ran.err.contains("2,400 indexed"), "{}", ran.err);
    // What the index has of it stays until a run finds that it is gone.
    work.run(&["show", "z.txt"]).ends(0);
    assert!(work.run(&["index"]).ends(0).err.contains("24 unchanged, 1 gone"));
    work.run(&["show", "z.txt"]).ends(1);
    assert!(work.dump("index").unwrap().len() > old.len());
}

/// A run that ends in the middle of a file, which is then gone under its name.
#[test]
fn what_an_interrupted_run_had_of_a_file_goes_with_it() {
    let work = Work::with_news(2);
    work.run(&["index", "news"]).ends(0);
    let old = work.dump("index").unwrap();
    work.write("news/big.jsonl", &lines(0, 3000));
    let run = stopped(&work, |open| (1..60_000_000).contains(&come_to(open, "big.jsonl")));
    signal("-INT", run.child.id());
    let ran = run.goes_on().ends(2);
    assert!(ran.err.contains("stopped before the end"), "{}", ran.err);
    fs::remove_file(work.path("news/big.jsonl")).unwrap();
    work.run(&["index"]).ends(0);
    assert_eq!(work.dump("index").unwrap(), old);
}
