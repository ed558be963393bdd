//! Runs of words in quotes. Most quotes have no words of their own in the index: a run is found in
//! the passage that stands beside the quote, and counts where it lies inside the quote. What a
//! quote is, and what comes of it, is not known here.

use std::collections::HashMap;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::SegmentId;
use tantivy::query::{Bm25Weight, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::Field;
use tantivy::{DocId, Score, SegmentReader, TantivyError};

use super::layout::{Articles, Layout};
use super::phrase::{Matches, PhraseQuery, Run};
use super::places::{Place, Stand};
use super::plan::on_segments;
use super::schema::Fields;
use super::seams::over_seams;

/// Words next to each other in a quote.
#[derive(Clone, Debug)]
pub struct QuotedQuery {
    in_passages: PhraseQuery,
    in_quotes: PhraseQuery,
    doc: Field,
}

impl QuotedQuery {
    /// What `phrase` makes of a field, asked of quotes.
    pub fn new(phrase: &dyn Fn(Field) -> PhraseQuery, fields: &Fields) -> Self {
        let (in_passages, in_quotes) = (phrase(fields.text), phrase(fields.words));
        QuotedQuery { in_passages, in_quotes, doc: fields.doc }
    }

    /// The quotes of a segment that hold the words, in order.
    fn found(&self, segment: &SegmentReader) -> tantivy::Result<Vec<Found>> {
        let with_quotes = self.in_quotes.all_runs(segment)?;
        let in_passages = self.in_passages.all_runs(segment)?;
        let layout = Layout::open(segment)?;
        let mut found = Vec::new();
        for same in with_quotes.chunk_by(|a, b| a.0 == b.0) {
            let (quote, times) = (same[0].0, same.len() as u32);
            if let Stand::Apart(length) = layout.stand(layout.row(quote)) {
                found.push(Found { quote, times, length });
            }
        }
        let seams = over_seams(&self.in_passages, segment, &layout)?;
        found.extend(seams.into_iter().map(|(quote, times, length)| Found {
            quote,
            times,
            length,
        }));
        self.beside(&in_passages, segment, &layout, &mut found)?;
        // Lists that ascend: merging them is what a stable sort does.
        found.sort_by_key(|found| found.quote);
        found.dedup_by(|next, last| {
            let same = next.quote == last.quote;
            last.times += if same { next.times } else { 0 };
            same
        });
        found.retain(|found| !segment.is_deleted(found.quote));
        Ok(found)
    }

    /// Finds the quotes around runs in passages that stand beside them.
    fn beside(
        &self,
        runs: &[Run],
        segment: &SegmentReader,
        layout: &Layout,
        found: &mut Vec<Found>,
    ) -> tantivy::Result<()> {
        let words = self.in_passages.length() as u32;
        let mut articles = Articles::open(segment, self.doc)?;
        let mut foreign: Vec<u32> = Vec::new();
        let mut rest = runs;
        while let Some(&(passage, _)) = rest.first() {
            let (article, next) = articles.around(passage);
            let (here, behind) = rest.split_at(rest.partition_point(|run| run.0 < next));
            rest = behind;
            let Some(article) = article else { continue };
            let quotes = layout.quotes_of(article);
            if quotes.is_empty() {
                continue;
            }
            foreign.clear();
            foreign.extend(layout.foreign(article));
            let (own, first) = (quotes.end, layout.row(quotes.start));
            for (row, quote) in (first..).zip(quotes) {
                let times = |place: Place| {
                    let before = foreign.iter().take_while(|&&number| number < place.passage);
                    times(here, own + place.passage - before.count() as u32, place, words)
                };
                let (times, length) = match layout.stand(row) {
                    Stand::Run(place) => (times(place), place.length),
                    Stand::Runs(length) => (layout.places(quote, row).map(times).sum(), length),
                    Stand::Apart(_) => continue,
                };
                if times > 0 {
                    found.push(Found { quote, times, length });
                }
            }
        }
        Ok(())
    }
}

/// How many runs, each of so many words, lie inside a place in a passage.
fn times(runs: &[Run], passage: DocId, place: Place, words: u32) -> u32 {
    let first = runs.partition_point(|run| run.0 < passage);
    let ends = runs[first..].iter().take_while(|run| run.0 == passage).map(|run| run.1);
    let inside = place.start + words - 1..place.start + place.length;
    ends.filter(|end| inside.contains(end)).count() as u32
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
        let found =
            on_segments(searcher, |_, segment| Ok((segment.segment_id(), self.found(segment)?)))?;
        let documents = found.iter().map(|(_, here)| here.len() as u64).sum::<u64>();
        let all = statistics_provider.total_num_docs()?;
        let words = statistics_provider.total_num_tokens(self.doc)?;
        let usual = words as Score / all as Score;
        let bm25 = Bm25Weight::for_one_term(documents, all.max(documents), usual);
        let lengths = length_ids();
        let score = |Found { quote, times, length }: Found| {
            let id = lengths[(length as usize).min(lengths.len() - 1)];
            (quote, bm25.score(id, times))
        };
        let scored =
            found.into_iter().map(|(id, here)| (id, here.into_iter().map(score).collect()));
        Ok(Box::new(QuotedWeight(scored.collect())))
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
struct QuotedWeight(HashMap<SegmentId, Vec<(DocId, Score)>>);

impl Weight for QuotedWeight {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let found = self.0.get(&segment.segment_id()).into_iter().flatten();
        Ok(Box::new(Matches::new(found.map(|&(doc, score)| (doc, score * boost)).collect())))
    }

    fn explain(&self, _: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument(format!("the score of {doc} is not explained")))
    }
}
