//! One index run: looks at the folders, reads what is new or changed on many threads, annotates it
//! on all cores and writes it; takes out what is gone.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use anyhow::Context;

use super::files::{Open, OpenFiles};
use super::guarded;
use super::look::look;
use super::options;
use super::plan::Target;
use super::problems::Problems;
use super::sink::Sink;
use super::tally::Tally;
use super::timings::{Stage, Timings};
use crate::annotate::annotate;
use crate::article::{Annotation, Article};
use crate::index::{ArticleDocs, FileRecord};
use crate::output::progress::Progress;
use crate::output::summary::Summary;
use crate::read::{self, Batch, End, RawRecord, ReadOptions, Source};
use crate::report::{Problem, ProblemKind};

/// Threads that read files: more than there are cores, because a cold disk answers the better the
/// more it is asked.
const READERS: usize = 8;

/// Bytes of articles that a worker has ready before it writes them.
const WRITTEN_AT_ONCE: usize = 512 << 10;

/// How to run.
pub struct Settings<'a> {
    /// Worker threads.
    pub threads: usize,
    /// Bytes of records read ahead of the workers.
    pub ahead: usize,
    /// How to read.
    pub reading: &'a ReadOptions,
    /// The folder of the index: never read as articles.
    pub index: &'a Path,
    /// Set by Ctrl-C.
    pub stop: &'a AtomicBool,
    /// Where the CPU time goes is asked for.
    pub timings: Option<&'a Timings>,
}

/// Brings the targets up to date. What could not be used goes to `problems`.
///
/// # Errors
/// When the index cannot be read or written; what was committed before stays.
pub fn run(
    targets: &[Target],
    sink: &dyn Sink,
    problems: &Problems,
    settings: &Settings,
) -> anyhow::Result<Summary> {
    let start = Instant::now();
    let tally = Tally::default();
    let mut todo = Vec::new();
    for target in targets {
        todo.extend(look(target, sink, problems, &tally, settings)?);
    }
    let total = todo.iter().map(|source| source.size).sum();
    let roots = targets.iter().map(|target| (target.path.clone(), target.clone())).collect();
    let files = OpenFiles::default();
    let progress = Progress::new(total);
    let run = Run { roots, sink, problems, settings, tally: &tally, files, progress };
    run.read(todo)?;
    run.progress.finish();
    Ok(Summary {
        elapsed: start.elapsed(),
        problems: problems.counts(),
        interrupted: settings.stop.load(Ordering::Relaxed),
        ..tally.summary()
    })
}

/// What the workers share.
struct Run<'a> {
    roots: HashMap<PathBuf, Target>,
    sink: &'a dyn Sink,
    problems: &'a Problems,
    settings: &'a Settings<'a>,
    tally: &'a Tally,
    files: OpenFiles,
    progress: Progress,
}

