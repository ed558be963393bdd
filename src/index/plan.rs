//! From a parsed query to the engine's, and the statistics that scores are made of.
//!
//! Scores depend on the documents alone, not on how they lie in segments or on what was deleted
//! before: documents are counted alive, and the usual length of a text is a constant.

use std::cmp::Reverse;
use std::sync::Arc;

use tantivy::query::{
    Bm25StatisticsProvider, BooleanQuery, EnableScoring, Explanation, Occur, Query, Scorer,
    TermQuery, Weight,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, Score, Searcher, SegmentReader, TantivyError, Term};

use super::called::FindQuotes;
use super::layout::filled;
use super::matches::Marked;
use super::phrase::{ANY_ENDING, PhraseQuery, each_ending};
use super::query::Expr;
use super::quoted::{QuotedQuery, Step, Together};
use super::reader::{Index, each_holding, each_live, numbers};
use super::schema::Kind;
use super::threads::each_piece;
use super::types::Filters;

/// Words in a text of usual length: longer ones score a little less.
const USUAL_WORDS: u64 = 30;

/// Documents from which on an index is searched by several threads.
const WORTH_THREADS: u64 = 200_000;

type AnyQuery = Box<dyn Query>;

/// Makes the engine's queries.
pub struct Planner<'a> {
    index: &'a Index,
    /// What is asked for.
    kind: Kind,
    /// For words in quotes: what does not pass need not be looked into.
    filters: Arc<Filters>,
    /// The same: names, of whose quotes the rest need not be looked into.
    names: &'a [Arc<dyn FindQuotes>],
    /// The most passages in which the words may stand.
    most: u64,
}

impl<'a> Planner<'a> {
    /// Asks for passages.
    pub fn passages(index: &'a Index) -> Self {
        Planner { index, kind: Kind::Passage, filters: Arc::default(), names: &[], most: u64::MAX }
    }

    /// Asks for quotes, whose words stand in at most so many passages. Those that do not pass the filters
    /// may be found or not, and those that do not fit some of their names.
    pub fn quotes(
        index: &'a Index,
        filters: &Filters,
        names: &'a [Arc<dyn FindQuotes>],
        most: u64,
    ) -> Self {
        Planner { index, kind: Kind::Quote, filters: Arc::new(filters.clone()), names, most }
    }

    /// The query for an expression over the words of one kind of document.
    pub fn plan(&self, expr: &Expr) -> AnyQuery {
        let fields = &self.index.fields;
        let part = |expr: &Expr| self.plan(expr);
        let everything = || -> AnyQuery { Box::new(EveryQuery(self.kind)) };
        match expr {
            Expr::All => everything(),
            Expr::Phrase(words) => match words.as_slice() {
                [one] if self.kind != Kind::Quote => Box::new(TermQuery::new(
                    Term::from_field_text(fields.text, one),
                    IndexRecordOption::WithFreqs,
                )),
                many => self.run(&|field| PhraseQuery::exact(field, many)),
            },
            Expr::Prefix(words) => self.run(&|field| PhraseQuery::prefix(field, words)),
            Expr::Or(parts) => Box::new(BooleanQuery::union(parts.iter().map(part).collect())),
            Expr::Not(inner) => {
                let clauses = vec![(Occur::Must, everything()), (Occur::MustNot, part(inner))];
                Box::new(BooleanQuery::new(clauses))
            }
            Expr::And(parts) => {
                let clause = |expr: &Expr| match expr {
                    Expr::Not(inner) => (Occur::MustNot, part(inner)),
                    other => (Occur::Must, part(other)),
                };
                let mut clauses: Vec<(Occur, AnyQuery)> = parts.iter().map(clause).collect();
                if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
                    clauses.push((Occur::Must, everything()));
                }
                Box::new(BooleanQuery::new(clauses))
            }
        }
    }

    /// The query for words next to each other.
    fn run(&self, run: &dyn Fn(Field) -> PhraseQuery) -> AnyQuery {
        match self.kind {
            Kind::Quote => Box::new(self.quoted(run)),
            _ => Box::new(run(self.index.fields.text)),
        }
    }

    /// The query for words next to each other in quotes.
    fn quoted(&self, run: &dyn Fn(Field) -> PhraseQuery) -> QuotedQuery {
        let Planner { index, filters, names, most, .. } = self;
        QuotedQuery::new(run, index, filters, names, *most)
    }

    /// What an expression asks of quotes, where it may be worked out for all its words together.
    pub fn together(&self, expr: &Expr) -> tantivy::Result<Option<Together>> {
        let (mut steps, mut phrases) = (Vec::new(), Vec::new());
        match self.steps(expr, &mut steps, &mut phrases) {
            true => Together::new(steps, phrases, &self.index.statistics(self.kind)?),
            false => Ok(None),
        }
    }

    /// Adds the steps of an expression and its phrases; whether it has nothing else.
    fn steps(&self, expr: &Expr, steps: &mut Vec<Step>, phrases: &mut Vec<QuotedQuery>) -> bool {
        let mut phrase = |run: &dyn Fn(Field) -> PhraseQuery| {
            steps.push(Step::Phrase(phrases.len()));
            phrases.push(self.quoted(run));
            true
        };
        let (parts, join) = match expr {
            Expr::All => return false,
            Expr::Phrase(words) => return phrase(&|field| PhraseQuery::exact(field, words)),
            Expr::Prefix(words) => return phrase(&|field| PhraseQuery::prefix(field, words)),
            Expr::Not(inner) => (std::slice::from_ref(&**inner), Step::Not),
            Expr::And(parts) => (parts.as_slice(), Step::Both),
            Expr::Or(parts) => (parts.as_slice(), Step::Either),
        };
        parts.iter().enumerate().all(|(nth, part)| {
            let known = self.steps(part, steps, phrases);
            if nth > 0 || matches!(join, Step::Not) {
                steps.push(join);
            }
            known
        })
    }
}

