//! Criterion benches of the functions that every article goes through, over the sample articles.
//!
//!     cargo bench --manifest-path benches/hot/Cargo.toml
//!
//! Not for: the whole pipeline (`side_by_side`); the articles are few, so caches flatter the figures.

use std::hint::black_box;
use std::path::Path;

use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use whosaid::annotate::annotate;
use whosaid::annotate::scene::Scene;
use whosaid::article::Article;
use whosaid::read::{RawRecord, ReadOptions, parse, records, walk};

/// The records of data/articles, decompressed.
fn sample_records(options: &ReadOptions) -> Vec<RawRecord> {
    let folder = [Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/articles")];
    let sources = walk(&folder).flatten();
    sources.flat_map(|source| records(source, options).flatten().collect::<Vec<_>>()).collect()
}

type Group<'a> = BenchmarkGroup<'a, criterion::measurement::WallTime>;

/// Times `step` over all `items`, once each.
fn over<T>(group: &mut Group, name: &str, items: &[T], mut step: impl FnMut(&T)) {
    group.bench_function(name, |bencher| bencher.iter(|| items.iter().for_each(&mut step)));
}

fn reading(criterion: &mut Criterion) {
    let options = ReadOptions::default();
    let records = sample_records(&options);
    let mut group = criterion.benchmark_group("read");
    group.throughput(Throughput::Bytes(records.iter().map(|r| r.bytes.len() as u64).sum()));
    over(&mut group, "parse", &records, |record| drop(black_box(parse(record, &options))));
    group.finish();
}

fn annotating(criterion: &mut Criterion) {
    let options = ReadOptions::default();
    let records = sample_records(&options);
    let articles: Vec<Article> = records.iter().flat_map(|r| parse(r, &options)).collect();
    let mut group = criterion.benchmark_group("annotate");
    group.throughput(Throughput::Bytes(articles.iter().map(|a| a.text.len() as u64).sum()));
    over(&mut group, "scene", &articles, |article| drop(black_box(Scene::new(article))));
    over(&mut group, "all", &articles, |article| drop(black_box(annotate(article))));
    group.finish();
}

criterion_group!(hot, reading, annotating);
criterion_main!(hot);
