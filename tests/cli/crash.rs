//! Runs that are killed or interrupted: the index opens, answers from its last commit, and the next
//! run ends where an undisturbed one does.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::helpers::{Work, article, dump};

/// How many runs are killed in all; `WHOSAID_CRASHES` asks for other numbers.
fn crashes() -> u32 {
    std::env::var("WHOSAID_CRASHES").ok().and_then(|n| n.parse().ok()).unwrap_or(201)
}

/// Numbers that are the same in every run of the test.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// Starts a run and kills it after a while; whether it had not ended by itself.
fn kill_after(work: &Work, args: &[&str], pause: Duration) -> bool {
    let mut child = work.command(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(pause);
    child.kill().unwrap();
    child.wait().unwrap().code().is_none()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// One kind of run, from an index to begin with (or none) to the index it ends in.
struct Case<'a> {
    args: &'a [&'a str],
    before: Option<&'a Path>,
    after: &'a [String],
    took: Duration,
}

/// Whether the run was cut off.
fn crash(work: &Work, case: &Case, dice: &mut Dice) -> bool {
    let dir = work.path("index");
    fs::remove_dir_all(&dir).ok();
    if let Some(before) = case.before {
        copy(before, &dir);
    }
    let pause = Duration::from_micros(dice.below(case.took.as_micros() as u64 * 11 / 10 + 1));
    let killed = kill_after(work, case.args, pause);
    // Whole: it opens, and every document of it can be read.
    let left = work.dump("index");
    assert!(left.is_some() || case.before.is_none(), "the index is gone after {pause:?}");
    work.run(case.args).ends(0);
    assert_eq!(dump(&dir), case.after, "{:?} after {pause:?}", case.args);
    killed
}

#[test]
fn a_killed_run_leaves_a_whole_index() {
    let work = Work::with_news(45);
    let (fresh, compact) = (["index", "news", "--threads", "2"], ["compact"]);
    let timed = |args: &[&str]| {
        let started = Instant::now();
        work.run(args).ends(0);
        started.elapsed()
    };
    let took = timed(&fresh);
    let old = work.path("old");
    copy(&work.path("index"), &old);
    let first = dump(&old);
    let took_compact = timed(&compact);

    let rounds = crashes() / 3;
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut killed = [0; 3];
    for _ in 0..rounds {
        let case = Case { args: &fresh, before: None, after: &first, took };
        killed[0] += u32::from(crash(&work, &case, &mut dice));
        let (before, took) = (Some(&*old), took_compact);
        let case = Case { args: &compact, before, after: &first, took };
        killed[1] += u32::from(crash(&work, &case, &mut dice));
    }
    for number in 0..20 {
        work.write(&format!("news/{}/{number}.txt", number % 3), &article(number + 700));
    }
    fs::remove_file(work.path("news/0/30.txt")).unwrap();
    fs::remove_dir_all(work.path("index")).unwrap();
    work.run(&fresh).ends(0);
    let second = dump(&work.path("index"));
    fs::remove_dir_all(work.path("index")).unwrap();
    copy(&old, &work.path("index"));
    let took = timed(&fresh);
    for _ in 0..rounds {
        let case = Case { args: &fresh, before: Some(&old), after: &second, took };
        killed[2] += u32::from(crash(&work, &case, &mut dice));
    }
    // The others had ended when their time came.
    assert!(killed.iter().all(|&killed| killed >= rounds / 4), "{killed:?} of {rounds} each");
}

#[cfg(unix)]
#[test]
fn ctrl_c_keeps_what_is_whole() {
    let work = Work::with_news(600);
    let mut command = work.command(&["index", "news", "--threads", "1"]);
    let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let patience = Instant::now();
    while !work.path("index/current.json").exists() {
        assert!(patience.elapsed() < Duration::from_secs(60), "the run does not start");
        std::thread::sleep(Duration::from_millis(1));
    }
    let signal = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(signal.success());
    let ended = child.wait_with_output().unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(2), "{said}");
    assert!(said.contains("what was whole is in the index"), "{said}");
    let part = work.dump("index").unwrap();
    work.run(&["index"]).ends(0);
    let whole = work.dump("index").unwrap();
    assert!(part.len() < whole.len());
    work.run(&["index", "news", "--index", "undisturbed"]).ends(0);
    assert_eq!(whole, work.dump("undisturbed").unwrap());
}
