//! Where the CPU time of a run goes, stage by stage (`--timings`), and how much memory it took.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use cpu_time::{ProcessTime, ThreadTime};

/// What a worker does with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Bytes to article.
    Parse,
    /// Entities, quotes, speakers.
    Annotate,
    /// Deduplication and index documents, down to the engine.
    Put,
}

/// CPU time by stage, in nanoseconds.
#[derive(Default)]
pub struct Timings {
    stages: [AtomicU64; 3],
    /// All that the workers used.
    workers: AtomicU64,
    /// All that the process used until the last file was done.
    running: AtomicU64,
    /// What of it went into segments that were written out meanwhile.
    closing: AtomicU64,
}

impl Timings {
    /// Does some work on account of a stage.
    pub fn time<T>(&self, stage: Stage, work: impl FnOnce() -> T) -> T {
        let (done, spent) = timed(work);
        self.stages[stage as usize].fetch_add(spent, Ordering::Relaxed);
        done
    }

    /// Does some of the annotation that another worker has in hand.
    pub fn lend_a_hand<T>(&self, work: impl FnOnce() -> T) -> T {
        if AT_WORK.get() {
            // It waits for a hand itself, and this is part of what it takes.
            return work();
        }
        let (done, spent) = timed(work);
        self.stages[Stage::Annotate as usize].fetch_add(spent, Ordering::Relaxed);
        self.workers.fetch_add(spent, Ordering::Relaxed);
        done
    }

    /// To be called by a worker when it has nothing more to do.
    pub fn thread_ends(&self) {
        self.workers.fetch_add(thread_cpu(), Ordering::Relaxed);
    }

    /// To be called when all files are done and only the index is to be finished, with what
    /// `Writer::closing` says.
    pub fn run_ends(&self, closing: u64) {
        self.running.store(process_cpu(), Ordering::Relaxed);
        self.closing.store(closing, Ordering::Relaxed);
    }

    /// A line a stage: CPU seconds, and CPU seconds for 100 MB read.
    pub fn lines(&self, bytes: u64) -> Vec<String> {
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let [parse, annotate, put] = [0, 1, 2].map(|i| get(&self.stages[i]));
        let (workers, closing) = (get(&self.workers), get(&self.closing));
        let (running, all) = (get(&self.running).saturating_sub(closing), process_cpu());
        let rows = [
            ("read", running.saturating_sub(workers)),
            ("parse", parse),
            ("annotate", annotate),
            ("deduplicate and index", put),
            ("hand over", workers.saturating_sub(parse + annotate + put)),
            ("commit and merge", all.saturating_sub(running)),
            ("all", all),
        ];
        let hundreds = (bytes as f64 / 1e8).max(1e-9);
        let line = |&(name, nanos): &(&str, u64)| {
            let seconds = Duration::from_nanos(nanos).as_secs_f64();
            let share = 100.0 * nanos as f64 / all.max(1) as f64;
            format!("{name:<22}{seconds:>9.2}{:>13.2}{share:>8.1}", seconds / hundreds)
        };
        let head = format!("{:<22}{:>9}{:>13}{:>8}", "stage", "CPU s", "s per 100 MB", "%");
        std::iter::once(head).chain(rows.iter().map(line)).collect()
    }
}

thread_local! {
    /// This thread does something whose time is taken.
    static AT_WORK: Cell<bool> = const { Cell::new(false) };
}

/// Does some work, and tells what CPU time this thread took for it, in nanoseconds.
fn timed<T>(work: impl FnOnce() -> T) -> (T, u64) {
    let before = thread_cpu();
    AT_WORK.set(true);
    let done = work();
    AT_WORK.set(false);
    (done, thread_cpu() - before)
}

/// CPU time of this thread so far, nanoseconds.
fn thread_cpu() -> u64 {
    ThreadTime::now().as_duration().as_nanos() as u64
}

/// CPU time of all threads so far, nanoseconds.
fn process_cpu() -> u64 {
    ProcessTime::now().as_duration().as_nanos() as u64
}

/// The most memory this process has held, where the system tells.
pub fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}
