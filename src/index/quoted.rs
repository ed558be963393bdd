//! Runs of words in quotes. Most quotes have no words of their own in the index: a run is found in
//! the passage that stands beside the quote, and counts where it lies inside the quote. What a
//! quote is, and what comes of it, is not known here.

use std::collections::HashMap;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::SegmentId;
use tantivy::query::{Bm25Weight, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::Field;
use tantivy::{DocId, Score, SegmentReader, TantivyError};

use super::among::Every;
use super::layout::{Layout, Layouts};
use super::matches::Matches;
use super::phrase::PhraseQuery;
use super::places::Stand;
use super::plan::on_segments;
use super::schema::Fields;
use super::seams::over_seams;
use super::spots::SpotCursor;

/// Words next to each other in a quote.
#[derive(Clone, Debug)]
pub struct QuotedQuery {
    in_passages: PhraseQuery,
    in_quotes: PhraseQuery,
    doc: Field,
    layouts: Layouts,
}

impl QuotedQuery {
    /// What `phrase` makes of a field, asked of quotes.
    pub fn new(phrase: &dyn Fn(Field) -> PhraseQuery, fields: &Fields, layouts: &Layouts) -> Self {
        let (in_passages, in_quotes) = (phrase(fields.text), phrase(fields.words));
        QuotedQuery { in_passages, in_quotes, doc: fields.doc, layouts: layouts.clone() }
    }

    /// The quotes of a segment that hold the words, in order.
    fn found(&self, ord: u32, segment: &SegmentReader) -> tantivy::Result<Vec<Found>> {
        let layout = self.layouts.get(ord, segment)?;
        let mut times = Times::new(layout.quotes());
        self.with_quotes(segment, layout, &mut times)?;
        self.in_passages(segment, layout, &mut times)?;
        for (quote, more) in over_seams(&self.in_passages, segment, layout)? {
            times.add(layout.row(quote), more);
        }
        let rows = times.rows();
        let mut quotes = rows.clone();
        layout.quotes_at(&mut quotes);
        let all = rows.into_iter().zip(quotes);
        let alive = all.filter(|&(_, quote)| !segment.is_deleted(quote));
        let found = |(row, quote)| Found {
            quote,
            times: times.counts[row as usize],
            length: layout.words(row),
        };
        Ok(alive.map(found).collect())
    }

    /// Counts the words in quotes that bring their own.
    fn with_quotes(
        &self,
        segment: &SegmentReader,
        layout: &Layout,
        times: &mut Times,
    ) -> tantivy::Result<()> {
        let inverted = segment.inverted_index(self.in_quotes.field())?;
        self.in_quotes.each_run(&inverted, &Every, |_, quote, ends| {
            let row = layout.row(quote);
            if let Stand::Apart(_) = layout.stand(row) {
                times.add(row, ends.len() as u32);
            }
        })
    }

    /// Counts the words in passages, for the quotes in which they lie.
    fn in_passages(
        &self,
        segment: &SegmentReader,
        layout: &Layout,
        times: &mut Times,
    ) -> tantivy::Result<()> {
        let inverted = segment.inverted_index(self.in_passages.field())?;
        // Of a rare word, only the quotes of the articles that have it are looked at.
        let few = self.in_passages.few(&inverted, layout.articles().len())?;
        let around = few.map(|passages| {
            let articles = passages.into_iter().map(|passage| layout.article_of(passage));
            let mut articles: Vec<DocId> = articles.collect();
            articles.dedup();
            layout.spots_around(&articles)
        });
        let spots = around.as_ref().unwrap_or_else(|| layout.spots());
        let (words, cursor) = (self.in_passages.length() as u32, SpotCursor::new(spots));
        if self.in_passages.is_bare() {
            let mut later = Later::new(segment.max_doc());
            self.in_passages.each_run(&inverted, &cursor, |_, passage, ends| {
                ends.iter().for_each(|&end| later.push(passage, end));
            })?;
            later.each(|passage, end| {
                for spot in spots.of(passage) {
                    times.add(spot.row, spot.times(&[end], words));
                }
            });
            return Ok(());
        }
        self.in_passages.each_run(&inverted, &cursor, |here, _, ends| {
            for spot in here.here() {
                times.add(spot.row, spot.times(ends, words));
            }
        })
    }
}

/// Places that are looked at later, those of passages near each other together. The words with a
/// beginning are many, and each of them goes through all passages: what is known of a passage would
/// have to be fetched from far away for every place.
struct Later(Vec<Vec<u32>>);

impl Later {
    /// Nothing, of a segment with so many documents.
    fn new(documents: DocId) -> Later {
        Later(vec![Vec::new(); (documents >> u16::BITS) as usize + 1])
    }

    /// Adds a place. One too far behind to be in any quote is passed over.
    fn push(&mut self, passage: DocId, place: u32) {
        if let Ok(place) = u16::try_from(place) {
            let near = passage << u16::BITS | u32::from(place);
            self.0[(passage >> u16::BITS) as usize].push(near);
        }
    }

    /// Calls `visit` with all places.
    fn each(&self, mut visit: impl FnMut(DocId, u32)) {
        for (far, list) in (0..).zip(&self.0) {
            for near in list {
                visit(far << u16::BITS | near >> u16::BITS, near & u32::from(u16::MAX));
            }
        }
    }
}

/// How often each quote of a segment holds the words, by its number.
struct Times {
    counts: Vec<u32>,
    /// Those that hold them, in the order in which that was found.
    held: Vec<u32>,
}

impl Times {
    fn new(quotes: usize) -> Times {
        Times { counts: vec![0; quotes], held: Vec::new() }
    }

    fn add(&mut self, row: u32, more: u32) {
        let Some(count) = self.counts.get_mut(row as usize).filter(|_| more > 0) else { return };
        if *count == 0 {
            self.held.push(row);
        }
        *count += more;
    }

    /// The numbers of the quotes that hold the words, ascending. Few are sorted, many looked for.
    fn rows(&mut self) -> Vec<u32> {
        let mut rows = std::mem::take(&mut self.held);
        if rows.len() < self.counts.len() / 32 {
            rows.sort_unstable();
        } else {
            rows.clear();
            let counted = (0..).zip(&self.counts).filter(|(_, count)| **count > 0);
            rows.extend(counted.map(|(row, _)| row));
        }
        rows
    }
}

/// A quote that holds the words.
struct Found {
    quote: DocId,
    /// How often.
    times: u32,
    /// Words of the quote.
    length: u32,
}

impl Query for QuotedQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let EnableScoring::Enabled { searcher, statistics_provider } = scoring else {
            return Err(TantivyError::InvalidArgument("quotes are always scored".into()));
        };
        let found = on_segments(searcher, |ord, segment| {
            Ok((segment.segment_id(), self.found(ord, segment)?))
        })?;
        let documents = found.iter().map(|(_, here)| here.len() as u64).sum::<u64>();
        let all = statistics_provider.total_num_docs()?;
        let words = statistics_provider.total_num_tokens(self.doc)?;
        let usual = words as Score / all as Score;
        let bm25 = Bm25Weight::for_one_term(documents, all.max(documents), usual);
        let found = found.into_iter().collect();
        Ok(Box::new(QuotedWeight { found, bm25, lengths: length_ids() }))
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

/// The matches of every segment, all of them found already: their number is part of the score.
struct QuotedWeight {
    found: HashMap<SegmentId, Vec<Found>>,
    bm25: Bm25Weight,
    lengths: Vec<u8>,
}

impl Weight for QuotedWeight {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let found = self.found.get(&segment.segment_id()).map(Vec::as_slice).unwrap_or_default();
        let score = |&Found { quote, times, length }: &Found| {
            let id = self.lengths[(length as usize).min(self.lengths.len() - 1)];
            (quote, self.bm25.score(id, times) * boost)
        };
        Ok(Box::new(Matches::new(found.iter().map(score).collect())))
    }

    fn explain(&self, _: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument(format!("the score of {doc} is not explained")))
    }
}