impl Run<'_> {
    fn read(&self, todo: Vec<Source>) -> anyhow::Result<()> {
        if todo.is_empty() {
            return Ok(());
        }
        let Settings { threads, ahead, reading, timings, .. } = *self.settings;
        let readers = READERS.min(todo.len());
        let feed = Mutex::new(read::feed(todo.into_iter(), reading, readers, ahead));
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .thread_name(|n| format!("worker-{n}"))
            .build()
            .context("cannot start worker threads")?;
        let failed = Mutex::new(None);
        pool.in_place_scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|_| {
                    while let Some((batch, file)) = self.next(&feed) {
                        if let Err(error) = self.batch(batch, &file) {
                            *failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                            self.settings.stop.store(true, Ordering::Relaxed);
                        }
                    }
                    if let Some(timings) = timings {
                        timings.thread_ends();
                    }
                });
            }
        });
        failed.into_inner().unwrap_or_else(PoisonError::into_inner).map_or(Ok(()), Err)
    }

    fn next(&self, feed: &Mutex<read::Feed>) -> Option<(Batch, Arc<Mutex<Open>>)> {
        if self.settings.stop.load(Ordering::Relaxed) {
            return None;
        }
        // Under one lock, so that batches of a file are noted in their order.
        let mut feed = feed.lock().unwrap_or_else(PoisonError::into_inner);
        let batch = feed.next()?;
        let file = self.files.take(&batch);
        Some((batch, file))
    }

    /// Does the records of a batch; the file, when this was its last one.
    fn batch(&self, batch: Batch, file: &Mutex<Open>) -> anyhow::Result<()> {
        let target = &self.roots[&*batch.source.root];
        let label = target.root.label.as_str();
        lock(file).load(|| self.sink.records(label, &batch.source.name))?;
        let (bytes, ends) = (batch.bytes() as u64, batch.end.is_some());
        let Batch { source, items, end } = batch;
        // Written together: what the engine keeps at hand stays there from article to article.
        let (mut ready, mut held) = (Vec::new(), 0);
        for item in items {
            if self.settings.stop.load(Ordering::Relaxed) {
                // The file stays open for ever: it is not noted as read.
                return self.put(ready);
            }
            match item {
                Ok(record) => {
                    let docs = self.record(record, label, file);
                    held += docs.as_ref().map_or(0, |docs| docs.article.text.len());
                    ready.extend(docs);
                }
                Err(problem) => self.problem(problem, file),
            }
            if held >= WRITTEN_AT_ONCE {
                self.put(std::mem::take(&mut ready))?;
                held = 0;
            }
        }
        self.put(ready)?;
        let batch = Batch { source, items: Vec::new(), end };
        self.progress.add(lock(file).count(bytes, batch.source.size, ends));
        match self.files.done(&batch, file) {
            Some((open, end)) => self.close(&batch.source, label, open, end),
            None => Ok(()),
        }
    }

    fn problem(&self, problem: Problem, file: &Mutex<Open>) {
        self.problems.add(&problem);
        lock(file).note(problem);
    }

    /// Writes articles.
    fn put(&self, articles: Vec<ArticleDocs>) -> anyhow::Result<()> {
        for docs in articles {
            let stats = self.time(Stage::Put, || self.sink.put(docs))?;
            self.tally.put(&stats);
        }
        Ok(())
    }

    /// Parses and annotates one record, unless the index has it as it is.
    fn record(&self, record: RawRecord, label: &str, file: &Mutex<Open>) -> Option<ArticleDocs> {
        self.tally.bytes.add(record.bytes.len() as u64);
        let reading = self.reading(&record.source);
        let (id, hash) = (record.id(), options::record_hash(&record, &reading));
        let before = {
            let mut open = lock(file);
            open.records += 1;
            open.known.remove(&id)
        };
        if before == Some(hash) {
            self.tally.kept.add(1);
            return None;
        }
        match self.annotated(&record, &reading) {
            Ok((article, annotation)) => {
                let (root, name) = (label.to_owned(), record.source.name.clone());
                Some(ArticleDocs { root, file: name, record: hash, article, annotation })
            }
            Err(problem) => {
                // What the index had of it goes with the end of the file.
                lock(file).known.extend(before.map(|hash| (id, hash)));
                self.problem(problem, file);
                None
            }
        }
    }

    fn annotated(
        &self,
        record: &RawRecord,
        reading: &ReadOptions,
    ) -> Result<(Article, Annotation), Problem> {
        guarded(&read::display_name(&record.source.path), || {
            let mut article = self.time(Stage::Parse, || read::parse(record, reading))?;
            // Relative to its root: the archive may move without any article becoming another.
            article.path.clone_from(&record.source.name);
            let annotation = self.time(Stage::Annotate, || annotate(&article));
            Ok((article, annotation))
        })
    }

    fn time<T>(&self, stage: Stage, work: impl FnOnce() -> T) -> T {
        match self.settings.timings {
            Some(timings) => timings.time(stage, work),
            None => work(),
        }
    }

    /// How a file is read: its root may have field names of its own.
    fn reading(&self, source: &Source) -> ReadOptions {
        let fields = self.roots[&*source.root].root.fields(&source.name).to_vec();
        ReadOptions { fields, ..self.settings.reading.clone() }
    }

    /// A file was read to its end: what it does not hold any more goes, and it is noted as read.
    fn close(&self, source: &Source, label: &str, open: Open, end: End) -> anyhow::Result<()> {
        let unreadable = open.problems.iter().any(|p| p.kind == ProblemKind::Unreadable);
        if unreadable && open.records == 0 {
            // Perhaps only for the moment: what the index has of it stays, and the next run looks again.
            return Ok(());
        }
        for id in open.known.keys() {
            self.sink.remove_article(label, id)?;
            self.tally.removed.add(1);
        }
        self.tally.files.add(1);
        self.sink.put_file(&FileRecord {
            root: label.to_owned(),
            name: source.name.clone(),
            size: source.size,
            modified: source.modified as i64,
            hash: end.content_hash.map_or(0, |hash| hash as u64),
            options: options::file_hash(&self.reading(source), &open.problems),
            problems: open.problems,
        })
    }
}

fn lock(file: &Mutex<Open>) -> MutexGuard<'_, Open> {
    file.lock().unwrap_or_else(PoisonError::into_inner)
}
