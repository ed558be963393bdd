//! Phrases and beginnings of words as a query of our own: words next to each other, the last of
//! which may be the beginning of a word with any number of endings. All matches of a segment are
//! found at once, since a search looks at all of them anyway.

use std::io;
use std::sync::Arc;

use tantivy::postings::{BlockSegmentPostings, Postings, SegmentPostings, TermInfo};
use tantivy::query::{Bm25Weight, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{
    DocId, DocSet, InvertedIndexReader, Score, SegmentReader, TERMINATED, TantivyError, Term,
};

use super::among::{Among, Every, Listed, behind, mark, no_bits};
use super::matches::{Marked, Matches};
use super::positions::{POSITIONS, Positions};
use super::seams::Places;

/// What stands behind the beginning of a word in a term for all words that begin so: it is in no word.
pub const ANY_ENDING: char = '*';

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
        Ok(Box::new(PhraseWeight { query: self.clone(), bm25 }))
    }
}

struct PhraseWeight {
    query: PhraseQuery,
    /// Of whole words; a bare beginning has none, and all its documents are alike.
    bm25: Option<Bm25Weight>,
}

/// A document and a place in it where the words so far end.
pub type Run = (DocId, u32);

impl PhraseQuery {
    /// Its whole words.
    pub fn terms(&self) -> Vec<Term> {
        self.words.iter().map(|word| Term::from_field_text(self.field, word)).collect()
    }

