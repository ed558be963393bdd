//! Runs of words in quotes. Most quotes have no words of their own in the index: a run is found in
//! the passage that stands beside the quote, and counts where it lies inside the quote. What a
//! quote is, and what comes of it, is not known here.

use std::collections::HashMap;
use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::SegmentId;
use tantivy::query::{Bm25Weight, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::Field;
use tantivy::{DocId, DocSet, InvertedIndexReader, Score, SegmentReader, TERMINATED, TantivyError};

use super::among::{Among, Bits, Every, behind};
use super::layout::{Layout, Layouts};
use super::phrase::PhraseQuery;
use super::places::Stand;
use super::plan::on_segments_each;
use super::schema::Fields;
use super::seams::over_seams;
use super::spots::SpotCursor;

/// Passages that are worth a thread a segment: to start one takes as long as some hundred of them.
const WORTH_THREADS: u64 = 1 << 10;

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
        let mut tally = Tally::new(layout.quotes());
        self.in_passages(segment, layout, &mut tally)?;
        self.with_quotes(segment, layout, &mut tally)?;
        for (quote, more) in over_seams(&self.in_passages, segment, layout)? {
            tally.add(quote, layout.words(layout.row(quote)), more);
        }
        Ok(tally.close(segment))
    }

    /// Counts the words in quotes that bring their own.
    fn with_quotes(
        &self,
        segment: &SegmentReader,
        layout: &Layout,
        tally: &mut Tally,
    ) -> tantivy::Result<()> {
        let inverted = segment.inverted_index(self.in_quotes.field())?;
        self.in_quotes.each_run(&inverted, &Every, |_, quote, ends| {
            if let Stand::Apart(words) = layout.stand(layout.row(quote)) {
                tally.add(quote, words, ends.len() as u32);
            }
        })
    }

    /// Counts the words in passages, for the quotes in which they lie.
    fn in_passages(
        &self,
        segment: &SegmentReader,
        layout: &Layout,
        tally: &mut Tally,
    ) -> tantivy::Result<()> {
        let inverted = segment.inverted_index(self.in_passages.field())?;
        let (words, mut spots) = (self.in_passages.length() as u32, SpotCursor::new(layout));
        let mut count = |spots: &SpotCursor<'_>, ends: &[u32]| {
            for spot in spots.here() {
                tally.add(spot.quote, u32::from(spot.words), spot.times(ends, words));
            }
        };
        if !self.in_passages.is_bare() {
            return self.in_passages.each_run(&inverted, &spots, |spots, _, ends| {
                count(spots, ends);
            });
        }
        // The words with a beginning are many, and each of them goes through all passages: those
        // with quotes are told by a bit each, unless that takes longer than to look at all places.
        let mut later = Later::new(segment.max_doc());
        let push = |passage, ends: &[u32]| ends.iter().for_each(|&end| later.push(passage, end));
        self.each_place(&inverted, (layout, &spots, segment.max_doc()), push)?;
        later.each(|passage, ends| {
            if spots.seek(passage) == passage {
                count(&spots, ends);
            }
        });
        Ok(())
    }

    /// Calls `push` with the places of the words with a beginning, in passages with quotes at least.
    fn each_place(
        &self,
        inverted: &InvertedIndexReader,
        (layout, spots, documents): (&Layout, &SpotCursor<'_>, DocId),
        mut push: impl FnMut(DocId, &[u32]),
    ) -> tantivy::Result<()> {
        match self.in_passages.is_rare(inverted, layout.articles().len())? {
            true => self.in_passages.each_run(inverted, &Every, |_, at, ends| push(at, ends)),
            false => {
                let quoted = spots.clone().passages(documents);
                self.in_passages.each_run(inverted, &Bits(&quoted), |_, at, ends| push(at, ends))
            }
        }
    }
}

