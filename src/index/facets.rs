//! Lists of names with exact counts, and the figures of the whole index.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;
use tantivy::columnar::StrColumn;
use tantivy::postings::Postings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED};

use super::error::IndexError;
use super::names::{NameQuery, key_and_name, kind_of};
use super::places::Row;
use super::query::Expr;
use super::reader::{Index, numbers, signed};
use super::schema::Kind;
use super::types::{Filters, NameCount, Stats};
use crate::article::{EntityKind, QuoteKind, SpeakerKind};

/// What is counted under one key.
#[derive(Default)]
struct Tally {
    articles: u64,
    count: u64,
    /// Articles by the name they print.
    names: BTreeMap<String, u64>,
}

type Tallies = BTreeMap<String, Tally>;

/// The counts of one segment by the numbers of its names.
struct Counts {
    speaker: Option<StrColumn>,
    by_ord: Vec<Count>,
}

#[derive(Clone, Copy, Default)]
struct Count {
    articles: u64,
    count: u64,
    /// The last article that was counted: the quotes of one stand together.
    last: Option<DocId>,
}

impl Counts {
    fn open(segment: &SegmentReader) -> tantivy::Result<Self> {
        let speaker = segment.fast_fields().str("speaker")?;
        let names = speaker.as_ref().map_or(0, |column| column.dictionary().num_terms());
        let by_ord = vec![Count::default(); names];
        Ok(Counts { speaker, by_ord })
    }

    fn add(&mut self, doc: DocId, article: DocId) {
        let ord = self.speaker.as_ref().and_then(|column| column.ords().first(doc));
        let Some(count) = ord.and_then(|ord| self.by_ord.get_mut(ord as usize)) else { return };
        count.count += 1;
        if count.last != Some(article) {
            count.last = Some(article);
            count.articles += 1;
        }
    }

    fn add_to(self, tallies: &mut Tallies, wanted: Option<&NameQuery>) -> tantivy::Result<()> {
        let Some(column) = self.speaker else { return Ok(()) };
        let mut names = column.dictionary().stream()?;
        while names.advance() {
            let count = self.by_ord[names.term_ord() as usize];
            let value = std::str::from_utf8(names.key()).unwrap_or_default();
            let (key, name) = key_and_name(value);
            if count.count > 0 && wanted.is_none_or(|wanted| wanted.fit(key, &name).is_some()) {
                let tally = tallies.entry(key.to_owned()).or_default();
                tally.articles += count.articles;
                tally.count += count.count;
                *tally.names.entry(name.into_owned()).or_default() += count.articles;
            }
        }
        Ok(())
    }
}

impl Index {
    /// Speakers with their articles and quotes, most quotes first.
    pub fn speakers(
        &self,
        filters: &Filters,
        name: Option<&str>,
    ) -> Result<Vec<NameCount>, IndexError> {
        let wanted = name.map(NameQuery::new);
        let open = |_: u32, segment: &SegmentReader| Counts::open(segment);
        let segments = self.on_quotes(&Expr::All, filters, open, |counts, quote, _, _| {
            counts.add(quote.doc, quote.article);
        })?;
        let mut tallies = Tallies::new();
        for counts in segments {
            counts.add_to(&mut tallies, wanted.as_ref())?;
        }
        let mut list = listed(tallies);
        list.sort_by(|a, b| (b.count, b.articles, &a.key).cmp(&(a.count, a.articles, &b.key)));
        Ok(list)
    }

    /// Entities with their articles and mentions, most articles first. Filters on quotes choose
    /// articles with such quotes.
    pub fn entities(
        &self,
        filters: &Filters,
        name: Option<&str>,
        kind: Option<EntityKind>,
    ) -> Result<Vec<NameCount>, IndexError> {
        let wanted = name.map(NameQuery::new);
        let kind = kind.map(speaker_kind);
        let chosen = self.chosen_articles(filters)?;
        let takes = |key: &str, name: &str| {
            let kind_fits = kind.is_none() || key_kind(key) == kind;
            kind_fits && wanted.as_ref().is_none_or(|wanted| wanted.fit(key, name).is_some())
        };
        let mut tallies = Tallies::new();
        for (ord, segment) in self.segments() {
            let inverted = segment.inverted_index(self.fields.entities)?;
            let mut terms = inverted.terms().stream()?;
            let (mut of_key, mut last) = (FxHashSet::default(), String::new());
            while let Some((term, info)) = terms.next() {
                let value = std::str::from_utf8(term).unwrap_or_default();
                if wanted.as_ref().is_some_and(|wanted| !wanted.may_fit(value, true)) {
                    continue;
                }
                let (key, name) = key_and_name(value);
                if !takes(key, &name) {
                    continue;
                }
                if key != last {
                    of_key.clear();
                    last = key.to_owned();
                }
                let mut docs =
                    inverted.read_postings_from_terminfo(info, IndexRecordOption::WithFreqs)?;
                let (mut articles, mut new, mut count) = (0, 0, 0);
                while docs.doc() != TERMINATED {
                    let doc = docs.doc();
                    let chosen = chosen.as_ref().is_none_or(|chosen| chosen.contains(&(ord, doc)));
                    if chosen && !segment.is_deleted(doc) {
                        articles += 1;
                        new += u64::from(of_key.insert(doc));
                        count += u64::from(docs.term_freq());
                    }
                    docs.advance();
                }
                if articles > 0 {
                    let tally = tallies.entry(key.to_owned()).or_default();
                    tally.articles += new;
                    tally.count += count;
                    *tally.names.entry(name.into_owned()).or_default() += articles;
                }
            }
        }
        let mut list = listed(tallies);
        list.sort_by(|a, b| (b.articles, b.count, &a.key).cmp(&(a.articles, a.count, &b.key)));
        Ok(list)
    }

