//! Queries through the library, both indexes open: words with filters asked of quotes, beside the
//! same words asked of tantivy alone. What counts is the slowest in a hundred.

use std::path::Path;
use std::time::Instant;

use anyhow::Context;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::{ReloadPolicy, Term};
use whosaid::article::QuoteKind;
use whosaid::index::{Filters, Index, SearchOptions};

/// Words that are asked for.
const WORDS: usize = 400;
/// Hits that are read back.
const HITS: usize = 10;
/// Words in fewer documents are left out: nobody looks for misprints.
const LEAST_DOCUMENTS: u32 = 5;

/// Prints the table.
pub fn compare(raw: &Path, ours: &Path) -> anyhow::Result<()> {
    let raw = tantivy::Index::open_in_dir(raw)?;
    let reader: tantivy::IndexReader =
        raw.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    let searcher = reader.searcher();
    let body = raw.schema().get_field("body")?;
    let words = words(&searcher, body)?;
    let bare = |word: &String| -> anyhow::Result<()> {
        let term = Term::from_field_text(body, word);
        let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
        let top = TopDocs::with_limit(HITS).order_by_score();
        let (hits, _) = searcher.search(&query, &(top, Count))?;
        for (_, at) in hits {
            searcher.doc::<tantivy::TantivyDocument>(at)?;
        }
        Ok(())
    };
    let floor = slowest(words.iter().map(|word| seconds(|| bare(word))))?;
    let model = whosaid::index::model(ours)?.context("no index")?;
    let index = Index::open(ours, &model)?;
    let ask = |word: &String, filters: &Filters| -> anyhow::Result<()> {
        let (words, filters) = (word.clone(), filters.clone());
        let options = SearchOptions { words, filters, most: Some(HITS), ..Default::default() };
        index.search_quotes(&options)?.take(HITS).try_for_each(|hit| hit.map(drop))?;
        Ok(())
    };
    println!("\n| through the library, p99 of {} words | ms | ÷ |\n|---|---|---|", words.len());
    println!("| tantivy alone, one word | {:.2} | 1 |", floor * 1e3);
    for (name, filters) in filters(&index)? {
        let times = words.iter().map(|word| seconds(|| ask(word, &filters)));
        let worst = slowest(times)?;
        println!("| {name} | {:.2} | {:.1} |", worst * 1e3, worst / floor);
    }
    Ok(())
}

/// Words from all over the dictionary, as often rare as most of its words are.
fn words(
    searcher: &tantivy::Searcher,
    body: tantivy::schema::Field,
) -> anyhow::Result<Vec<String>> {
    let mut all = Vec::new();
    for segment in searcher.segment_readers() {
        let inverted = segment.inverted_index(body)?;
        let mut terms = inverted.terms().stream()?;
        while let Some((term, info)) = terms.next() {
            let word = std::str::from_utf8(term).unwrap_or_default();
            let plain = word.bytes().all(|byte| byte.is_ascii_lowercase());
            if plain && info.doc_freq >= LEAST_DOCUMENTS {
                all.push(word.to_owned());
            }
        }
    }
    all.sort_unstable();
    all.dedup();
    let step = (all.len() / WORDS).max(1);
    Ok(all.into_iter().step_by(step).take(WORDS).collect())
}

/// Filters worth a line of the table.
fn filters(index: &Index) -> anyhow::Result<Vec<(&'static str, Filters)>> {
    let speaker = index.speakers(&Filters::default(), None, Some(1))?.names.into_iter().next();
    let entity = index.entities(&Filters::default(), None, None, Some(1))?.names.into_iter().next();
    let speaker = speaker.map(|speaker| speaker.name);
    let mentions: Vec<String> = entity.map(|entity| entity.name).into_iter().collect();
    let since = Some(jiff::civil::date(2016, 1, 1).at(0, 0, 0, 0));
    let kind = vec![QuoteKind::Direct];
    let some = SearchOptions { most: Some(1), ..SearchOptions::default() };
    let hit = index.search_quotes(&some)?.next().context("no quotes")??;
    let outlet = hit.occurrences.into_iter().filter_map(|place| place.meta.outlet).collect();
    Ok(vec![
        ("whosaid, one word of quotes", Filters::default()),
        ("with `--speaker`", Filters { speaker: speaker.clone(), ..Filters::default() }),
        ("with `--mentions`", Filters { mentions: mentions.clone(), ..Filters::default() }),
        ("with `--outlet`", Filters { outlet, ..Filters::default() }),
        ("with `--since`", Filters { since, ..Filters::default() }),
        (
            "with `--speaker --since --kind --min-confidence`",
            Filters { speaker, since, kind, min_confidence: Some(0.5), ..Filters::default() },
        ),
        ("with `--mentions --unknown`", Filters { mentions, unknown: true, ..Filters::default() }),
    ])
}

fn seconds(ask: impl Fn() -> anyhow::Result<()>) -> anyhow::Result<f64> {
    // The first time it is asked, it may have to be read from the disk.
    ask()?;
    let start = Instant::now();
    ask()?;
    Ok(start.elapsed().as_secs_f64())
}

/// The slowest but for one in a hundred.
fn slowest(times: impl Iterator<Item = anyhow::Result<f64>>) -> anyhow::Result<f64> {
    let mut times: Vec<f64> = times.collect::<anyhow::Result<_>>()?;
    times.sort_by(f64::total_cmp);
    let at = (times.len() * 99).div_ceil(100).saturating_sub(1);
    times.get(at).copied().context("no words to ask for")
}