/// Places that are looked at later, in order: those of passages near each other together.
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

    /// Calls `visit` with all passages in order, and the places in them.
    fn each(self, mut visit: impl FnMut(DocId, &[u32])) {
        let mut places = Vec::new();
        for (far, mut list) in (0..).zip(self.0) {
            list.sort_unstable();
            for same in list.chunk_by(|a, b| a >> u16::BITS == b >> u16::BITS) {
                places.clear();
                places.extend(same.iter().map(|near| near & u32::from(u16::MAX)));
                visit(far << u16::BITS | same[0] >> u16::BITS, &places);
            }
        }
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

/// Quotes that hold the words, as they are found: nearly all in order.
struct Tally {
    ordered: Vec<Found>,
    late: Vec<Found>,
}

impl Tally {
    /// None yet, of so many. Memory that grows is paid for twice; what is not used costs nothing.
    fn new(quotes: usize) -> Tally {
        Tally { ordered: Vec::with_capacity(quotes), late: Vec::new() }
    }

    fn add(&mut self, quote: DocId, length: u32, times: u32) {
        if times == 0 {
            return;
        }
        let (times, length) = (narrow(times), narrow(length));
        match self.ordered.last_mut() {
            Some(last) if quote < last.quote => self.late.push(Found { quote, times, length }),
            Some(last) if quote == last.quote => last.times = last.times.saturating_add(times),
            _ => self.ordered.push(Found { quote, times, length }),
        }
    }

    /// The live ones in order, each once.
    fn close(mut self, segment: &SegmentReader) -> Vec<Found> {
        self.late.sort_unstable_by_key(|found| found.quote);
        self.late.dedup_by(|next, kept| kept.takes(next));
        let ordered = &mut self.ordered;
        self.late.retain(|late| {
            match ordered.binary_search_by_key(&late.quote, |found| found.quote) {
                Ok(at) => !ordered[at].takes(late),
                Err(_) => true,
            }
        });
        let (mut left, mut late) = (ordered.len(), self.late.as_slice());
        ordered.extend_from_slice(late);
        // From the end on, each place takes the larger of the last ones left.
        for place in (0..ordered.len()).rev() {
            let Some((&last, before)) = late.split_last() else { break };
            match left.checked_sub(1).map(|at| ordered[at]).filter(|one| one.quote > last.quote) {
                Some(one) => (ordered[place], left) = (one, left - 1),
                None => (ordered[place], late) = (last, before),
            }
        }
        if segment.has_deletes() {
            ordered.retain(|found| !segment.is_deleted(found.quote));
        }
        self.ordered
    }
}

fn narrow(n: u32) -> u16 {
    n.min(u16::MAX.into()) as u16
}

impl Found {
    /// Adds another if it is the same quote; whether it is.
    fn takes(&mut self, other: &Found) -> bool {
        let same = self.quote == other.quote;
        self.times = if same { self.times.saturating_add(other.times) } else { self.times };
        same
    }
}

impl Query for QuotedQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let EnableScoring::Enabled { searcher, statistics_provider } = scoring else {
            return Err(TantivyError::InvalidArgument("quotes are always scored".into()));
        };
        let worth = self.in_passages.most(searcher)?.is_none_or(|most| most >= WORTH_THREADS);
        let found = on_segments_each(searcher, worth, |ord, segment| {
            Ok((segment.segment_id(), self.found(ord, segment)?))
        })?;
        let documents = found.iter().map(|(_, here)| here.len() as u64).sum::<u64>();
        let all = statistics_provider.total_num_docs()?;
        let words = statistics_provider.total_num_tokens(self.doc)?;
        let usual = words as Score / all as Score;
        let bm25 = Bm25Weight::for_one_term(documents, all.max(documents), usual);
        let found = found.into_iter().map(|(segment, found)| (segment, Arc::new(found))).collect();
        let scale = Arc::new(Scale { bm25, lengths: length_ids() });
        Ok(Box::new(QuotedWeight { found, scale }))
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

/// The matches of every segment, all of them found already: their number is part of the score.
struct QuotedWeight {
    found: HashMap<SegmentId, Arc<Vec<Found>>>,
    scale: Arc<Scale>,
}

impl Weight for QuotedWeight {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let found = self.found.get(&segment.segment_id()).cloned().unwrap_or_default();
        Ok(Box::new(QuotedScorer { found, at: 0, scale: Arc::clone(&self.scale), boost }))
    }

    fn explain(&self, _: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument(format!("the score of {doc} is not explained")))
    }
}

/// Goes through the matches of a segment.
struct QuotedScorer {
    found: Arc<Vec<Found>>,
    at: usize,
    scale: Arc<Scale>,
    boost: Score,
}

impl DocSet for QuotedScorer {
    fn advance(&mut self) -> DocId {
        self.at += 1;
        self.doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        let rest = self.found.get(self.at..).unwrap_or_default();
        self.at = self.found.len() - behind(rest, |found| found.quote < target).len();
        self.doc()
    }

    fn doc(&self) -> DocId {
        self.found.get(self.at).map_or(TERMINATED, |found| found.quote)
    }

    fn size_hint(&self) -> u32 {
        self.found.len() as u32
    }
}

impl Scorer for QuotedScorer {
    fn score(&mut self) -> Score {
        let Scale { bm25, lengths } = &*self.scale;
        self.found.get(self.at).map_or(0.0, |found| {
            let id = lengths[usize::from(found.length).min(lengths.len() - 1)];
            bm25.score(id, u32::from(found.times)) * self.boost
        })
    }
}
