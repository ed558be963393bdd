//! Copies of paragraphs in files, told while they are read: what deduplication finds, without an
//! index. Reading and hashing are spread over threads; which copy is the first is settled in the
//! order of the files.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::ensure;

use super::guard::guarded;
use super::ordered::ordered;
use super::records::{Batch, IN_FLIGHT, batches, records};
use crate::dedup::{Firsts, passage_key};
use crate::index::{CopyKind, Duplicate, Place};
use crate::read::{self, RawRecord, ReadOptions, Source};
use crate::report::Problem;
use crate::segment::paragraphs;
use crate::text::Span;

/// An article cut into paragraphs.
struct Cut {
    name: Name,
    text: String,
    /// Identity of each, and where it stands.
    paragraphs: Vec<(u64, Span)>,
}

/// What the id of an article is made of: less to keep than the id itself.
struct Name {
    source: Arc<Source>,
    number: Option<u64>,
}

/// The articles so far, each with the number of its first paragraph among all.
#[derive(Default)]
struct Articles(Vec<(u32, Name)>);

impl Articles {
    /// Where the paragraph of a number stands.
    fn place(&self, number: u32) -> Place {
        let after = self.0.partition_point(|(first, _)| *first <= number);
        let (first, name) = &self.0[after - 1];
        let paragraph = (number - first) as usize + 1;
        Place { article: name.source.article_id(name.number), paragraph }
    }
}

/// Every copy of an earlier paragraph of the same files with the first one like it, in the order of
/// the files, and every problem with a file where it comes up.
///
/// Holds 20 bytes for each distinct paragraph and some 40 for each article.
///
/// # Errors
/// The first error of `each`; when threads cannot be started; when there are more than 2^32
/// paragraphs.
pub fn copies(
    files: &[PathBuf],
    reading: &ReadOptions,
    threads: usize,
    mut each: impl FnMut(Result<Duplicate, Problem>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let raws = batches(records(files, reading), |record| record.bytes.len(), |_| true);
    let cost = |batch: &Batch<RawRecord>| batch.iter().flatten().map(|raw| raw.bytes.len()).sum();
    let work = |batch: Batch<RawRecord>| -> Batch<Cut> {
        batch.into_iter().map(|raw| cut(raw?, reading)).collect()
    };
    let (mut firsts, mut articles) = (Firsts::default(), Articles::default());
    ordered(threads, IN_FLIGHT, raws, cost, work, |batch| {
        for article in batch {
            let Cut { name, text, paragraphs } = match article {
                Ok(article) => article,
                Err(problem) => {
                    each(Err(problem))?;
                    continue;
                }
            };
            articles.0.push((firsts.next(), name));
            for (key, span) in paragraphs {
                let number = firsts.next();
                ensure!(number < u32::MAX, "more than {number} paragraphs: take fewer files");
                if let Some(first) = firsts.add(key) {
                    let (copy, kept) = (articles.place(number), articles.place(first));
                    let text = span.of(&text).to_owned();
                    each(Ok(Duplicate {
                        kind: CopyKind::Exact,
                        copy,
                        kept,
                        similarity: 1.0,
                        text,
                    }))?;
                }
            }
        }
        Ok(())
    })
}

fn cut(raw: RawRecord, reading: &ReadOptions) -> Result<Cut, Problem> {
    guarded(&read::display_name(&raw.source.path), || {
        let text = read::parse(&raw, reading)?.text;
        let key = |span: Span| (passage_key(span.of(&text)), span);
        let paragraphs = paragraphs(&text).into_iter().map(key).collect();
        let RawRecord { source, number, .. } = raw;
        Ok(Cut { name: Name { source, number }, text, paragraphs })
    })
}
