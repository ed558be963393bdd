//! How far a run is: a bar on a terminal, a plain line now and then elsewhere. All of it goes to
//! standard error.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::summary::count;

/// How often a plain line is written.
const EVERY: Duration = Duration::from_secs(10);

/// Shows bytes done of bytes in all.
pub struct Progress {
    bar: ProgressBar,
    /// When the last plain line was written; `None`: there is a bar.
    plain: Option<Mutex<Instant>>,
    total: u64,
}

impl Progress {
    /// Starts at nothing of `total` bytes.
    pub fn new(total: u64) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template(
            "{bar:30} {percent:>3} %  {decimal_bytes} of {decimal_total_bytes}  {decimal_bytes_per_sec}  {eta} left",
        );
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Progress { bar, plain: (!terminal).then(|| Mutex::new(Instant::now())), total }
    }

    /// Adds bytes that are done.
    pub fn add(&self, bytes: u64) {
        self.bar.inc(bytes);
        let Some(last) = &self.plain else { return };
        // Whoever finds it locked leaves the line to the other.
        if let Ok(mut last) = last.try_lock()
            && last.elapsed() >= EVERY
        {
            *last = Instant::now();
            self.line();
        }
    }

    fn line(&self) {
        let megabytes = |bytes: u64| count(bytes / 1_000_000);
        anstream::eprintln!(
            "{} of {} MB, {:.1} MB/s, {} s left",
            megabytes(self.bar.position()),
            megabytes(self.total),
            self.bar.per_sec() / 1e6,
            self.bar.eta().as_secs()
        );
    }

    /// Says what goes on when there are no bytes to count.
    pub fn say(&self, what: &str) {
        self.bar.suspend(|| anstream::eprintln!("{what}"));
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
