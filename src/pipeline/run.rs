//! One index run: looks at the folders, reads what is new or changed on many threads, annotates it
//! on all cores and writes it; takes out what is gone.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Context;

use super::files::{Open, OpenFiles};
use super::guard::{annotated, guarded};
use super::look::look;
use super::options;
use super::plan::Target;
use super::problems::Problems;
use super::sink::Sink;
use super::tally::Tally;
use super::timings::{Stage, Timings};
use super::todo::Todo;
use super::workers::Workers;
use crate::article::Article;
use crate::index::{ArticleDocs, FileRecord};
use crate::output::progress::Progress;
use crate::output::summary::Summary;
use crate::read::{self, Batch, End, RawRecord, ReadOptions, Source};
use crate::report::Problem;

/// Threads that read files: more than there are cores, because a cold disk answers the better the
/// more it is asked.
const READERS: usize = 8;

/// Bytes of articles that a worker gathers before it annotates and writes them, and of records that it
/// takes for that when they are small.
const AT_ONCE: usize = 512 << 10;
/// Files that it takes at once.
const FILES_AT_ONCE: usize = 128;

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
    let tally = Tally::default();
    let mut todo = Todo::default();
    for target in targets {
        look(target, sink, problems, &tally, settings, &mut todo)?;
    }
    let total = todo.bytes();
    let roots = targets.iter().map(|target| (target.path.clone(), target.clone())).collect();
    let files = OpenFiles::default();
    let progress = Progress::new(total);
    let run = Run { roots, sink, problems, settings, tally: &tally, files, progress };
    run.read(todo)?;
    run.progress.finish();
    Ok(Summary {
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
    fn read(&self, todo: Todo) -> anyhow::Result<()> {
        if todo.len() == 0 {
            return Ok(());
        }
        let Settings { threads, ahead, reading, timings, .. } = *self.settings;
        let readers = READERS.min(todo.len());
        let feed = Mutex::new(read::feed(todo, reading, readers, ahead));
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .thread_name(|n| format!("worker-{n}"))
            .build()
            .context("cannot start worker threads")?;
        let failed = Mutex::new(None);
        pool.in_place_scope(|scope| {
            // As in `ordered`: one a thread.
            scope.spawn_broadcast(|_, _| {
                while let Some(batches) = self.next(&feed) {
                    if let Err(error) = self.batches(batches) {
                        *failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                        self.settings.stop.store(true, Ordering::Relaxed);
                    }
                }
                if let Some(timings) = timings {
                    timings.thread_ends();
                }
            });
        });
        failed.into_inner().unwrap_or_else(PoisonError::into_inner).map_or(Ok(()), Err)
    }

    /// The next batch, and with a small one those that are read already.
    fn next(&self, feed: &Mutex<read::Feed>) -> Option<Vec<Taken>> {
        if self.settings.stop.load(Ordering::Relaxed) {
            return None;
        }
        // Under one lock, so that batches of a file are noted in their order.
        let mut feed = feed.lock().unwrap_or_else(PoisonError::into_inner);
        let mut taken = Vec::new();
        let (mut next, mut all) = (feed.next(), 0);
        while let Some(batch) = next {
            let (bytes, file) = (batch.bytes(), self.files.take(&batch));
            taken.push(Taken { batch, bytes, file });
            all += bytes;
            let more = all < AT_ONCE && taken.len() < FILES_AT_ONCE;
            next = if more { feed.next_if_ready() } else { None };
        }
        (!taken.is_empty()).then_some(taken)
    }

    /// Does the records of batches; the files, when these were their last ones.
    fn batches(&self, mut batches: Vec<Taken>) -> anyhow::Result<()> {
        // Together: what the steps and the engine keep at hand stays there from article to article.
        let mut parsed = Parsed::default();
        for Taken { batch, file, .. } in &mut batches {
            let label = self.label(&batch.source);
            lock(file).load(|| self.sink.records(label, &batch.source.name))?;
            for item in std::mem::take(&mut batch.items) {
                if self.settings.stop.load(Ordering::Relaxed) {
                    // The files stay open for ever: they are not noted as read.
                    return self.finish(parsed);
                }
                match item {
                    Ok(record) => parsed.extend(self.record(record, file)),
                    Err(problem) => self.problem(problem, file),
                }
                if parsed.bytes >= AT_ONCE {
                    self.finish(std::mem::take(&mut parsed))?;
                }
            }
        }
        self.finish(parsed)?;
        for Taken { batch, bytes, file } in batches {
            let ends = batch.end.is_some();
            self.progress.add(lock(&file).count(bytes as u64, batch.source.size, ends));
            if let Some((open, end)) = self.files.done(&batch, &file) {
                self.close(&batch.source, open, end)?;
            }
        }
        Ok(())
    }

    fn label(&self, source: &Source) -> &str {
        &self.roots[&*source.root].root.label
    }

    fn problem(&self, problem: Problem, file: &Mutex<Open>) {
        self.problems.add(&problem);
        lock(file).note(problem);
    }

    /// Annotates articles and writes them.
    fn finish(&self, parsed: Parsed) -> anyhow::Result<()> {
        let articles: Vec<&Article> = parsed.records.iter().map(|one| &one.article).collect();
        let workers = Workers { timings: self.settings.timings };
        let name = |number: usize| read::display_name(&parsed.records[number].source.path);
        let annotations = self.time(Stage::Annotate, || annotated(&articles, name, &workers));
        for (one, annotation) in parsed.records.into_iter().zip(annotations) {
            let annotation = match annotation {
                Ok(annotation) => annotation,
                Err(problem) => {
                    self.failed(problem, one.article.id, one.before, &one.file);
                    continue;
                }
            };
            let ParsedRecord { source, hash: record, article, .. } = one;
            let (root, file) = (self.label(&source).to_owned(), source.name.clone());
            let docs = ArticleDocs { root, file, record, article, annotation };
            let stats = self.time(Stage::Put, || self.sink.put(docs))?;
            self.tally.put(&stats);
        }
        Ok(())
    }

    /// A record that could not be used: what the index had of it goes with the end of the file.
    fn failed(&self, problem: Problem, id: String, before: Option<u64>, file: &Mutex<Open>) {
        lock(file).known.extend(before.map(|hash| (id, hash)));
        self.problem(problem, file);
    }

    /// Parses one record, unless the index has it as it is.
    fn record(&self, record: RawRecord, file: &Arc<Mutex<Open>>) -> Option<ParsedRecord> {
        self.tally.bytes.add(record.bytes.len() as u64);
        let reading = self.reading(&record.source);
        let (id, hash) = (record.id(), options::record_hash(&record, &reading));
        let before = lock(file).known.remove(&id);
        if before == Some(hash) {
            self.tally.kept.add(1);
            return None;
        }
        let parsed = guarded(&read::display_name(&record.source.path), || {
            self.time(Stage::Parse, || read::parse(&record, &reading))
        });
        match parsed {
            Ok(mut article) => {
                // Relative to its root: the archive may move without any article becoming another.
                article.path.clone_from(&record.source.name);
                let (source, file) = (record.source, file.clone());
                Some(ParsedRecord { source, file, hash, before, article })
            }
            Err(problem) => {
                self.failed(problem, id, before, file);
                None
            }
        }
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
    fn close(&self, source: &Source, open: Open, end: End) -> anyhow::Result<()> {
        let label = self.label(source);
        if open.unreadable {
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

/// A batch, and the file it is of.
struct Taken {
    batch: Batch,
    /// Of its records, when it was taken.
    bytes: usize,
    file: Arc<Mutex<Open>>,
}

/// Articles that wait for their annotation.
#[derive(Default)]
struct Parsed {
    records: Vec<ParsedRecord>,
    /// Bytes of their texts.
    bytes: usize,
}

impl Extend<ParsedRecord> for Parsed {
    fn extend<I: IntoIterator<Item = ParsedRecord>>(&mut self, records: I) {
        for record in records {
            self.bytes += record.article.text.len();
            self.records.push(record);
        }
    }
}

/// One of them.
struct ParsedRecord {
    source: Arc<Source>,
    file: Arc<Mutex<Open>>,
    /// Of the record it was read from, now and when it was last indexed.
    hash: u64,
    before: Option<u64>,
    article: Article,
}

fn lock(file: &Mutex<Open>) -> MutexGuard<'_, Open> {
    file.lock().unwrap_or_else(PoisonError::into_inner)
}
