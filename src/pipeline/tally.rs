//! Counts what the workers do.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::index::PutStats;
use crate::output::summary::Summary;

/// A number that all workers add to.
#[derive(Default)]
pub struct Count(AtomicU64);

impl Count {
    /// Adds to it.
    pub fn add(&self, n: u64) {
        self.0.fetch_add(n, Ordering::Relaxed);
    }

    fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The counts of a run; `Summary` says what each means.
#[derive(Default)]
pub struct Tally {
    pub files: Count,
    pub unchanged: Count,
    pub gone: Count,
    pub kept: Count,
    pub removed: Count,
    pub bytes: Count,
    articles: Count,
    paragraphs: Count,
    repeats: Count,
    quotes: Count,
    unknown: Count,
}

impl Tally {
    /// Adds an article that was written.
    pub fn put(&self, stats: &PutStats) {
        self.articles.add(1);
        self.paragraphs.add(stats.paragraphs);
        self.repeats.add(stats.repeats);
        self.quotes.add(stats.quotes);
        self.unknown.add(stats.unknown);
    }

    /// The figures so far.
    pub fn summary(&self) -> Summary {
        Summary {
            files: self.files.get(),
            unchanged: self.unchanged.get(),
            gone: self.gone.get(),
            articles: self.articles.get(),
            kept: self.kept.get(),
            removed: self.removed.get(),
            paragraphs: self.paragraphs.get(),
            repeats: self.repeats.get(),
            quotes: self.quotes.get(),
            unknown: self.unknown.get(),
            bytes: self.bytes.get(),
            ..Summary::default()
        }
    }
}