    /// What its score is made of: its whole words, and one term for all words with its beginning.
    pub fn scored_terms(&self) -> Vec<Term> {
        let begun = self.start.as_ref().map(|start| format!("{start}{ANY_ENDING}"));
        let begun = begun.map(|begun| Term::from_field_text(self.field, &begun));
        self.terms().into_iter().chain(begun).collect()
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

    /// Whether it has no beginning of a word.
    pub fn is_whole(&self) -> bool {
        self.start.is_none()
    }

    /// Whether it is nothing but the beginning of a word.
    pub fn is_bare(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether each of its words stands in so many documents, a beginning with all its endings.
    pub fn is_common(&self, inverted: &InvertedIndexReader, enough: u64) -> tantivy::Result<bool> {
        for term in self.terms() {
            if u64::from(inverted.doc_freq(&term)?) < enough {
                return Ok(false);
            }
        }
        let Some(start) = &self.start else { return Ok(true) };
        let (mut words, mut all) = (inverted.terms().range().ge(start).into_stream()?, 0);
        while let Some((_, info)) = words.next().filter(|(word, _)| begins(word, start)) {
            all += u64::from(info.doc_freq);
            if all >= enough {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Calls `found` with what the dictionary has of one of its words: of a beginning, with that of each
    /// of its endings.
    pub fn each_term(
        &self,
        word: usize,
        inverted: &InvertedIndexReader,
        mut found: impl FnMut(&TermInfo) -> io::Result<()>,
    ) -> tantivy::Result<()> {
        let Some(word) = self.words.get(word) else {
            return each_ending(inverted, self.start.as_deref().unwrap_or_default(), found);
        };
        let term = inverted.get_term_info(&Term::from_field_text(self.field, word))?;
        Ok(term.iter().try_for_each(&mut found)?)
    }

    /// Where one of its words stands in some documents, which ascend.
    pub fn places(
        &self,
        word: usize,
        documents: &[DocId],
        inverted: &InvertedIndexReader,
    ) -> tantivy::Result<Places> {
        let (mut found, mut places) = (Places::default(), Vec::new());
        self.each_term(word, inverted, |term| {
            let mut postings = inverted.read_postings_from_terminfo(term, POSITIONS)?;
            each_common(&mut postings, &mut Listed(documents), |postings, _, document| {
                postings.positions(&mut places);
                found.entry(document).or_default().extend_from_slice(&places);
            });
            Ok(())
        })?;
        if word >= self.words.len() {
            found.values_mut().for_each(|places| places.sort_unstable());
        }
        Ok(found)
    }

    /// Calls `found` with the documents that hold the words, and where in them the words end. Documents
    /// ascend; of a bare beginning, they do so for each of its endings.
    pub fn each_run(
        &self,
        segment: &SegmentReader,
        mut found: impl FnMut(DocId, &[u32]),
    ) -> tantivy::Result<()> {
        let inverted = segment.inverted_index(self.field)?;
        match &self.start {
            None => self.whole_words(&inverted, found),
            Some(start) if self.is_bare() => {
                let mut positions = Positions::open(segment, self.field)?;
                each_ending(&inverted, start, |ending| positions.each(ending, &mut found))
            }
            Some(start) => {
                let runs = self.followed(&inverted, start)?;
                let mut ends = Vec::new();
                for same in runs.chunk_by(|a, b| a.0 == b.0) {
                    ends.clear();
                    ends.extend(same.iter().map(|run| run.1));
                    found(same[0].0, &ends);
                }
                Ok(())
            }
        }
    }

    /// Calls `found` with the documents that hold the words, and how often: in the same order.
    pub fn each_count(
        &self,
        segment: &SegmentReader,
        mut found: impl FnMut(DocId, u32),
    ) -> tantivy::Result<()> {
        if self.length() > 1 {
            return self.each_run(segment, |doc, ends| found(doc, ends.len() as u32));
        }
        let (inverted, with) = (segment.inverted_index(self.field)?, IndexRecordOption::WithFreqs);
        self.each_term(0, &inverted, |term| {
            each_block(&inverted, term, with, |block| {
                block.docs().iter().zip(block.freqs()).for_each(|(&doc, &many)| found(doc, many));
            })
        })
    }

    /// Goes through the places of its whole words; none, where one of them is nowhere.
    pub fn steps(&self, inverted: &InvertedIndexReader) -> tantivy::Result<Option<Steps>> {
        let mut postings = Vec::with_capacity(self.words.len());
        for term in self.terms() {
            match inverted.read_postings(&term, POSITIONS)? {
                Some(held) => postings.push(held),
                None => return Ok(None),
            }
        }
        let lead = (0..postings.len()).min_by_key(|&i| postings[i].doc_freq());
        Ok(lead.map(|lead| Steps { postings, lead, ends: Vec::new(), places: Vec::new() }))
    }

    /// Where the whole words stand.
    fn whole_words(
        &self,
        inverted: &InvertedIndexReader,
        mut found: impl FnMut(DocId, &[u32]),
    ) -> tantivy::Result<()> {
        let Some(mut steps) = self.steps(inverted)? else { return Ok(()) };
        let mut doc = steps.next(&mut Every);
        while doc != TERMINATED {
            found(doc, steps.ends());
            steps.pass();
            doc = steps.next(&mut Every);
        }
        Ok(())
    }

    /// The runs of the whole words that a word follows which begins as wanted, with it; ascending.
    fn followed(&self, inverted: &InvertedIndexReader, start: &str) -> tantivy::Result<Vec<Run>> {
        let (mut runs, mut found, mut places) = (Vec::new(), Vec::new(), Vec::new());
        self.whole_words(inverted, |doc, ends| {
            runs.extend(ends.iter().map(|&end| (doc, end)));
        })?;
        each_ending(inverted, start, |ending| {
            let mut postings = inverted.read_postings_from_terminfo(ending, POSITIONS)?;
            each_common(&mut postings, &mut Runs(&runs), |postings, runs, doc| {
                postings.positions(&mut places);
                let follows = |end: &u32| places.binary_search(end).is_ok();
                let here = runs.0.iter().take_while(|run| run.0 == doc);
                found.extend(here.map(|run| run.1 + 1).filter(follows).map(|end| (doc, end)));
            });
            Ok(())
        })?;
        found.sort_unstable_by_key(|&(doc, end)| u64::from(doc) << 32 | u64::from(end));
        Ok(found)
    }

    /// The documents with a word that begins as wanted, as bits.
    fn beginning(&self, segment: &SegmentReader, start: &str) -> tantivy::Result<Vec<u64>> {
        let mut bits = no_bits(segment.max_doc());
        let inverted = segment.inverted_index(self.field)?;
        each_ending(&inverted, start, |ending| {
            each_block(&inverted, ending, IndexRecordOption::Basic, |block| {
                block.docs().iter().for_each(|&doc| mark(&mut bits, doc));
            })
        })?;
        Ok(bits)
    }
}

/// Calls `found` with some documents that hold a word after the others.
fn each_block(
    inverted: &InvertedIndexReader,
    word: &TermInfo,
    with: IndexRecordOption,
    mut found: impl FnMut(&BlockSegmentPostings),
) -> io::Result<()> {
    let mut block = inverted.read_block_postings_from_terminfo(word, with)?;
    while block.block_len() > 0 {
        found(&block);
        block.advance();
    }
    Ok(())
}

/// Calls `found` with what the dictionary has of each word with a beginning.
pub fn each_ending(
    inverted: &InvertedIndexReader,
    start: &str,
    mut found: impl FnMut(&TermInfo) -> io::Result<()>,
) -> tantivy::Result<()> {
    let mut words = inverted.terms().range().ge(start).into_stream()?;
    while let Some((_, info)) = words.next().filter(|(word, _)| begins(word, start)) {
        found(info)?;
    }
    Ok(())
}

fn begins(word: &[u8], start: &str) -> bool {
    word.starts_with(start.as_bytes())
}

/// Documents that are so near are reached faster one by one than by looking for them.
const NEAR: DocId = 64;

/// Calls `found` with each document that holds a word and is among those wanted.
fn each_common<A: Among>(
    postings: &mut SegmentPostings,
    among: &mut A,
    mut found: impl FnMut(&mut SegmentPostings, &A, DocId),
) {
    let mut doc = next_common(postings, among);
    while doc != TERMINATED {
        found(postings, among, doc);
        postings.advance();
        doc = next_common(postings, among);
    }
}

/// Goes on to the first document from this one on that holds a word and is among those wanted.
fn reach_common<A: Among>(postings: &mut SegmentPostings, least: DocId, among: &mut A) -> DocId {
    reach(postings, least);
    next_common(postings, among)
}

/// Goes on to the first document from here on, this one or another, that holds a word and is among
/// those wanted.
fn next_common<A: Among>(postings: &mut SegmentPostings, among: &mut A) -> DocId {
    let mut doc = postings.doc();
    while doc != TERMINATED {
        match among.seek(doc) {
            TERMINATED => return TERMINATED,
            wanted if wanted == doc => return doc,
            wanted => doc = reach(postings, wanted),
        }
    }
    TERMINATED
}

/// Runs as the documents they are in.
#[derive(Clone, Copy)]
struct Runs<'a>(&'a [Run]);

impl Among for Runs<'_> {
    fn seek(&mut self, least: DocId) -> DocId {
        self.0 = behind(self.0, |run| run.0 < least);
        self.0.first().map_or(TERMINATED, |run| run.0)
    }
}

/// Goes from document to document that holds words next to each other.
pub struct Steps {
    /// Of the words in order.
    postings: Vec<SegmentPostings>,
    /// The rarest of the words: the others are only looked up where it stands.
    lead: usize,
    ends: Vec<u32>,
    places: Vec<u32>,
}

impl Steps {
    /// The first document from here on, this one or another, that holds the words and is `among`
    /// those wanted; it stays there.
    pub fn next<A: Among>(&mut self, among: &mut A) -> DocId {
        loop {
            let doc = next_common(&mut self.postings[self.lead], among);
            if doc == TERMINATED || self.holds(doc) {
                return doc;
            }
            self.pass();
        }
    }

    /// Where the words end in the document that was found last.
    pub fn ends(&self) -> &[u32] {
        &self.ends
    }

    /// Goes on behind the document that was found last.
    pub fn pass(&mut self) {
        self.postings[self.lead].advance();
    }

    /// Goes on to the first document from this one on that holds the rarest of the words.
    pub fn reach(&mut self, least: DocId) -> DocId {
        reach(&mut self.postings[self.lead], least)
    }

    /// The same, to one that is `among` those wanted.
    pub fn reach_among<A: Among>(&mut self, least: DocId, among: &mut A) -> DocId {
        reach_common(&mut self.postings[self.lead], least, among)
    }

    /// One that goes ahead of it.
    pub fn scout(&self) -> Scout {
        Scout(self.postings[self.lead].clone())
    }

    /// Documents that hold the rarest of the words, deleted ones too.
    pub fn most(&self) -> u32 {
        self.postings[self.lead].doc_freq()
    }

    /// Whether a document holds the words. Documents must ascend.
    pub fn holds(&mut self, doc: DocId) -> bool {
        if !self.postings.iter_mut().all(|postings| reach(postings, doc) == doc) {
            return false;
        }
        let Some((first, others)) = self.postings.split_first_mut() else { return false };
        first.positions(&mut self.ends);
        for next in others {
            next.positions(&mut self.places);
            let places = &self.places;
            self.ends.retain_mut(|end| {
                *end += 1;
                places.binary_search(end).is_ok()
            });
        }
        !self.ends.is_empty()
    }
}

/// Goes from document to document that holds the rarest of some words, wherever in it they stand.
pub struct Scout(SegmentPostings);

impl Scout {
    /// The first document from this one on that is `among` those wanted. Documents must ascend.
    pub fn next<A: Among>(&mut self, least: DocId, among: &mut A) -> DocId {
        reach_common(&mut self.0, least, among)
    }
}

/// Goes on to the first document from this one on that holds a word.
fn reach(postings: &mut SegmentPostings, least: DocId) -> DocId {
    let mut doc = postings.doc();
    if doc < least && least - doc > NEAR {
        return postings.seek(least);
    }
    while doc < least {
        doc = postings.advance();
    }
    doc
}

impl Weight for PhraseWeight {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        if let (true, Some(start)) = (self.query.is_bare(), &self.query.start) {
            return Ok(Box::new(Marked::new(self.query.beginning(segment, start)?, boost)));
        }
        let lengths = segment.get_fieldnorms_reader(self.query.field)?;
        let mut matches = Vec::new();
        self.query.each_run(segment, |doc, ends| {
            let score =
                |bm25: &Bm25Weight| bm25.score(lengths.fieldnorm_id(doc), ends.len() as u32);
            matches.push((doc, self.bm25.as_ref().map_or(1.0, score) * boost));
        })?;
        Ok(Box::new(Matches::new(Arc::new(matches), |&(_, score): &(DocId, Score)| score)))
    }

    fn explain(&self, _: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument(format!("the score of {doc} is not explained")))
    }
}
