//! Runs of words in quotes. Most quotes have no words of their own in the index: a run is found in
//! the passage that stands beside the quote, and counts where it lies inside the quote. What a
//! quote is, and what comes of it, is not known here.

mod at_once;
mod batch;
mod candidates;
mod endings;
mod everywhere;
mod listed;
mod marking;
mod ones;
mod stepwise;
mod together;

use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::{
    Bm25StatisticsProvider, Bm25Weight, EnableScoring, Explanation, Query, Scorer, Weight,
};
use tantivy::schema::Field;
use tantivy::{DocId, Score, SegmentReader, TantivyError};

use super::called::FindQuotes;
use super::layout::Layouts;
use super::matches::{self, Matches};
use super::phrase::PhraseQuery;
use super::reader::Index;
use super::spare::Spare;
use super::types::Filters;
use marking::Room;
use stepwise::Stepwise;

pub use together::{Step, Together};

/// Words are common where each stands in this share of all documents, one in so many: to look at all quotes
/// then takes less than to look for those with the words.
const COMMON: u64 = 16;

/// Words next to each other in a quote.
#[derive(Clone, Debug)]
pub struct QuotedQuery {
    in_passages: PhraseQuery,
    in_quotes: PhraseQuery,
    layouts: Layouts,
    /// Articles and quotes that do not pass need not be looked into.
    filters: Arc<Filters>,
    /// Nor need what does not fit these.
    names: Vec<Arc<dyn FindQuotes>>,
    /// The most passages in which they need be looked for.
    most: u64,
    /// Whether these are few.
    narrow: bool,
}

impl QuotedQuery {
    /// What `phrase` makes of a field, asked of quotes.
    pub fn new(
        phrase: &dyn Fn(Field) -> PhraseQuery,
        index: &Index,
        filters: &Arc<Filters>,
        names: &[Arc<dyn FindQuotes>],
        most: u64,
    ) -> Self {
        let fields = &index.fields;
        QuotedQuery {
            in_passages: phrase(fields.text),
            in_quotes: phrase(fields.words),
            layouts: index.layouts.clone(),
            filters: Arc::clone(filters),
            names: names.to_vec(),
            most,
            narrow: most < index.searcher.num_docs() / COMMON,
        }
    }

    /// Whether filters leave the quotes of some names, which others find.
    fn chosen(&self) -> bool {
        let filters = &self.filters;
        filters.speaker.is_some() || !filters.mentions.is_empty() || filters.unknown
    }

    /// What scores are made of.
    fn scale(&self, statistics: &dyn Bm25StatisticsProvider) -> tantivy::Result<Arc<Scale>> {
        Ok(Scale::new(Bm25Weight::for_terms(statistics, &self.in_passages.scored_terms())?))
    }
}

/// A quote that holds the words.
#[derive(Clone, Copy)]
struct Found {
    quote: DocId,
    /// How often.
    times: u16,
    /// Words of the quote.
    length: u16,
}

fn narrow(n: u32) -> u16 {
    n.min(u16::MAX.into()) as u16
}

impl matches::Found for Found {
    fn doc(&self) -> DocId {
        self.quote
    }
}

impl Found {
    /// A quote of so many words, where it holds them at all.
    fn of(quote: DocId, length: u32, times: u32) -> Option<Found> {
        (times > 0).then(|| Found { quote, times: narrow(times), length: narrow(length) })
    }

    /// Adds another if it is the same quote; whether it is.
    fn takes(&mut self, other: &Found) -> bool {
        let same = self.quote == other.quote;
        self.times = if same { self.times.saturating_add(other.times) } else { self.times };
        same
    }
}

impl Query for QuotedQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let EnableScoring::Enabled { statistics_provider, .. } = scoring else {
            return Err(TantivyError::InvalidArgument("quotes are always scored".into()));
        };
        let (query, scale) = (self.clone(), self.scale(statistics_provider)?);
        Ok(Box::new(QuotedWeight { query, scale, rooms: Spare::new() }))
    }
}

/// What the engine calls lengths, up to a length from which on it makes no difference here.
fn length_ids() -> Vec<u8> {
    let mut ids = Vec::with_capacity(1 << 12);
    for id in 0..=u8::MAX {
        let least = FieldNormReader::id_to_fieldnorm(id) as usize;
        if least >= ids.capacity() {
            break;
        }
        ids.resize(least, id.saturating_sub(1));
        ids.push(id);
    }
    ids
}

/// What scores are made of.
struct Scale {
    bm25: Bm25Weight,
    lengths: Vec<u8>,
}

impl Scale {
    fn new(bm25: Bm25Weight) -> Arc<Scale> {
        Arc::new(Scale { bm25, lengths: length_ids() })
    }

    /// Of a quote of so many words that holds those that are looked for so often.
    fn score(&self, length: u16, times: u16) -> Score {
        let id = self.lengths[usize::from(length).min(self.lengths.len() - 1)];
        self.bm25.score(id, u32::from(times))
    }
}

/// Goes through what was found in a segment.
fn scored(found: Arc<Vec<Found>>, scale: &Arc<Scale>, boost: Score) -> Box<dyn Scorer> {
    let scale = Arc::clone(scale);
    Box::new(Matches::new(found, move |found: &Found| {
        scale.score(found.length, found.times) * boost
    }))
}

/// Words looked for in a segment when they are asked for: article by article, or in all of it where that
/// takes less or the last of them is but a beginning.
struct QuotedWeight {
    query: QuotedQuery,
    scale: Arc<Scale>,
    rooms: Spare<Room>,
}

impl Weight for QuotedWeight {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let QuotedWeight { query, scale, rooms } = self;
        let (layout, is_whole) = (query.layouts.of(segment)?, query.in_passages.is_whole());
        let common = match is_whole {
            true => !query.chosen() && query.wants_all(segment, layout)?,
            false => query.is_common(segment, layout, COMMON)?,
        };
        if common || !is_whole || query.wants_list(segment, layout)? {
            let found = Arc::new(query.found(segment, layout, (common, rooms))?);
            return Ok(scored(found, scale, boost));
        }
        Ok(Box::new(Stepwise::open(query, segment, layout, (scale, boost))?))
    }

    fn explain(&self, _: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument(format!("the score of {doc} is not explained")))
    }
}
