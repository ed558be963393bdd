//! Who and what is named, and how often.

use std::io;
use std::sync::Arc;

use rustc_hash::FxHashSet;
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, InvertedIndexReader, SegmentReader};

use super::super::among::{Bits, mark, no_bits};
use super::super::called::each_alike;
use super::super::error::IndexError;
use super::super::names::{NameQuery, key_and_name, speaker_kind};
use super::super::reader::Index;
use super::super::roster::Names as Roll;
use super::super::types::{Filters, NameList};
use super::merged::{Group, Names, each_group};
use super::stretches::Stretch;
use super::top::Top;
use super::{first_of, key_kind, line, listed};
use crate::article::{EntityKind, SpeakerKind};

/// The articles of a segment that name anybody, and which of them count.
struct Named<'a> {
    segment: &'a SegmentReader,
    inverted: Arc<InvertedIndexReader>,
    /// None where all do.
    chosen: Option<&'a [u64]>,
}

impl Named<'_> {
    fn counts_all(&self) -> bool {
        self.chosen.is_none() && !self.segment.has_deletes()
    }

    fn counts(&self, article: DocId) -> bool {
        self.chosen.is_none_or(|chosen| Bits(chosen).has(article))
            && !self.segment.is_deleted(article)
    }

    /// The names in a stretch.
    fn names(&self, stretch: &Stretch) -> tantivy::Result<Names<'_, TermInfo>> {
        let mut range = self.inverted.terms().range().ge(&stretch.from);
        if let Some(to) = &stretch.to {
            range = range.lt(to);
        }
        let mut names = range.into_stream()?;
        Ok(Box::new(move |value| {
            let (name, info) = names.next()?;
            value.clear();
            value.extend_from_slice(name);
            Some(info.clone())
        }))
    }

    /// These, which ascend.
    fn of_these(&self, names: Vec<String>) -> tantivy::Result<Names<'_, TermInfo>> {
        let with_info = |name: String| match self.inverted.terms().get(&name) {
            Ok(info) => info.map(|info| Ok((name.into_bytes(), info))),
            Err(error) => Some(Err(error)),
        };
        let found: io::Result<Vec<_>> = names.into_iter().filter_map(with_info).collect();
        Ok(listed(found?))
    }
}

/// Counts the articles of names: reads them from one segment or another.
struct Reading<'a> {
    segments: &'a [Named<'a>],
    postings: Vec<Option<BlockSegmentPostings>>,
}

impl<'a> Reading<'a> {
    fn new(segments: &'a [Named<'a>]) -> Self {
        Reading { segments, postings: segments.iter().map(|_| None).collect() }
    }

    /// Calls `visit` with each article that counts and how often it has a name, as long as that
    /// returns true.
    fn each(
        &mut self,
        segment: usize,
        info: &TermInfo,
        mut visit: impl FnMut(DocId, u32) -> bool,
    ) -> tantivy::Result<()> {
        let (named, held) = (&self.segments[segment], &mut self.postings[segment]);
        let postings = match held {
            Some(postings) => {
                named.inverted.reset_block_postings_from_terminfo(info, postings)?;
                postings
            }
            None => held.insert(
                named
                    .inverted
                    .read_block_postings_from_terminfo(info, IndexRecordOption::WithFreqs)?,
            ),
        };
        while postings.block_len() > 0 {
            for (&article, &times) in postings.docs().iter().zip(postings.freqs()) {
                if named.counts(article) && !visit(article, times) {
                    return Ok(());
                }
            }
            postings.advance();
        }
        Ok(())
    }

    /// Whether any article counts that has one of the names.
    fn any(&mut self, group: &Group<TermInfo>) -> tantivy::Result<bool> {
        if group.entries().iter().any(|&(segment, _)| self.segments[segment].counts_all()) {
            return Ok(true);
        }
        let mut found = false;
        for (segment, info) in group.entries() {
            self.each(*segment, info, |_, _| {
                found = true;
                false
            })?;
            if found {
                break;
            }
        }
        Ok(found)
    }

    /// Takes the names of an entity.
    fn take(&mut self, group: &Group<TermInfo>, top: &mut Top) -> tantivy::Result<()> {
        // None has more articles than its lists are long, which costs nothing to know.
        let most = group.entries().iter().map(|(_, info)| u64::from(info.doc_freq)).sum();
        if !top.wants(most) {
            if self.any(group)? {
                top.pass();
            }
            return Ok(());
        }
        let (mut known, mut count, mut names) = (FxHashSet::default(), 0, Vec::new());
        for (printed, entries) in group.names() {
            let mut articles = 0;
            for (segment, info) in entries {
                self.each(*segment, info, |article, times| {
                    articles += 1;
                    count += u64::from(times);
                    known.insert((*segment, article));
                    true
                })?;
            }
            names.push((printed, articles));
        }
        if !known.is_empty() {
            let articles = known.len() as u64;
            top.push([articles, count], line(group.key(), &names, articles, count));
        }
        Ok(())
    }
}

