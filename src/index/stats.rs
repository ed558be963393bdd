//! The figures of the whole index.

use std::collections::BTreeSet;

use rustc_hash::FxHashSet;
use tantivy::SegmentReader;

use super::error::IndexError;
use super::places::Row;
use super::plan::on_segments;
use super::reader::{Index, numbers, signed};
use super::schema::Kind;
use super::types::{Filters, Stats};
use crate::article::QuoteKind;

/// The figures of one segment.
#[derive(Default)]
struct Figures {
    articles: u64,
    paragraphs: u64,
    /// Direct, mixed and indirect ones.
    quotes: [u64; 3],
    unknown: u64,
    outlets: Vec<Vec<u8>>,
    first: Option<i64>,
    last: Option<i64>,
}

impl Index {
    /// Figures of the whole index.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn stats(&self) -> Result<Stats, IndexError> {
        let found = on_segments(&self.searcher, |_, segment| {
            let mut figures = Figures::default();
            self.count_articles(segment, &mut figures)?;
            self.count_quotes(segment, &mut figures)?;
            Ok(figures)
        })?;
        let sum = |of: fn(&Figures) -> u64| found.iter().map(of).sum();
        let outlets: FxHashSet<&Vec<u8>> = found.iter().flat_map(|found| &found.outlets).collect();
        Ok(Stats {
            files: self.count_kind(Kind::File)? + self.unnoted()?,
            articles: sum(|found| found.articles),
            paragraphs: sum(|found| found.paragraphs),
            passages: self.count_kind(Kind::Passage)?,
            quotes: sum(|found| found.quotes.iter().sum()),
            direct: sum(|found| found.quotes[QuoteKind::Direct as usize]),
            mixed: sum(|found| found.quotes[QuoteKind::Mixed as usize]),
            indirect: sum(|found| found.quotes[QuoteKind::Indirect as usize]),
            unknown: sum(|found| found.unknown),
            speakers: self.speakers(&Filters::default(), None, Some(0))?.total,
            entities: self.entities(&Filters::default(), None, None, Some(0))?.total,
            outlets: outlets.len() as u64,
            first: found.iter().filter_map(|found| found.first).min().and_then(civil),
            last: found.iter().filter_map(|found| found.last).max().and_then(civil),
            segments: self.segment_count(),
            bytes: self.bytes()?,
        })
    }

    /// How many segments it has.
    pub fn segment_count(&self) -> u64 {
        self.searcher.segment_readers().len() as u64
    }

    /// Bytes of its files.
    pub fn bytes(&self) -> Result<u64, IndexError> {
        Ok(self.searcher.space_usage()?.total().get_bytes())
    }

    fn count_articles(&self, segment: &SegmentReader, to: &mut Figures) -> tantivy::Result<()> {
        let (paragraphs, date) = (numbers(segment, "paragraphs")?, signed(segment, "date")?);
        let (outlet, mut used) = (segment.fast_fields().str("outlet")?, BTreeSet::new());
        for doc in self.of_kind(segment, Kind::Article)? {
            to.articles += 1;
            to.paragraphs += paragraphs.first(doc).unwrap_or_default();
            if let Some(date) = date.first(doc) {
                to.first = Some(to.first.map_or(date, |first| first.min(date)));
                to.last = Some(to.last.map_or(date, |last| last.max(date)));
            }
            used.extend(outlet.as_ref().and_then(|column| column.ords().first(doc)));
        }
        // To look one up takes longer than all else of its article: each is looked up once.
        if let Some(column) = outlet {
            let used: Vec<u64> = used.into_iter().collect();
            let names = column.dictionary();
            names.sorted_ords_to_term_cb(&used, |outlet| to.outlets.push(outlet.to_vec()))?;
        }
        Ok(())
    }

    fn count_quotes(&self, segment: &SegmentReader, to: &mut Figures) -> tantivy::Result<()> {
        let rows = numbers(segment, "row")?;
        let speakers = segment.fast_fields().str("speaker")?;
        for doc in self.of_kind(segment, Kind::Quote)? {
            let known = speakers.as_ref().is_some_and(|column| column.ords().first(doc).is_some());
            to.unknown += u64::from(!known);
            let kind = match rows.first(doc).map(|row| Row::unpack(row).kind) {
                Some(kind) if kind == QuoteKind::Direct as u64 => QuoteKind::Direct,
                Some(kind) if kind == QuoteKind::Mixed as u64 => QuoteKind::Mixed,
                _ => QuoteKind::Indirect,
            };
            to.quotes[kind as usize] += 1;
        }
        Ok(())
    }
}

/// The date of a number of seconds since 1970.
fn civil(seconds: i64) -> Option<jiff::civil::DateTime> {
    let at = jiff::Timestamp::from_second(seconds).ok()?;
    Some(jiff::tz::Offset::UTC.to_datetime(at))
}
