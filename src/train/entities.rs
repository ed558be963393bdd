//! Makes data/models/entities.bin from marked articles.

use std::path::{Path, PathBuf};

use anyhow::Context;
use rustc_hash::FxHashMap;

use super::gold::{self, Marked};
use super::semi_markov::{self, Example, Row, Settings};
use crate::annotate::entities::features::{self, ROLES};
use crate::annotate::entities::lattice::{KINDS, stretches};
use crate::annotate::entities::runs::Run;
use crate::annotate::entities::words;
use crate::annotate::entities::{Cut, View};
use crate::annotate::scene::Scene;
use crate::article::{Article, OffsetMap};
use crate::eval::gold::files;
use crate::model;
use crate::model::{Sink, feature};
use crate::text::Span;

/// The labels of the kinds, in the order of the rows.
const LABELS: [&str; KINDS] = ["PER", "ORG", "LOC", "MISC"];
const PERSON: usize = 0;
const OTHER: usize = 3;

/// How to train.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Rounds over the data.
    pub epochs: usize,
    /// Step size of AdaGrad.
    pub rate: f32,
    /// Weight of the penalty, per update.
    pub l2: f32,
    /// Share of the features that is left out at random.
    pub dropout: f32,
    /// Features seen less often are dropped.
    pub min_count: u32,
    /// Rows of the model: its size.
    pub rows: usize,
    /// The largest weight; larger ones are cut down to it.
    pub largest: f32,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            epochs: 18,
            rate: 0.1,
            l2: 0.0,
            dropout: 0.6,
            min_count: 2,
            rows: 140_000,
            largest: 4.0,
        }
    }
}

/// Trains from the files or folders in `data` and writes entities.bin to the folder `out`.
///
/// # Errors
/// When the data cannot be read or the model cannot be written.
pub fn run(data: &[PathBuf], out: &Path) -> anyhow::Result<()> {
    let bytes = train(&articles(data)?, &Options::default());
    let path = out.join("entities.bin");
    std::fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

/// One article of the training data.
pub struct Sample {
    article: Article,
    names: Vec<(Span, Option<usize>)>,
    /// Whether its set marks names of other kinds.
    marks_other: bool,
}

/// The marked articles of files or folders.
///
/// # Errors
/// When something cannot be read.
pub fn articles(data: &[PathBuf]) -> anyhow::Result<Vec<Sample>> {
    let mut samples = Vec::new();
    for path in files(data)? {
        let set = gold::read(&path)?;
        let marks_other = set.iter().any(|a| a.names.iter().any(|n| n.1 == LABELS[OTHER]));
        samples.extend(set.iter().map(|marked| sample(marked, marks_other)));
    }
    Ok(samples)
}

fn sample(marked: &Marked, marks_other: bool) -> Sample {
    let article = article(&marked.text);
    let kind = |label: &str| LABELS.iter().position(|l| *l == label);
    let name = |(span, label): &(Span, String)| {
        let kind = kind(label);
        (trimmed(&marked.text, *span, kind == Some(PERSON)), kind)
    };
    let names = marked.names.iter().map(name).collect();
    Sample { article, names, marks_other }
}

/// A marked name as the recogniser is to find it: without article, title and possessive ending,
/// which the sets treat each in its own way.
fn trimmed(text: &str, name: Span, person: bool) -> Span {
    let (mut start, mut end) = (name.start(), name.end());
    for ending in ["'s", "’s", " '", "'", "’", ",", " "] {
        if text[start..end].len() > ending.len() + 1 && text[start..end].ends_with(ending) {
            end -= ending.len();
        }
    }
    start += if text[start..end].starts_with("the ") { 4 } else { 0 };
    while let Some((first, _)) = text[start..end].split_once(' ').filter(|_| person) {
        if !words::is_title(first) {
            break;
        }
        start += first.len() + 1;
    }
    Span::new(start, end)
}

/// An article of which each line is a paragraph.
fn article(text: &str) -> Article {
    let mut article = Article::default();
    let mut origin = Vec::new();
    let mut at = 0;
    for line in text.split('\n') {
        let trimmed = line.trim();
        if !trimmed.is_empty() {
            if !article.text.is_empty() {
                article.text.push_str("\n\n");
            }
            let lead = line.len() - line.trim_start().len();
            origin.push((article.text.len() as u32, (at + lead) as u32));
            article.text.push_str(trimmed);
        }
        at += line.len() + 1;
    }
    article.origin = OffsetMap(origin);
    article
}

/// Feature ids in the order of first sight.
#[derive(Default)]
struct Ids {
    ids: FxHashMap<u64, u32>,
    names: Vec<u64>,
    counts: Vec<u32>,
}

/// Collects the features of a group.
struct Collect<'a> {
    ids: &'a mut Ids,
    found: &'a mut Vec<u32>,
}

impl Sink for Collect<'_> {
    fn put(&mut self, template: u32, value: u64) {
        let feature = feature(template, value);
        let next = self.ids.names.len() as u32;
        let id = *self.ids.ids.entry(feature).or_insert(next);
        if id == next {
            self.ids.names.push(feature);
            self.ids.counts.push(0);
        }
        self.ids.counts[id as usize] += 1;
        self.found.push(id);
    }
}

