//! Lists of names with exact counts. All names of an index are gone through in order, dictionary
//! beside dictionary, and only those are kept that will be shown.

mod merged;
mod top;

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use rustc_hash::FxHashSet;
use tantivy::columnar::StrColumn;
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, InvertedIndexReader, SegmentReader};

use super::among::{Bits, mark, no_bits};
use super::called::each_alike;
use super::error::IndexError;
use super::names::{
    NameQuery, key_and_name, key_and_printed, key_start, kind_of, speaker_kind, titled,
};
use super::query::Expr;
use super::reader::{At, Index};
use super::roster::Names as Roll;
use super::threads::{each_piece, threads};
use super::types::{Filters, NameCount, NameList};
use crate::article::{EntityKind, SpeakerKind};
use merged::{Group, Names, each_group};
use top::Top;

/// Names of a dictionary from which on a list is made by several threads, and in how many stretches
/// of the alphabet then.
const WORTH_THREADS: usize = 50_000;
const STRETCHES: usize = 16;

/// Quotes of a speaker and their articles.
#[derive(Clone, Copy, Default)]
struct Count {
    articles: u64,
    count: u64,
    /// The last article that was counted: the quotes of one stand together.
    last: Option<DocId>,
}

/// The counts of one segment by the numbers of its names.
struct Counts {
    speaker: Option<StrColumn>,
    by_number: Vec<Count>,
}

impl Counts {
    fn open(segment: &SegmentReader) -> tantivy::Result<Self> {
        let speaker = segment.fast_fields().str("speaker")?;
        let names = speaker.as_ref().map_or(0, |column| column.dictionary().num_terms());
        Ok(Counts { speaker, by_number: vec![Count::default(); names] })
    }

    fn add(&mut self, doc: DocId, article: DocId) {
        let number = self.speaker.as_ref().and_then(|column| column.ords().first(doc));
        let count = number.and_then(|number| self.by_number.get_mut(number as usize));
        let Some(count) = count else { return };
        count.count += 1;
        if count.last != Some(article) {
            count.last = Some(article);
            count.articles += 1;
        }
    }

    fn of(&self, number: u64) -> Option<Count> {
        self.by_number.get(number as usize).copied().filter(|count| count.count > 0)
    }

    /// The names that have a count, in a stretch.
    fn names(&self, stretch: &Stretch) -> tantivy::Result<Names<'_, Count>> {
        let Some(column) = &self.speaker else { return Ok(Box::new(|_| None)) };
        let mut range = column.dictionary().range().ge(&stretch.from);
        if let Some(to) = &stretch.to {
            range = range.lt(to);
        }
        let mut names = range.into_stream()?;
        Ok(Box::new(move |value| {
            while names.advance() {
                if let Some(count) = self.of(names.term_ord()) {
                    value.clear();
                    value.extend_from_slice(names.key());
                    return Some(count);
                }
            }
            None
        }))
    }

    /// Those of these numbers, which ascend.
    fn numbered(&self, numbers: &[u64]) -> tantivy::Result<Names<'_, Count>> {
        let (mut found, mut left) = (Vec::with_capacity(numbers.len()), numbers.iter());
        if let Some(column) = &self.speaker {
            column.dictionary().sorted_ords_to_term_cb(numbers, |value| {
                let count = left.next().and_then(|&number| self.of(number));
                found.extend(count.map(|count| (value.to_vec(), count)));
            })?;
        }
        Ok(listed(found))
    }
}

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

/// Names that were found beforehand.
fn listed<'a, E: 'a>(names: Vec<(Vec<u8>, E)>) -> Names<'a, E> {
    let mut names = names.into_iter();
    Box::new(move |value| {
        let (name, entry) = names.next()?;
        *value = name;
        Some(entry)
    })
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

/// Takes the names of a speaker.
fn take_speaker(group: &Group<Count>, top: &mut Top) {
    let of = |entries: &[(usize, Count)]| -> [u64; 2] {
        let counts = entries.iter().map(|(_, count)| count);
        counts.fold([0; 2], |[all, articles], one| [all + one.count, articles + one.articles])
    };
    let figures = of(group.entries());
    if top.wants(figures[0]) {
        let names: Vec<_> = group.names().map(|(name, entries)| (name, of(entries)[1])).collect();
        top.push(figures, line(group.key(), &names, figures[1], figures[0]));
    } else {
        top.pass();
    }
}

