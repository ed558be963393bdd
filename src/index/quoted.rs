//! Runs of words in quotes. Most quotes have no words of their own in the index: a run is found in
//! the passage that stands beside the quote, and counts where it lies inside the quote. What a
//! quote is, and what comes of it, is not known here.

use std::collections::HashMap;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::SegmentId;
use tantivy::postings::SegmentPostings;
use tantivy::query::{Bm25Weight, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError, Term};

use super::layout::Layout;
use super::phrase::{Matches, PhraseQuery, Run};
use super::places::Place;
use super::reader::numbers;
use super::schema::{Fields, Kind};

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
        let layout = Layout::open(segment)?;
        let places = numbers(segment, "place")?;
        let mut found = Vec::new();
        for same in self.in_quotes.all_runs(segment)?.chunk_by(|a, b| a.0 == b.0) {
            let quote = same[0].0;
            let length = places.first(quote).unwrap_or_default() as u32;
            found.push(Found { quote, times: same.len() as u32, length });
        }
        let runs = self.in_passages.all_runs(segment)?;
        let mut groups = Groups::open(segment, self.doc)?;
        let mut rest = runs.as_slice();
        while let Some(&(passage, _)) = rest.first() {
            let (article, next) = groups.around(passage);
            let here = rest.partition_point(|run| run.0 < next);
            if let Some(article) = article {
                let group = Group { layout: &layout, article, runs: &rest[..here] };
                for quote in layout.quotes_of(article) {
                    let place = places.first(quote).and_then(Place::unpack);
                    let Some(place) = place else { continue };
                    let times = group.times(place, self.in_passages.length());
                    if times > 0 {
                        found.push(Found { quote, times, length: place.length });
                    }
                }
            }
            rest = &rest[here..];
        }
        found.sort_unstable_by_key(|found| found.quote);
        Ok(found)
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

/// An article, and the runs in passages behind it.
struct Group<'a> {
    layout: &'a Layout,
    article: DocId,
    runs: &'a [Run],
}

impl Group<'_> {
    /// How many of the runs, each of `words` words, lie inside a place.
    fn times(&self, place: Place, words: usize) -> u32 {
        let own = self.layout.own_passages(self.article);
        let foreign = self.layout.foreign(self.article);
        let before = foreign.take_while(|&number| number < place.passage).count() as u32;
        let passage = own.start + place.passage - before;
        let first = self.runs.partition_point(|run| run.0 < passage);
        let least = place.start + words as u32 - 1;
        let ends = self.runs[first..].iter().take_while(|run| run.0 == passage).map(|run| run.1);
        ends.filter(|&end| end >= least && end < place.start + place.length).count() as u32
    }
}

/// The articles of a segment, one after the other.
struct Groups {
    articles: Option<SegmentPostings>,
    last: Option<DocId>,
}

impl Groups {
    fn open(segment: &SegmentReader, doc: Field) -> tantivy::Result<Self> {
        let term = Term::from_field_u64(doc, Kind::Article as u64);
        let inverted = segment.inverted_index(doc)?;
        let articles = inverted.read_postings(&term, IndexRecordOption::Basic)?;
        Ok(Groups { articles, last: None })
    }

    /// The last article before a document, and the first behind it. Documents must ascend.
    fn around(&mut self, doc: DocId) -> (Option<DocId>, DocId) {
        let Some(articles) = &mut self.articles else { return (None, TERMINATED) };
        while articles.doc() < doc {
            self.last = Some(articles.doc());
            articles.advance();
        }
        (self.last, articles.doc())
    }
}

impl Query for QuotedQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let EnableScoring::Enabled { searcher, statistics_provider } = scoring else {
            return Err(TantivyError::InvalidArgument("quotes are always scored".into()));
        };
        let mut found = Vec::new();
        let mut documents = 0;
        for segment in searcher.segment_readers() {
            let mut here = self.found(segment)?;
            here.retain(|found| !segment.is_deleted(found.quote));
            documents += here.len() as u64;
            found.push((segment.segment_id(), here));
        }
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
