//! Phrases and beginnings of words as a query of our own: words next to each other, the last of
//! which may be the beginning of a word with any number of endings. All matches of a segment are
//! found at once, since a search looks at all of them anyway.

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{Bm25Weight, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{
    DocId, DocSet, InvertedIndexReader, Score, SegmentReader, TERMINATED, TantivyError, Term,
};

use super::seams::Places;

/// Words next to each other.
#[derive(Clone, Debug)]
pub struct PhraseQuery {
    field: Field,
    words: Vec<String>,
    /// The beginning of the word behind them.
    start: Option<String>,
}

impl PhraseQuery {
    /// These words next to each other.
    pub fn exact(field: Field, words: &[String]) -> Self {
        PhraseQuery { field, words: words.to_vec(), start: None }
    }

    /// These words next to each other, the last being the beginning of a word.
    pub fn prefix(field: Field, words: &[String]) -> Self {
        let mut words = words.to_vec();
        let start = words.pop();
        PhraseQuery { field, words, start }
    }
}

impl Query for PhraseQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let terms = self.terms();
        let bm25 = match scoring {
            EnableScoring::Enabled { statistics_provider, .. } if !terms.is_empty() => {
                Some(Bm25Weight::for_terms(statistics_provider, &terms)?)
            }
            _ => None,
        };
        Ok(Box::new(PhraseWeight { query: self.clone(), terms, bm25 }))
    }
}

struct PhraseWeight {
    query: PhraseQuery,
    terms: Vec<Term>,
    bm25: Option<Bm25Weight>,
}

/// A document and a place in it where the words so far end.
pub type Run = (DocId, u32);

impl PhraseQuery {
    fn terms(&self) -> Vec<Term> {
        self.words.iter().map(|word| Term::from_field_text(self.field, word)).collect()
    }

    /// How many words stand next to each other.
    pub fn length(&self) -> usize {
        self.words.len() + usize::from(self.start.is_some())
    }

    /// The field it is asked of.
    pub fn field(&self) -> Field {
        self.field
    }

    /// The numbers of its words, those first that few documents hold, a beginning last.
    pub fn rarest_first(&self, inverted: &InvertedIndexReader) -> tantivy::Result<Vec<usize>> {
        let held = self.terms().into_iter().map(|term| inverted.doc_freq(&term));
        let held: Vec<u32> = held.collect::<std::io::Result<_>>()?;
        let mut order: Vec<usize> = (0..held.len()).collect();
        order.sort_by_key(|&word| held[word]);
        order.extend(self.start.is_some().then_some(held.len()));
        Ok(order)
    }

    /// Where one of its words stands in some documents, which ascend.
    pub fn places(
        &self,
        word: usize,
        documents: &[DocId],
        inverted: &InvertedIndexReader,
    ) -> tantivy::Result<Places> {
        let record = IndexRecordOption::WithFreqsAndPositions;
        let (mut found, mut places) = (Places::default(), Vec::new());
        let mut add = |mut postings: SegmentPostings| {
            for &document in documents {
                if seek(&mut postings, document) {
                    postings.positions(&mut places);
                    found.entry(document).or_default().extend_from_slice(&places);
                }
            }
        };
        if let Some(word) = self.words.get(word) {
            let term = Term::from_field_text(self.field, word);
            inverted.read_postings(&term, record)?.into_iter().for_each(add);
            return Ok(found);
        }
        let start = self.start.as_deref().unwrap_or_default().as_bytes();
        let mut words = inverted.terms().range().ge(start).into_stream()?;
        while let Some((_, info)) = words.next().filter(|(word, _)| word.starts_with(start)) {
            add(inverted.read_postings_from_terminfo(info, record)?);
        }
        found.values_mut().for_each(|places| places.sort_unstable());
        Ok(found)
    }

    /// All places of a segment where the words stand, ascending.
    pub fn all_runs(&self, segment: &SegmentReader) -> tantivy::Result<Vec<Run>> {
        let weight = PhraseWeight { query: self.clone(), terms: self.terms(), bm25: None };
        weight.all_runs(&*segment.inverted_index(self.field)?, true)
    }
}

