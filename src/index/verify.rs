//! Checking an index against itself: checksums of its files, passages against their identities,
//! articles against their passages, spans against the text. Whether the files it was built from
//! still look the same is not its business.

use std::path::Path;

use rustc_hash::FxHashSet;
use tantivy::DocId;

use super::documents::Documents;
use super::error::IndexError;
use super::places::{Place, Stand};
use super::reader::{At, Index, numbers};
use super::schema::Kind;
use super::types::{ArticleDocs, StoredArticle, VerifyReport};
use crate::article::{Annotation, Quote};
use crate::dedup::passage_key;
use crate::text::Span;

/// Faults listed in full; a broken disk can have millions.
const MOST_FAULTS: usize = 1000;

/// Checks the index in a folder. Faults are in the report; an error means that there is no index
/// to check. Files whose checksum is wrong are not read any further.
pub fn verify(dir: &Path, model: &str) -> Result<VerifyReport, IndexError> {
    let wrong = Index::wrong_checksums(dir, model)?;
    if wrong.is_empty() {
        return Index::open(dir, model)?.verify();
    }
    let faults = wrong.iter().map(|file| format!("checksum of {} is wrong", file.display()));
    Ok(VerifyReport { faults: faults.collect(), damaged: true, ..VerifyReport::default() })
}

impl Index {
    /// Checks everything but the checksums.
    pub fn verify(&self) -> Result<VerifyReport, IndexError> {
        let mut report = VerifyReport::default();
        let known = self.verify_passages(&mut report)?;
        let mut carried = FxHashSet::default();
        for (ord, segment) in self.segments() {
            for doc in self.of_kind(segment, Kind::Article)? {
                report.articles += 1;
                self.verify_article((ord, doc), &known, &mut carried, &mut report)?;
            }
        }
        let lost = known.difference(&carried).count();
        if lost > 0 && !self.payload.sweep {
            report.faults.push(format!("{lost} passages are carried by no article"));
        }
        let quotes = self.count_kind(Kind::Quote)?;
        if quotes != report.quotes {
            let told = report.quotes;
            report.faults.push(format!("{quotes} quotes are indexed, the articles have {told}"));
        }
        report.faults.truncate(MOST_FAULTS);
        Ok(report)
    }

    /// Every passage has the text its identity says, and stands once.
    fn verify_passages(&self, report: &mut VerifyReport) -> Result<FxHashSet<u64>, IndexError> {
        let mut known = FxHashSet::default();
        for (ord, segment) in self.segments() {
            let pids = numbers(segment, "pid")?;
            for doc in self.of_kind(segment, Kind::Passage)? {
                report.passages += 1;
                let pid = pids.first(doc).unwrap_or_default();
                if !known.insert(pid) {
                    report.fault(format!("passage {pid:016x} is stored twice"));
                }
                match self.text_at((ord, doc)) {
                    Ok(text) if passage_key(&text) == pid => {}
                    Ok(_) => report.fault(format!("passage {pid:016x} has another text")),
                    Err(error) => report.fault(format!("passage {pid:016x}: {error}")),
                }
            }
        }
        Ok(known)
    }

    fn verify_article(
        &self,
        at: At,
        known: &FxHashSet<u64>,
        carried: &mut FxHashSet<u64>,
        report: &mut VerifyReport,
    ) -> Result<(), IndexError> {
        let passages = self.layout(at.0)?.distinct(at.1);
        carried.extend(&passages);
        if let Some(missing) = passages.iter().find(|pid| !known.contains(pid)) {
            report.fault(format!("passage {missing:016x} is missing"));
            return Ok(());
        }
        let stored = match self.stored_article(at) {
            Ok(stored) => stored,
            Err(error) => {
                report.fault(error.to_string());
                return Ok(());
            }
        };
        let id = stored.article.id.clone();
        if let Some(span) = bad_span(&stored.annotation, &stored.article.text) {
            report.fault(format!("{id}: {span:?} lies outside its text"));
            return Ok(());
        }
        report.quotes += stored.annotation.quotes.len() as u64;
        self.verify_quotes(at, stored, report)
    }

    /// The quotes of an article stand behind it, in order, and their words can be found.
    fn verify_quotes(
        &self,
        at: At,
        stored: StoredArticle,
        report: &mut VerifyReport,
    ) -> Result<(), IndexError> {
        let StoredArticle { root, file, article, annotation, .. } = stored;
        let id = article.id.clone();
        let docs = ArticleDocs { root, file, record: 0, article, annotation };
        let expected = Documents::new(docs, &self.fields).quote_ids();
        let (layout, segment) = (self.layout(at.0)?, self.searcher.segment_reader(at.0));
        let ids = numbers(segment, "quote_id")?;
        let quotes = layout.quotes_of(at.1);
        let placed = |quote: DocId| layout.article_of(quote) == at.1 && !segment.is_deleted(quote);
        let found: Vec<u64> = quotes
            .clone()
            .filter(|&quote| placed(quote))
            .filter_map(|quote| ids.first(quote))
            .collect();
        if expected != found {
            report.fault(format!("{id}: its quotes are not those that are indexed"));
        }
        let foreign: Vec<u32> = layout.foreign(at.1).collect();
        let all = foreign.len() + layout.own_passages(at.1).len();
        for quote in quotes {
            // A quote without words of its own must have them in passages beside it.
            let lost =
                |place: Place| foreign.contains(&place.passage) || place.passage as usize >= all;
            let mut stands = layout.places(quote, layout.row(quote));
            let placed = match layout.stand(layout.row(quote)) {
                Stand::Apart(_) => true,
                Stand::Run(place) => !lost(place),
                Stand::Runs(_) => stands.next().is_some_and(|first| !lost(first)),
            };
            if !placed || stands.any(lost) {
                report.fault(format!("{id}: the words of a quote are not indexed"));
            }
        }
        Ok(())
    }
}

impl VerifyReport {
    fn fault(&mut self, fault: String) {
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(fault);
        }
    }
}

/// The first span of an annotation that is none of this text.
fn bad_span(annotation: &Annotation, text: &str) -> Option<Span> {
    let mentions = annotation.entities.iter().flat_map(|entity| &entity.mentions);
    let spans = mentions.map(|mention| mention.span);
    let mut spans = spans.chain(annotation.quotes.iter().flat_map(quote_spans));
    spans.find(|span| text.get(span.start()..span.end()).is_none())
}

fn quote_spans(quote: &Quote) -> impl Iterator<Item = Span> + '_ {
    let own = quote.content.iter().chain(&quote.cue).chain(&quote.source).chain(&quote.echoes);
    let inner = quote.inner.iter().flat_map(|inner| inner.source.iter().chain([&inner.content]));
    own.chain(inner).copied()
}