/// The most passages in which the words of an expression may stand, as far as that is known.
pub fn most(expr: &Expr, index: &Index) -> tantivy::Result<u64> {
    let parts = |parts: &[Expr]| -> tantivy::Result<Vec<u64>> {
        parts.iter().map(|part| most(part, index)).collect()
    };
    let words = |words: &[String]| -> tantivy::Result<u64> {
        let term = |word: &String| Term::from_field_text(index.fields.text, word);
        let held = words.iter().map(|word| index.searcher.doc_freq(&term(word)));
        Ok(held.collect::<tantivy::Result<Vec<_>>>()?.into_iter().min().unwrap_or(u64::MAX))
    };
    Ok(match expr {
        Expr::All | Expr::Not(_) => u64::MAX,
        Expr::Phrase(whole) => words(whole)?,
        Expr::Prefix(all) => match all.split_last() {
            Some((start, whole)) => words(whole)?.min(index.live_count_begun(start)?),
            None => u64::MAX,
        },
        Expr::And(all) => parts(all)?.into_iter().min().unwrap_or(u64::MAX),
        Expr::Or(any) => parts(any)?.into_iter().fold(0, u64::saturating_add),
    })
}

/// All documents of a kind that a column tells, none better than the other.
#[derive(Clone, Debug)]
struct EveryQuery(Kind);

impl Query for EveryQuery {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for EveryQuery {
    fn scorer(&self, segment: &SegmentReader, _: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let column = numbers(segment, self.0.column().unwrap_or_default())?;
        Ok(Box::new(Marked::of(segment, filled(&column).into_iter(), 0.0)))
    }

    fn explain(&self, _: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument(format!("the score of {doc} is not explained")))
    }
}

/// Counts of live documents.
struct Statistics<'a> {
    index: &'a Index,
    documents: u64,
}

impl Bm25StatisticsProvider for Statistics<'_> {
    fn total_num_tokens(&self, _: Field) -> tantivy::Result<u64> {
        Ok(self.documents * USUAL_WORDS)
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.documents)
    }

    /// Of a term for all words that begin alike about so many as hold one of them: fewer than hold each
    /// together, since some hold several, and never all, which would leave nothing to score.
    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        let value = term.value();
        match value.as_str().and_then(|word| word.strip_suffix(ANY_ENDING)) {
            Some(start) => {
                let (each, all) = (self.index.live_count_begun(start)?, self.documents);
                Ok((u128::from(each) * u128::from(all) / u128::from(each + all).max(1)) as u64)
            }
            None => self.index.live_count(term),
        }
    }
}

impl Index {
    /// How many live documents hold a term.
    pub(super) fn live_count(&self, term: &Term) -> tantivy::Result<u64> {
        let mut count = 0;
        for (_, segment) in self.segments() {
            if segment.has_deletes() {
                each_holding(segment, term, |_| count += 1)?;
            } else {
                count += u64::from(segment.inverted_index(term.field())?.doc_freq(term)?);
            }
        }
        Ok(count)
    }

    /// How many live passages hold words with a beginning: one that holds several counts for each.
    fn live_count_begun(&self, start: &str) -> tantivy::Result<u64> {
        let count = |_: u32, segment: &SegmentReader| {
            let (inverted, mut count) = (segment.inverted_index(self.fields.text)?, 0);
            each_ending(&inverted, start, |ending| {
                if segment.has_deletes() {
                    let with = IndexRecordOption::Basic;
                    let postings = inverted.read_postings_from_terminfo(ending, with)?;
                    each_live(segment, postings, |_| count += 1);
                } else {
                    count += u64::from(ending.doc_freq);
                }
                Ok(())
            })?;
            Ok(count)
        };
        let counted = || Ok(on_segments(&self.searcher, count)?.into_iter().sum());
        Ok(*self.begun.get_or::<TantivyError>(start.to_owned(), counted)?)
    }