/// A line under the name that most articles print, the first of equals.
fn line(key: &str, names: &[(Option<&str>, u64)], articles: u64, count: u64) -> NameCount {
    let mut printed: BTreeMap<String, u64> = BTreeMap::new();
    for (name, articles) in names.iter().filter(|(_, articles)| *articles > 0) {
        let name = name.map_or_else(|| titled(key), str::to_owned);
        *printed.entry(name).or_default() += articles;
    }
    let most = printed.values().max().copied();
    let name = printed.into_iter().find(|(_, articles)| Some(*articles) == most);
    NameCount {
        name: name.map_or_else(|| key.to_owned(), |(name, _)| name),
        kind: key_kind(key).unwrap_or(SpeakerKind::Group),
        key: key.to_owned(),
        articles,
        count,
    }
}

/// A stretch of the alphabet: names from one on, to before another.
struct Stretch {
    from: String,
    to: Option<String>,
}

impl Stretch {
    /// All names with keys of a kind, or of all.
    fn of(kind: Option<SpeakerKind>) -> Stretch {
        let from = kind.map_or("", key_start).to_owned();
        // What follows ":" is ";".
        let to = from.strip_suffix(':').map(|kind| format!("{kind};"));
        Stretch { from, to }
    }

    /// Cuts it where names stand in a dictionary of so many; all with one key stay together.
    fn cut(
        self,
        names: usize,
        name_at: impl Fn(u64, &mut Vec<u8>) -> io::Result<bool>,
    ) -> io::Result<Vec<Stretch>> {
        let pieces = if names < WORTH_THREADS { 1 } else { STRETCHES };
        let (mut stretches, mut rest, mut name) = (Vec::with_capacity(pieces), self, Vec::new());
        for piece in 1..pieces {
            name_at((names * piece / pieces) as u64, &mut name)?;
            let cut = key_and_printed(std::str::from_utf8(&name).unwrap_or_default()).0.to_owned();
            if cut > rest.from && rest.to.as_ref().is_none_or(|to| cut < *to) {
                let from = std::mem::replace(&mut rest.from, cut.clone());
                stretches.push(Stretch { from, to: Some(cut) });
            }
        }
        stretches.push(rest);
        Ok(stretches)
    }
}

/// Goes through stretches side by side, with what `take` does with each, and puts together what
/// comes first in all of them.
fn first_of(
    stretches: &[Stretch],
    most: Option<usize>,
    take: impl Fn(&Stretch, &mut Top) -> tantivy::Result<()> + Sync,
) -> tantivy::Result<NameList> {
    let found = each_piece(threads(stretches.len() > 1), stretches.len(), |number| {
        let mut top = Top::new(most);
        take(&stretches[number], &mut top).map(|()| top)
    });
    let mut all = Top::new(most);
    for top in found {
        all.add(top?);
    }
    Ok(all.into_list())
}

