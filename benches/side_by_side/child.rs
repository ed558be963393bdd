//! A program run as a process of its own: how long it took and how much memory it held at most.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use walkdir::WalkDir;

/// What one run cost.
pub struct Run {
    /// Wall clock.
    pub seconds: f64,
    /// Largest resident memory seen, bytes; 0 where the system does not tell.
    pub peak: u64,
}

/// Runs `command` and waits for it. An exit code of 1 is "nothing found", and fine.
pub fn run(command: &[String]) -> anyhow::Result<Run> {
    let start = Instant::now();
    let mut child = Command::new(&command[0])
        .args(&command[1..])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| command.join(" "))?;
    let status_file = format!("/proc/{}/status", child.id());
    let watch = thread::spawn(move || watch(&status_file));
    let status = child.wait()?;
    let seconds = start.elapsed().as_secs_f64();
    let peak = watch.join().expect("the watcher does not panic");
    if !matches!(status.code(), Some(0 | 1)) {
        bail!("{}: {status}", command.join(" "));
    }
    Ok(Run { seconds, peak })
}

/// The last peak that the kernel told before the process ended.
fn watch(status_file: &str) -> u64 {
    let mut peak = 0;
    while let Some(now) = fs::read_to_string(status_file).ok().and_then(|s| high_water(&s)) {
        peak = now;
        thread::sleep(Duration::from_millis(5));
    }
    peak
}

fn high_water(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

/// Bytes of all files under `folder`.
pub fn size(folder: &Path) -> u64 {
    let files = WalkDir::new(folder).into_iter().flatten().filter(|e| e.file_type().is_file());
    files.filter_map(|entry| Some(entry.metadata().ok()?.len())).sum()
}
