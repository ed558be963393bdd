//! Checking an index against itself: checksums of its files, passages against their identities,
//! articles against their passages, spans against the text. Whether the files it was built from
//! still look the same is not its business.

use std::path::Path;

use tantivy::{DocId, SegmentReader};

use super::documents::Documents;
use super::error::IndexError;
use super::places::{Place, Stand};
use super::plan::on_segments;
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
    ///
    /// # Errors
    /// When so much is damaged that nothing can be checked.
    pub fn verify(&self) -> Result<VerifyReport, IndexError> {
        let passages =
            on_segments(&self.searcher, |ord, segment| Ok(self.verify_passages(ord, segment)))?;
        let (mut report, mut known) = (VerifyReport::default(), Vec::new());
        for passages in passages {
            let (pids, part) = passages?;
            known.extend(pids);
            report.add(part);
        }
        known.sort_unstable();
        for twice in known.windows(2).filter(|pair| pair[0] == pair[1]) {
            report.fault(format!("passage {:016x} is stored twice", twice[0]));
        }
        known.dedup();
        let articles = on_segments(&self.searcher, |ord, segment| {
            Ok(self.verify_articles(ord, segment, &known))
        })?;
        let mut carried = vec![0; known.len() / 64 + 1];
        for articles in articles {
            let (bits, part) = articles?;
            carried.iter_mut().zip(bits).for_each(|(all, bits)| *all |= bits);
            report.add(part);
        }
        let lost =
            known.len() - carried.iter().map(|bits| bits.count_ones() as usize).sum::<usize>();
        if lost > 0 && !self.payload.sweep {
            report.fault(format!("{lost} passages are carried by no article"));
        }
        let quotes = self.count_kind(Kind::Quote)?;
        if quotes != report.quotes {
            let told = report.quotes;
            report.fault(format!("{quotes} quotes are indexed, the articles have {told}"));
        }
        Ok(report)
    }

    /// Every passage of a segment has the text its identity says. Gives back the identities.
    fn verify_passages(
        &self,
        ord: u32,
        segment: &SegmentReader,
    ) -> Result<(Vec<u64>, VerifyReport), IndexError> {
        let (mut report, mut found) = (VerifyReport::default(), Vec::new());
        let pids = numbers(segment, "pid")?;
        for doc in self.of_kind(segment, Kind::Passage)? {
            report.passages += 1;
            let pid = pids.first(doc).unwrap_or_default();
            found.push(pid);
            match self.text_at((ord, doc)) {
                Ok(text) if passage_key(&text) == pid => {}
                Ok(_) => report.fault(format!("passage {pid:016x} has another text")),
                Err(error) => report.fault(format!("passage {pid:016x}: {error}")),
            }
        }
        Ok((found, report))
    }

    /// The articles of a segment. Gives back which of the `known` passages they carry, as bits.
    fn verify_articles(
        &self,
        ord: u32,
        segment: &SegmentReader,
        known: &[u64],
    ) -> Result<(Vec<u64>, VerifyReport), IndexError> {
        let (mut report, mut carried) = (VerifyReport::default(), vec![0; known.len() / 64 + 1]);
        for doc in self.of_kind(segment, Kind::Article)? {
            report.articles += 1;
            let (mut missing, passages) = (None, self.layout(ord)?.distinct(doc));
            for pid in passages {
                match known.binary_search(&pid) {
                    Ok(rank) => carried[rank / 64] |= 1 << (rank % 64),
                    Err(_) => missing = missing.or(Some(pid)),
                }
            }
            match missing {
                Some(missing) => report.fault(format!("passage {missing:016x} is missing")),
                None => self.verify_article((ord, doc), &mut report)?,
            }
        }
        Ok((carried, report))
    }

    /// An article whose passages are all there.
    fn verify_article(&self, at: At, report: &mut VerifyReport) -> Result<(), IndexError> {
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
    /// Adds what was found in a part of the index.
    fn add(&mut self, part: VerifyReport) {
        self.articles += part.articles;
        self.passages += part.passages;
        self.quotes += part.quotes;
        part.faults.into_iter().for_each(|fault| self.fault(fault));
    }

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