impl Index {
    /// Speakers with their articles and quotes, most quotes first: `most` of them, or all.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn speakers(
        &self,
        filters: &Filters,
        name: Option<&str>,
        most: Option<usize>,
    ) -> Result<NameList, IndexError> {
        let open = |_: u32, segment: &SegmentReader| Counts::open(segment);
        let counts = self.on_quotes(&Expr::All, filters, open, |counts, quote, _, _| {
            counts.add(quote.doc, quote.article);
        })?;
        let take = |lists: Vec<Names<'_, Count>>, top: &mut Top| {
            each_group(lists, |group| {
                take_speaker(group, top);
                Ok(())
            })
        };
        if let Some(name) = name {
            let fits = self.speakers_meant(name);
            let mut lists = Vec::with_capacity(counts.len());
            for (counts, (_, segment)) in counts.iter().zip(self.segments()) {
                let fitting = (0..).zip(fits.of(segment)?).filter(|(_, fit)| fit.is_some());
                let numbers: Vec<u64> = fitting.map(|(number, _)| number).collect();
                lists.push(counts.numbered(&numbers)?);
            }
            let mut top = Top::new(most);
            take(lists, &mut top)?;
            return Ok(top.into_list());
        }
        let columns = counts.iter().filter_map(|counts| counts.speaker.as_ref());
        let largest = columns.map(StrColumn::dictionary).max_by_key(|names| names.num_terms());
        let Some(largest) = largest else { return Ok(NameList::default()) };
        let at = |number, name: &mut Vec<u8>| {
            name.clear();
            largest.ord_to_term(number, name)
        };
        let stretches = Stretch::of(None).cut(largest.num_terms(), at)?;
        Ok(first_of(&stretches, most, |stretch, top| {
            let lists = counts.iter().map(|counts| counts.names(stretch));
            take(lists.collect::<tantivy::Result<_>>()?, top)
        })?)
    }

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
        let named = |(ord, segment): (u32, &'_ SegmentReader)| {
            let inverted = segment.inverted_index(self.fields.entities)?;
            let chosen = chosen.as_ref().map(|chosen| chosen[ord as usize].as_slice());
            Ok(Named { segment: self.searcher.segment_reader(ord), inverted, chosen })
        };
        let segments: Vec<Named> = self.segments().map(named).collect::<tantivy::Result<_>>()?;
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
        for name in &filters.mentions {
            self.keep(&mut chosen, self.naming(name)?);
        }
        if filters.wants_quotes() {
            self.keep(&mut chosen, self.quoting_articles(filters)?);
        }
        Ok(Some(chosen))
    }

    /// Keeps those articles that are among others.
    fn keep(&self, chosen: &mut [Vec<u64>], others: impl IntoIterator<Item = At>) {
        let none = |(_, segment): (u32, &SegmentReader)| no_bits(segment.max_doc());
        let mut among: Vec<Vec<u64>> = self.segments().map(none).collect();
        others.into_iter().for_each(|(ord, article)| mark(&mut among[ord as usize], article));
        let words =
            chosen.iter_mut().zip(&among).flat_map(|(chosen, among)| chosen.iter_mut().zip(among));
        words.for_each(|(chosen, among)| *chosen &= among);
    }

    /// The articles with quotes that pass filters.
    fn quoting_articles(&self, filters: &Filters) -> Result<FxHashSet<At>, IndexError> {
        let filters = Filters { mentions: Vec::new(), ..filters.clone() };
        let open = |ord: u32, _: &SegmentReader| Ok((ord, FxHashSet::default()));
        let found = self.on_quotes(&Expr::All, &filters, open, |(ord, found), quote, _, _| {
            found.insert((*ord, quote.article));
        })?;
        Ok(found.into_iter().flat_map(|(_, found)| found).collect())
    }
}

fn key_kind(key: &str) -> Option<SpeakerKind> {
    kind_of(key.split_once(':')?.0)
}

#[cfg(test)]
mod tests {
    use super::{STRETCHES, SpeakerKind, Stretch, WORTH_THREADS};

    #[test]
    fn stretches_cover_all_names_and_part_none_of_one_key() {
        let kinds = ["organisation", "person", "person", "place"];
        let name = |number: usize| {
            // Three names a key: as the key tells it, and printed in two other ways.
            let key = format!("{}:n{:06}", kinds[number * kinds.len() / WORTH_THREADS], number / 3);
            ["", "\u{1f}N.", "\u{1f}N. N."].map(|printed| format!("{key}{printed}"))[number % 3]
                .clone()
        };
        let at = |number, to: &mut Vec<u8>| {
            *to = name(number as usize).into_bytes();
            Ok(true)
        };
        for kind in [None, Some(SpeakerKind::Person), Some(SpeakerKind::Group)] {
            let stretches = Stretch::of(kind).cut(WORTH_THREADS, at).unwrap();
            let all = Stretch::of(kind);
            assert_eq!(stretches[0].from, all.from);
            assert_eq!(stretches[stretches.len() - 1].to, all.to);
            for pair in stretches.windows(2) {
                let cut = pair[0].to.as_deref().unwrap();
                assert_eq!(cut, pair[1].from);
                assert!(pair[0].from < pair[1].from && !cut.contains('\u{1f}'), "{cut}");
            }
            let expected = match kind {
                None => STRETCHES,
                Some(SpeakerKind::Person) => STRETCHES / 2,
                Some(_) => 1,
            };
            assert!(stretches.len().abs_diff(expected) <= 1, "{kind:?}: {}", stretches.len());
        }
        assert_eq!(Stretch::of(None).cut(WORTH_THREADS - 1, at).unwrap().len(), 1);
    }
}
