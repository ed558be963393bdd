//! Criterion benches of the functions that every article or question goes through, over the sample
//! articles.
//!
//!     cargo bench -p whosaid-hot-benches
//!
//! Not for: the whole pipeline (`side_by_side`); the articles are few, so caches flatter the figures.

use std::hint::black_box;
use std::path::Path;

use anyhow::Context;
use criterion::measurement::WallTime;
use criterion::{
    BatchSize, BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main,
};
use tempfile::TempDir;
use whosaid::annotate::scene::Scene;
use whosaid::annotate::{annotate, fingerprint};
use whosaid::article::{Annotation, Article};
use whosaid::dedup::passage_id;
use whosaid::index::{ArticleDocs, Filters, Index, SearchOptions, Writer, WriterOptions};
use whosaid::read::{RawRecord, ReadOptions, parse, records, walk};
use whosaid::segment::{paragraphs, tokenize};
use whosaid::text::Span;

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Group<'a> = BenchmarkGroup<'a, WallTime>;

/// The records of data/articles, decompressed.
fn sample_records(options: &ReadOptions) -> Vec<RawRecord> {
    let folder = [Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/articles")];
    let sources = walk(&folder).flatten();
    sources.flat_map(|source| records(source, options).flatten().collect::<Vec<_>>()).collect()
}

fn sample_articles() -> Vec<Article> {
    let options = ReadOptions::default();
    sample_records(&options).iter().flat_map(|record| parse(record, &options)).collect()
}

/// A group whose steps each go once through all of these articles or records.
fn group<'a, T>(
    criterion: &'a mut Criterion,
    name: &str,
    items: &[T],
    bytes: impl Fn(&T) -> usize,
) -> Group<'a> {
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Bytes(items.iter().map(|item| bytes(item) as u64).sum()));
    group
}

/// Bytes of an article.
fn length(article: &Article) -> usize {
    article.text.len()
}

/// Times `step` over all `items`, once each.
fn over<T>(group: &mut Group, name: &str, items: &[T], mut step: impl FnMut(&T)) {
    group.bench_function(name, |bencher| bencher.iter(|| items.iter().for_each(&mut step)));
}

fn reading(criterion: &mut Criterion) {
    let options = ReadOptions::default();
    let records = sample_records(&options);
    let mut group = group(criterion, "read", &records, |record| record.bytes.len());
    over(&mut group, "parse", &records, |record| drop(black_box(parse(record, &options))));
    group.finish();
}

fn segmenting(criterion: &mut Criterion) {
    let articles = sample_articles();
    let mut group = group(criterion, "segment", &articles, length);
    over(&mut group, "paragraphs", &articles, |article| {
        black_box(paragraphs(&article.text));
    });
    let mut tokens = Vec::new();
    over(&mut group, "tokens", &articles, |Article { text, .. }| {
        tokens.clear();
        tokenize(text, Span::new(0, text.len()), &mut tokens);
        black_box(&tokens);
    });
    group.finish();
}

fn deduplicating(criterion: &mut Criterion) {
    let articles = sample_articles();
    let mut group = group(criterion, "dedup", &articles, length);
    let cut: Vec<(&Article, Vec<Span>)> =
        articles.iter().map(|article| (article, paragraphs(&article.text))).collect();
    over(&mut group, "identities", &cut, |(article, paragraphs)| {
        for paragraph in paragraphs {
            black_box(passage_id(paragraph.of(&article.text)));
        }
    });
    group.finish();
}

fn annotating(criterion: &mut Criterion) {
    let articles = sample_articles();
    let mut group = group(criterion, "annotate", &articles, length);
    over(&mut group, "scene", &articles, |article| drop(black_box(Scene::new(article))));
    over(&mut group, "all", &articles, |article| drop(black_box(annotate(article))));
    group.finish();
}

/// A new index in a folder that goes with it.
fn new_index() -> anyhow::Result<(TempDir, Writer)> {
    let folder = tempfile::tempdir()?;
    let options =
        WriterOptions { threads: 1, memory: 64 << 20, model: fingerprint(), rebuild: false };
    let writer = Writer::open(&folder.path().join("index"), &options)?;
    Ok((folder, writer))
}

/// Writes the articles. Gives the folder back, so that removing it is not timed.
fn fill(
    (folder, writer): (TempDir, Writer),
    articles: Vec<(Article, Annotation)>,
) -> anyhow::Result<TempDir> {
    for (article, annotation) in articles {
        let (root, file) = (String::new(), article.id.clone());
        writer.put(ArticleDocs { root, file, record: 0, article, annotation })?;
    }
    writer.finish()?;
    Ok(folder)
}

fn annotated(articles: &[Article]) -> Vec<(Article, Annotation)> {
    articles.iter().map(|article| (article.clone(), annotate(article))).collect()
}

fn writing(criterion: &mut Criterion) {
    let articles = sample_articles();
    let annotated = annotated(&articles);
    let mut group = group(criterion, "index", &articles, length);
    group.bench_function("put and finish", |bencher| {
        let fresh = || (new_index().expect("an index"), annotated.clone());
        let write = |(index, articles)| fill(index, articles).expect("written");
        bencher.iter_batched(fresh, write, BatchSize::PerIteration);
    });
    group.finish();
}

fn asking(criterion: &mut Criterion) {
    let open = || -> anyhow::Result<(TempDir, Index)> {
        let folder = fill(new_index()?, annotated(&sample_articles()))?;
        let path = folder.path().join("index");
        let model = whosaid::index::model(&path)?.context("no index")?;
        Ok((folder, Index::open(&path, &model)?))
    };
    let (_folder, index) = open().expect("an index");
    let ask = |words: &str, filters: &Filters| -> anyhow::Result<usize> {
        let (words, filters) = (words.to_owned(), filters.clone());
        let options = SearchOptions { words, filters, most: Some(10), ..Default::default() };
        let mut hits = 0;
        for hit in index.search_quotes(&options)?.take(10) {
            hit?;
            hits += 1;
        }
        Ok(hits)
    };
    let by = |name: &str| Filters { speaker: Some(name.into()), ..Filters::default() };
    let mut group = criterion.benchmark_group("query");
    for (name, words, filters) in [
        ("a word", "bridge", Filters::default()),
        ("a phrase", "\"people's lives\"", Filters::default()),
        ("a beginning", "br*", Filters::default()),
        ("a word of a speaker", "lives", by("whitlock")),
    ] {
        assert!(ask(words, &filters).expect("an answer") > 0, "nothing for {name}");
        group.bench_function(name, |bencher| bencher.iter(|| black_box(ask(words, &filters))));
    }
    group.finish();
}

criterion_group!(hot, reading, segmenting, deduplicating, annotating, writing, asking);
criterion_main!(hot);