    /// What scores of one kind of document are made of.
    fn statistics(&self, kind: Kind) -> tantivy::Result<Statistics<'_>> {
        // How rare a word is in quotes is told by the passages, where most quotes have their words.
        let documents = self.count_kind(if kind == Kind::Quote { Kind::Passage } else { kind })?;
        Ok(Statistics { index: self, documents: documents.max(1) })
    }

    /// A query made ready to be asked of segments.
    pub(super) fn weight(&self, query: &dyn Query, kind: Kind) -> tantivy::Result<Box<dyn Weight>> {
        let statistics = self.statistics(kind)?;
        query.weight(EnableScoring::enabled_from_statistics_provider(&statistics, &self.searcher))
    }
}

/// Calls `visit` with every live document of a segment that answers a query, and its score.
pub fn each_in(
    weight: &dyn Weight,
    segment: &SegmentReader,
    mut visit: impl FnMut(DocId, Score),
) -> tantivy::Result<()> {
    let alive = segment.alive_bitset();
    weight.for_each(segment, &mut |doc, score| {
        if alive.is_none_or(|alive| alive.is_alive(doc)) {
            visit(doc, score);
        }
    })
}

/// Does some work on every segment, side by side where there are documents enough.
pub fn on_segments<R: Send>(
    searcher: &Searcher,
    work: impl Fn(u32, &SegmentReader) -> tantivy::Result<R> + Sync,
) -> tantivy::Result<Vec<R>> {
    on_segments_if(true, searcher, work)
}

/// Does some work on every segment, side by side where it is `worth` threads and there are documents
/// enough.
pub fn on_segments_if<R: Send>(
    worth: bool,
    searcher: &Searcher,
    work: impl Fn(u32, &SegmentReader) -> tantivy::Result<R> + Sync,
) -> tantivy::Result<Vec<R>> {
    let documents = |segment: &SegmentReader| u64::from(segment.max_doc());
    let all: u64 = searcher.segment_readers().iter().map(documents).sum();
    side_by_side(worth && all >= WORTH_THREADS, searcher, work)
}

fn side_by_side<R: Send>(
    worth: bool,
    searcher: &Searcher,
    work: impl Fn(u32, &SegmentReader) -> tantivy::Result<R> + Sync,
) -> tantivy::Result<Vec<R>> {
    let segments = searcher.segment_readers();
    // Large ones first: nobody comes to one when all else is done, and works on while others wait.
    let mut order: Vec<usize> = (0..segments.len()).collect();
    order.sort_by_key(|&ord| Reverse(segments[ord].max_doc()));
    let mut found = each_piece(worth, segments.len(), |nth| {
        let ord = order[nth];
        (ord, work(ord as u32, &segments[ord]))
    });
    found.sort_unstable_by_key(|&(ord, _)| ord);
    found.into_iter().map(|(_, found)| found).collect()
}

#[cfg(test)]
mod tests {
    use tantivy::{IndexWriter, TantivyError};

    use super::side_by_side;
    use crate::index::doc::Doc;
    use crate::index::engine::tokenizers;
    use crate::index::schema::schema;

    #[test]
    fn threads_change_neither_results_nor_their_order() {
        for segments in 0..4u32 {
            let mut index = tantivy::Index::builder().schema(schema().0).create_in_ram().unwrap();
            index.set_tokenizers(tokenizers());
            let mut writer: IndexWriter<Doc> =
                index.writer_with_num_threads(1, 15_000_000).unwrap();
            writer.set_merge_policy(Box::new(tantivy::merge_policy::NoMergePolicy));
            for documents in 1..=segments {
                for _ in 0..documents {
                    writer.add_document(Doc::default()).unwrap();
                }
                writer.commit().unwrap();
            }
            let searcher = index.reader().unwrap().searcher();
            let sizes = |worth| {
                let size = |ord, segment: &tantivy::SegmentReader| Ok((ord, segment.max_doc()));
                side_by_side(worth, &searcher, size).unwrap()
            };
            assert_eq!(sizes(true).len(), segments as usize);
            assert_eq!(sizes(true), sizes(false));
            for failing in 0..segments {
                let fails = |ord, _: &_| match ord == failing {
                    true => Err(TantivyError::SystemError(format!("{ord} fails"))),
                    false => Ok(()),
                };
                let error = side_by_side(true, &searcher, fails).unwrap_err().to_string();
                assert!(error.contains(&format!("{failing} fails")), "{error}");
            }
        }
    }
}