impl Index {
    /// Entities with their articles and mentions, most articles first: `most` of them, or all.
    /// Filters on quotes choose articles with such quotes.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn entities(
        &self,
        filters: &Filters,
        name: Option<&str>,
        kind: Option<EntityKind>,
        most: Option<usize>,
    ) -> Result<NameList, IndexError> {
        let (chosen, kind) = (self.chosen_articles(filters)?, kind.map(speaker_kind));
        let mut segments = Vec::new();
        for (ord, segment) in self.segments() {
            let inverted = segment.inverted_index(self.fields.entities)?;
            let chosen = chosen.as_ref().map(|chosen| chosen[ord as usize].as_slice());
            segments.push(Named { segment, inverted, chosen });
        }
        let take = |lists: Vec<Names<'_, TermInfo>>, top: &mut Top| {
            let mut reading = Reading::new(&segments);
            each_group(lists, |group| reading.take(group, top))
        };
        if let Some(name) = name {
            let mut lists = Vec::with_capacity(segments.len());
            for (named, (ord, segment)) in segments.iter().zip(self.segments()) {
                lists.push(named.of_these(self.entities_called(name, kind, ord, segment)?)?);
            }
            let mut top = Top::new(most);
            take(lists, &mut top)?;
            return Ok(top.into_list());
        }
        let largest = segments.iter().map(|named| named.inverted.terms());
        let Some(largest) = largest.max_by_key(|terms| terms.num_terms()) else {
            return Ok(NameList::default());
        };
        let at = |number, name: &mut Vec<u8>| largest.ord_to_term(number, name);
        let stretches = Stretch::of(kind).cut(largest.num_terms(), at)?;
        Ok(first_of(&stretches, most, |stretch, top| {
            let lists = segments.iter().map(|named| named.names(stretch));
            take(lists.collect::<tantivy::Result<_>>()?, top)
        })?)
    }

    /// The terms of a segment's entities that a name fits, in order.
    fn entities_called(
        &self,
        name: &str,
        kind: Option<SpeakerKind>,
        ord: u32,
        segment: &SegmentReader,
    ) -> tantivy::Result<Vec<String>> {
        let (query, mut found) = (NameQuery::new(name), Vec::new());
        let roster = self.rosters.get(ord, segment, Roll::Entities)?;
        let queries = std::slice::from_ref(&query);
        each_alike(segment, (self.fields.entities, roster), queries, |_, term| {
            let (key, name) = key_and_name(term);
            if (kind.is_none() || key_kind(key) == kind) && query.fit(key, &name).is_some() {
                found.push(term.to_owned());
            }
        })?;
        found.sort_unstable();
        Ok(found)
    }

    /// The articles of each segment that pass filters, as bits; `None` where all do.
    fn chosen_articles(&self, filters: &Filters) -> Result<Option<Vec<Vec<u64>>>, IndexError> {
        if filters.is_empty() {
            return Ok(None);
        }
        let open = |_: u32, segment: &SegmentReader| Ok(no_bits(segment.max_doc()));
        let mut chosen = self
            .on_articles(&filters.for_articles(), open, |chosen, article| mark(chosen, article))?;
        for meant in self.meant_by(&filters.mentions)? {
            let naming = self.naming(&meant)?;
            keep(&mut chosen, &naming);
        }
        if filters.wants_quotes() {
            keep(&mut chosen, &self.quoting_articles(filters)?);
        }
        Ok(Some(chosen))
    }

    /// The articles of each segment with quotes that pass filters, as bits.
    fn quoting_articles(&self, filters: &Filters) -> Result<Vec<Vec<u64>>, IndexError> {
        let filters = Filters { mentions: Vec::new(), ..filters.clone() };
        let open = |_: u32, segment: &SegmentReader| Ok(no_bits(segment.max_doc()));
        self.on_quotes(&filters, open, |quoting, answers| {
            answers.iter().for_each(|answer| mark(quoting, answer.quote.article));
        })
    }
}

/// Keeps those articles that are among others.
fn keep(chosen: &mut [Vec<u64>], others: &[Vec<u64>]) {
    for (chosen, others) in chosen.iter_mut().zip(others) {
        chosen.iter_mut().zip(others).for_each(|(chosen, others)| *chosen &= others);
    }
}