impl PhraseWeight {
    /// Where the whole words stand; `None` where there are none to look for.
    fn runs(&self, inverted: &InvertedIndexReader) -> tantivy::Result<Option<Vec<Run>>> {
        let record = IndexRecordOption::WithFreqsAndPositions;
        let mut postings = Vec::with_capacity(self.terms.len());
        for term in &self.terms {
            match inverted.read_postings(term, record)? {
                Some(found) => postings.push(found),
                None => return Ok(Some(Vec::new())),
            }
        }
        if postings.is_empty() {
            return Ok(None);
        }
        // The rarest word leads: the others are only looked up where it stands.
        let rarest = (0..postings.len()).min_by_key(|&i| postings[i].doc_freq()).unwrap_or(0);
        let mut runs = Vec::new();
        let (mut ends, mut places) = (Vec::new(), Vec::new());
        let mut doc = postings[rarest].doc();
        while doc != TERMINATED {
            if postings.iter_mut().all(|postings| seek(postings, doc)) {
                postings[0].positions(&mut ends);
                for next in &mut postings[1..] {
                    next.positions(&mut places);
                    ends.retain_mut(|end| {
                        *end += 1;
                        places.binary_search(end).is_ok()
                    });
                }
                runs.extend(ends.iter().map(|&end| (doc, end)));
            }
            doc = postings[rarest].advance();
        }
        Ok(Some(runs))
    }

    /// Where the words stand; of a beginning alone every place only if asked for.
    fn all_runs(
        &self,
        inverted: &InvertedIndexReader,
        every_place: bool,
    ) -> tantivy::Result<Vec<Run>> {
        let runs = self.runs(inverted)?;
        match &self.query.start {
            Some(start) => self.followed(runs, start, inverted, every_place),
            None => Ok(runs.unwrap_or_default()),
        }
    }

    /// Those runs that a word follows which begins as wanted; without runs, all such words.
    fn followed(
        &self,
        runs: Option<Vec<Run>>,
        start: &str,
        inverted: &InvertedIndexReader,
        every_place: bool,
    ) -> tantivy::Result<Vec<Run>> {
        let mut found = Vec::new();
        let mut words = inverted.terms().range().ge(start.as_bytes()).into_stream()?;
        let record = match runs {
            None if !every_place => IndexRecordOption::Basic,
            _ => IndexRecordOption::WithFreqsAndPositions,
        };
        let mut places = Vec::new();
        while let Some((word, info)) = words.next() {
            if !word.starts_with(start.as_bytes()) {
                break;
            }
            let mut postings = inverted.read_postings_from_terminfo(info, record)?;
            match &runs {
                None => {
                    while postings.doc() != TERMINATED {
                        let doc = postings.doc();
                        if every_place {
                            postings.positions(&mut places);
                            found.extend(places.iter().map(|&place| (doc, place)));
                        } else {
                            found.push((doc, 0));
                        }
                        postings.advance();
                    }
                }
                Some(runs) => {
                    for same in runs.chunk_by(|a, b| a.0 == b.0) {
                        if seek(&mut postings, same[0].0) {
                            postings.positions(&mut places);
                            let follows = |run: &&Run| places.binary_search(&(run.1 + 1)).is_ok();
                            found.extend(
                                same.iter().filter(follows).map(|&(doc, end)| (doc, end + 1)),
                            );
                        }
                    }
                }
            }
        }
        // As one number each: there may be millions.
        found.sort_unstable_by_key(|&(doc, end)| u64::from(doc) << 32 | u64::from(end));
        found.dedup();
        Ok(found)
    }
}

/// Moves on to a document; whether it is there.
fn seek(postings: &mut SegmentPostings, doc: DocId) -> bool {
    postings.doc() == doc || postings.doc() < doc && postings.seek(doc) == doc
}

impl Weight for PhraseWeight {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let runs = self.all_runs(&*segment.inverted_index(self.query.field)?, false)?;
        let lengths = segment.get_fieldnorms_reader(self.query.field)?;
        let score = |doc: DocId, times: usize| match &self.bm25 {
            Some(bm25) => bm25.score(lengths.fieldnorm_id(doc), times as u32) * boost,
            None => boost,
        };
        let same = runs.chunk_by(|a, b| a.0 == b.0);
        let matches = same.map(|same| (same[0].0, score(same[0].0, same.len())));
        Ok(Box::new(Matches::new(matches.collect())))
    }

    fn explain(&self, _: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument(format!("the score of {doc} is not explained")))
    }
}

/// Documents with their scores, ascending.
pub struct Matches {
    list: Vec<(DocId, Score)>,
    at: usize,
}

impl Matches {
    /// A list that ascends already.
    pub fn new(list: Vec<(DocId, Score)>) -> Self {
        Matches { list, at: 0 }
    }
}

impl DocSet for Matches {
    fn advance(&mut self) -> DocId {
        self.at += 1;
        self.doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        let rest = self.list.get(self.at..).unwrap_or_default();
        self.at += rest.partition_point(|&(doc, _)| doc < target);
        self.doc()
    }

    fn doc(&self) -> DocId {
        self.list.get(self.at).map_or(TERMINATED, |&(doc, _)| doc)
    }

    fn size_hint(&self) -> u32 {
        self.list.len() as u32
    }
}

impl Scorer for Matches {
    fn score(&mut self) -> Score {
        self.list.get(self.at).map_or(0.0, |&(_, score)| score)
    }
}