/// The bytes of the model file for these articles.
pub fn train(samples: &[Sample], options: &Options) -> Vec<u8> {
    let mut ids = Ids::default();
    let mut examples: Vec<Vec<Example>> =
        samples.iter().map(|s| first_examples(s, &mut ids)).collect();
    let &Options { epochs, rate, l2, dropout, min_count, .. } = options;
    let settings = Settings { epochs, rate, l2, dropout };
    let keep = frequent(&ids, min_count);
    examples.iter_mut().flatten().for_each(|e| narrow(e, &keep));
    let weights = semi_markov::fit(&examples.concat(), ids.names.len(), &settings);
    let rows = ids.names.iter().copied().zip(weights).collect();
    quantise(rows, options)
}

fn frequent(ids: &Ids, least: u32) -> Vec<bool> {
    ids.counts.iter().map(|&c| c >= least).collect()
}

/// Leaves only the features to keep.
fn narrow(example: &mut Example, keep: &[bool]) {
    let mut features = Vec::with_capacity(example.features.len());
    let mut from = 0;
    for end in &mut example.ends {
        features
            .extend(example.features[from..*end as usize].iter().filter(|&&f| keep[f as usize]));
        from = *end as usize;
        *end = features.len() as u32;
    }
    example.features = features;
}

/// The examples of one article for the first pass, one a run.
fn first_examples(sample: &Sample, ids: &mut Ids) -> Vec<Example> {
    let scene = Scene::new(&sample.article);
    Cut::default().show(&scene, |view| {
        view.runs.iter().map(|run| first_example(sample, view, run, ids)).collect()
    })
}

fn first_example(sample: &Sample, view: &View, run: &Run, ids: &mut Ids) -> Example {
    let mut example = Example::default();
    for at in run.clone() {
        for role in ROLES {
            features::token(view, role, at, &mut Collect { ids, found: &mut example.features });
            example.ends.push(example.features.len() as u32);
        }
    }
    for stretch in stretches(view.words, run) {
        features::whole(view, run, &stretch, &mut Collect { ids, found: &mut example.features });
        example.ends.push(example.features.len() as u32);
    }
    allow(sample, view, run, &mut example);
    example
}

/// Notes the cuts of a run that the marks allow.
fn allow(sample: &Sample, view: &View, run: &Run, example: &mut Example) {
    let given = |token: usize| sample.article.origin.given_span(view.tokens[token].span);
    let spans: Vec<Span> = run.clone().map(given).collect();
    // A token that a name covers which is no stretch of the run may be anything.
    let (mut covered, mut free) = (vec![false; spans.len()], vec![false; spans.len()]);
    let all: Vec<_> = stretches(view.words, run).collect();
    example.allowed = vec![0; all.len()];
    for (name, kind) in &sample.names {
        let inside: Vec<usize> = (0..spans.len()).filter(|&i| spans[i].overlaps(*name)).collect();
        let (Some(&first), Some(&last)) = (inside.first(), inside.last()) else { continue };
        let exact = all.iter().position(|s| *s == (run.start + first..run.start + last + 1));
        let fits = spans[first].start() == name.start() && spans[last].end() == name.end();
        inside.iter().for_each(|&i| covered[i] = true);
        match (exact, kind) {
            (Some(exact), Some(kind)) if fits => example.allowed[exact] |= 1 << kind,
            _ => inside.iter().for_each(|&i| free[i] = true),
        }
    }
    example.outside = (0..spans.len()).map(|i| !covered[i] || free[i]).collect();
    for (allowed, stretch) in example.allowed.iter_mut().zip(&all) {
        let mut tokens = stretch.clone().map(|i| i - run.start);
        if tokens.clone().all(|i| free[i]) {
            *allowed = (1 << KINDS) - 1;
        } else if !sample.marks_other && tokens.all(|i| !covered[i]) {
            *allowed |= 1 << OTHER;
        }
    }
    let short = |s: &std::ops::Range<usize>| (s.start - run.start) as u8..(s.end - run.start) as u8;
    example.stretches = all.iter().map(short).collect();
}

/// The heaviest rows in signed bytes.
fn quantise(mut rows: Vec<(u64, Row)>, options: &Options) -> Vec<u8> {
    let size = |row: &Row| row.iter().fold(0f32, |most, w| most.max(w.abs()));
    rows.sort_by(|a, b| size(&b.1).total_cmp(&size(&a.1)).then(a.0.cmp(&b.0)));
    rows.truncate(options.rows);
    let scale = options.largest / 127.0;
    let byte = |w: f32| (w / scale).round().clamp(-127.0, 127.0) as i8;
    let mut rows: Vec<(u64, Vec<i8>)> =
        rows.into_iter().map(|(f, row)| (f, row.map(byte).to_vec())).collect();
    rows.retain(|(_, row)| row.iter().any(|&w| w != 0));
    rows.sort_unstable_by_key(|&(feature, _)| feature);
    model::save(KINDS, scale, 0, &rows)
}