    /// The articles that pass filters; `None` where all do.
    fn chosen_articles(
        &self,
        filters: &Filters,
    ) -> Result<Option<FxHashSet<(u32, DocId)>>, IndexError> {
        if filters.is_empty() {
            return Ok(None);
        }
        let open = |ord: u32, _: &SegmentReader| Ok((ord, Vec::new()));
        let found = self.on_articles(&filters.for_articles(), open, |(ord, found), article| {
            found.push((*ord, article));
        })?;
        let mut chosen: FxHashSet<(u32, DocId)> =
            found.into_iter().flat_map(|(_, found)| found).collect();
        for name in &filters.mentions {
            let naming = self.naming(name)?;
            chosen.retain(|at| naming.contains(at));
        }
        if filters.wants_quotes() {
            let quoting = self.quoting_articles(filters)?;
            chosen.retain(|at| quoting.contains(at));
        }
        Ok(Some(chosen))
    }

    /// The articles with quotes that pass filters.
    fn quoting_articles(&self, filters: &Filters) -> Result<FxHashSet<(u32, DocId)>, IndexError> {
        let filters = Filters { mentions: Vec::new(), ..filters.clone() };
        let open = |ord: u32, _: &SegmentReader| Ok((ord, FxHashSet::default()));
        let found = self.on_quotes(&Expr::All, &filters, open, |(ord, found), quote, _, _| {
            found.insert((*ord, quote.article));
        })?;
        Ok(found.into_iter().flat_map(|(_, found)| found).collect())
    }

    /// Figures of the whole index.
    pub fn stats(&self) -> Result<Stats, IndexError> {
        let mut stats = Stats {
            files: self.count_kind(Kind::File)? + self.unnoted()?,
            passages: self.count_kind(Kind::Passage)?,
            speakers: self.speakers(&Filters::default(), None)?.len() as u64,
            entities: self.entities(&Filters::default(), None, None)?.len() as u64,
            segments: self.segment_count(),
            bytes: self.bytes()?,
            ..Stats::default()
        };
        let (mut outlets, mut dates) = (FxHashSet::default(), Vec::new());
        for (_, segment) in self.segments() {
            let (paragraphs, date) = (numbers(segment, "paragraphs")?, signed(segment, "date")?);
            let mut outlet = super::reader::TextColumn::open(segment, "outlet")?;
            for doc in self.of_kind(segment, Kind::Article)? {
                stats.articles += 1;
                stats.paragraphs += paragraphs.first(doc).unwrap_or_default();
                dates.extend(date.first(doc));
                if let Some(outlet) = outlet.get(doc)
                    && !outlets.contains(outlet)
                {
                    outlets.insert(outlet.to_owned());
                }
            }
            self.count_quotes(segment, &mut stats)?;
        }
        stats.outlets = outlets.len() as u64;
        stats.first = dates.iter().min().and_then(|&at| civil(at));
        stats.last = dates.iter().max().and_then(|&at| civil(at));
        Ok(stats)
    }

    /// How many segments it has.
    pub fn segment_count(&self) -> u64 {
        self.searcher.segment_readers().len() as u64
    }

    /// Bytes of its files.
    pub fn bytes(&self) -> Result<u64, IndexError> {
        Ok(self.searcher.space_usage()?.total().get_bytes())
    }

    fn count_quotes(&self, segment: &SegmentReader, stats: &mut Stats) -> tantivy::Result<()> {
        let rows = numbers(segment, "row")?;
        let speakers = segment.fast_fields().str("speaker")?;
        for doc in self.of_kind(segment, Kind::Quote)? {
            stats.quotes += 1;
            let known = speakers.as_ref().is_some_and(|column| column.ords().first(doc).is_some());
            stats.unknown += u64::from(!known);
            match rows.first(doc).map(|row| Row::unpack(row).kind) {
                Some(kind) if kind == QuoteKind::Direct as u64 => stats.direct += 1,
                Some(kind) if kind == QuoteKind::Mixed as u64 => stats.mixed += 1,
                _ => stats.indirect += 1,
            }
        }
        Ok(())
    }
}

/// The date of a number of seconds since 1970.
fn civil(seconds: i64) -> Option<jiff::civil::DateTime> {
    let at = jiff::Timestamp::from_second(seconds).ok()?;
    Some(jiff::tz::Offset::UTC.to_datetime(at))
}

fn key_kind(key: &str) -> Option<SpeakerKind> {
    kind_of(key.split_once(':')?.0)
}

fn speaker_kind(kind: EntityKind) -> SpeakerKind {
    match kind {
        EntityKind::Person => SpeakerKind::Person,
        EntityKind::Organisation => SpeakerKind::Organisation,
        EntityKind::Place => SpeakerKind::Place,
    }
}

/// Tallies as lines: each under the name that most articles print, the first of equals.
fn listed(tallies: Tallies) -> Vec<NameCount> {
    let line = |(key, tally): (String, Tally)| {
        let most = tally.names.values().max().copied();
        let name = tally.names.into_iter().find(|(_, articles)| Some(*articles) == most);
        NameCount {
            name: name.map_or_else(|| key.clone(), |(name, _)| name),
            kind: key_kind(&key).unwrap_or(SpeakerKind::Group),
            key,
            articles: tally.articles,
            count: tally.count,
        }
    };
    tallies.into_iter().map(line).collect()
}
