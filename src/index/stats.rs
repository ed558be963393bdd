//! The figures of the whole index.

use std::collections::BTreeSet;

use rustc_hash::FxHashSet;
use tantivy::SegmentReader;

use super::error::IndexError;
use super::places::Row;
use super::reader::{Index, numbers, signed};
use super::schema::Kind;
use super::types::{Filters, Stats};
use crate::article::QuoteKind;

impl Index {
    /// Figures of the whole index.
    pub fn stats(&self) -> Result<Stats, IndexError> {
        let mut stats = Stats {
            files: self.count_kind(Kind::File)? + self.unnoted()?,
            passages: self.count_kind(Kind::Passage)?,
            speakers: self.speakers(&Filters::default(), None, Some(0))?.total,
            entities: self.entities(&Filters::default(), None, None, Some(0))?.total,
            segments: self.segment_count(),
            bytes: self.bytes()?,
            ..Stats::default()
        };
        let (mut outlets, mut dates) = (FxHashSet::default(), Vec::new());
        for (_, segment) in self.segments() {
            let (paragraphs, date) = (numbers(segment, "paragraphs")?, signed(segment, "date")?);
            let outlet = segment.fast_fields().str("outlet")?;
            let mut used = BTreeSet::new();
            for doc in self.of_kind(segment, Kind::Article)? {
                stats.articles += 1;
                stats.paragraphs += paragraphs.first(doc).unwrap_or_default();
                dates.extend(date.first(doc));
                let outlet = outlet.as_ref().and_then(|column| column.ords().first(doc));
                used.extend(outlet);
            }
            // To look one up takes longer than all else of its article: each is looked up once.
            if let Some(column) = outlet {
                let used: Vec<u64> = used.into_iter().collect();
                column.dictionary().sorted_ords_to_term_cb(&used, |outlet| {
                    if !outlets.contains(outlet) {
                        outlets.insert(outlet.to_vec());
                    }
                })?;
            }
            self.count_quotes(segment, &mut stats)?;
        }
        stats.outlets = outlets.len() as u64;
        stats.first = dates.iter().min().and_then(|&at| civil(at));
        stats.last = dates.iter().max().and_then(|&at| civil(at));
        Ok(stats)
    }

    /// How many segments it has.
    pub fn segment_count(&self) -> u64 {
        self.searcher.segment_readers().len() as u64
    }

    /// Bytes of its files.
    pub fn bytes(&self) -> Result<u64, IndexError> {
        Ok(self.searcher.space_usage()?.total().get_bytes())
    }

    fn count_quotes(&self, segment: &SegmentReader, stats: &mut Stats) -> tantivy::Result<()> {
        let rows = numbers(segment, "row")?;
        let speakers = segment.fast_fields().str("speaker")?;
        for doc in self.of_kind(segment, Kind::Quote)? {
            stats.quotes += 1;
            let known = speakers.as_ref().is_some_and(|column| column.ords().first(doc).is_some());
            stats.unknown += u64::from(!known);
            match rows.first(doc).map(|row| Row::unpack(row).kind) {
                Some(kind) if kind == QuoteKind::Direct as u64 => stats.direct += 1,
                Some(kind) if kind == QuoteKind::Mixed as u64 => stats.mixed += 1,
                _ => stats.indirect += 1,
            }
        }
        Ok(())
    }
}

/// The date of a number of seconds since 1970.
fn civil(seconds: i64) -> Option<jiff::civil::DateTime> {
    let at = jiff::Timestamp::from_second(seconds).ok()?;
    Some(jiff::tz::Offset::UTC.to_datetime(at))
}
