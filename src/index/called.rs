//! Who is called by a name: the names in the dictionaries of an index that somebody means. Where a
//! segment has a list of their words, that is asked; where not, all names are gone through.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use tantivy::columnar::StrColumn;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED, Term};

use super::layout::Layout;
use super::marks::Marks;
use super::names::{Fit, NameQuery, key_and_name, number_of, text};
use super::per_segment::PerSegment;
use super::plan::on_segments;
use super::reader::Index;
use super::roster::{Names, Roster, Rosters};

/// Finds the quotes of a segment that fit a name.
pub trait FindQuotes: std::fmt::Debug + Send + Sync + 'static {
    /// Goes through a segment, whose number is given, for them: they ascend, deleted ones too.
    fn find(&self, ord: u32, segment: &SegmentReader) -> tantivy::Result<Vec<DocId>>;

    /// What is kept of them.
    fn found(&self) -> &FoundQuotes;

    /// The quotes, ascending, deleted ones too.
    fn quotes(&self, segment: &SegmentReader) -> tantivy::Result<Arc<Vec<DocId>>> {
        let find = |ord| Ok(Arc::new(self.find(ord, segment)?));
        Ok(Arc::clone(self.found().quotes.of(segment, find)?))
    }

    /// They as bits, and where they stand.
    fn marks(&self, segment: &SegmentReader, layout: &Layout) -> tantivy::Result<Arc<Marks>> {
        let make = |_| Ok(Arc::new(Marks::of(layout, &self.quotes(segment)?)));
        Ok(Arc::clone(self.found().marks.of(segment, make)?))
    }

    /// How many there are, once they were found in all segments.
    fn count(&self) -> Option<u64> {
        Some(self.found().quotes.all()?.iter().map(|quotes| quotes.len() as u64).sum())
    }

    /// Whether they are worth more work than one search takes: who asks for a name twice, with
    /// different words, asks more often.
    fn again(&self) -> bool {
        self.found().asked.swap(true, Relaxed)
    }
}

/// The quotes that fit a name, once they were found.
#[derive(Debug)]
pub struct FoundQuotes {
    quotes: PerSegment<Arc<Vec<DocId>>>,
    marks: PerSegment<Arc<Marks>>,
    /// Whether anybody asked for them before.
    asked: AtomicBool,
}

impl FoundQuotes {
    fn new(segments: &[SegmentReader]) -> FoundQuotes {
        let (quotes, marks) = (PerSegment::new(segments), PerSegment::new(segments));
        FoundQuotes { quotes, marks, asked: AtomicBool::new(false) }
    }
}

/// The entities that are meant by a name.
#[derive(Debug)]
pub struct Meant {
    /// Their terms, in each segment those that it has: all of them are too many to look for in each.
    terms: Vec<Vec<String>>,
    mentions: Field,
    found: FoundQuotes,
}

impl Meant {
    /// Their terms in a segment, whose number is given.
    pub fn terms(&self, ord: u32) -> &[String] {
        self.terms.get(ord as usize).map_or(&[], Vec::as_slice)
    }
}

impl FindQuotes for Meant {
    fn find(&self, ord: u32, segment: &SegmentReader) -> tantivy::Result<Vec<DocId>> {
        let (inverted, mut found) = (segment.inverted_index(self.mentions)?, Vec::new());
        // What quotes mention, their articles name.
        let mut numbers: Vec<u64> = self.terms(ord).iter().map(|term| number_of(term)).collect();
        numbers.sort_unstable();
        for number in numbers {
            let term = Term::from_field_u64(self.mentions, number);
            let postings = inverted.read_postings(&term, IndexRecordOption::Basic)?;
            let Some(mut postings) = postings else { continue };
            while postings.doc() != TERMINATED {
                found.push(postings.doc());
                postings.advance();
            }
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    fn found(&self) -> &FoundQuotes {
        &self.found
    }
}

/// How well the speakers of each segment fit, by their numbers; worked out when first asked for.
#[derive(Debug)]
pub struct Fits {
    wanted: NameQuery,
    rosters: Rosters,
    fits: PerSegment<Vec<Option<Fit>>>,
    found: FoundQuotes,
}

impl FindQuotes for Fits {
    fn find(&self, _: u32, segment: &SegmentReader) -> tantivy::Result<Vec<DocId>> {
        let (fits, mut found) = (self.of(segment)?, Vec::new());
        if fits.iter().any(Option::is_some)
            && let Some(column) = segment.fast_fields().str("speaker")?
        {
            let fitting = |name: u64| fits.get(name as usize).is_some_and(Option::is_some);
            let rows = (0..).zip(column.ords().values.iter());
            found.extend(rows.filter(|&(_, name)| fitting(name)).map(|(row, _)| row));
            column.ords().index.select_batch_in_place(0, &mut found);
        }
        Ok(found)
    }

    fn found(&self) -> &FoundQuotes {
        &self.found
    }
}

impl Fits {
    /// Of whoever is meant by a name or key.
    fn new(index: &Index, wanted: &str) -> Fits {
        let segments = index.searcher.segment_readers();
        let (wanted, rosters) = (NameQuery::new(wanted), index.rosters.clone());
        Fits { wanted, rosters, fits: PerSegment::new(segments), found: FoundQuotes::new(segments) }
    }

    /// Those of a segment.
    pub fn of(&self, segment: &SegmentReader) -> tantivy::Result<&[Option<Fit>]> {
        let fits = self.fits.of(segment, |ord| match segment.fast_fields().str("speaker")? {
            Some(speakers) => {
                self.among(&speakers, self.rosters.get(ord, segment, Names::Speakers)?)
            }
            None => Ok(Vec::new()),
        })?;
        Ok(fits)
    }

    fn among(
        &self,
        speakers: &StrColumn,
        roster: Option<&Roster>,
    ) -> tantivy::Result<Vec<Option<Fit>>> {
        let (mut fits, names) = (vec![None; speakers.num_terms()], speakers.dictionary());
        let fit = |value: &[u8]| {
            let (key, name) = key_and_name(text(value));
            self.wanted.fit(key, &name)
        };
        if let Some(key) = self.wanted.key() {
            let mut begun = names.prefix_range(key).into_stream()?;
            while begun.advance() {
                if let Some(number) = names.term_ord(begun.key())? {
                    fits[number as usize] = fit(begun.key());
                }
            }
        } else if let Some(roster) = roster {
            let alike = roster.alike(&self.wanted)?;
            let mut numbers = alike.iter();
            names.sorted_ords_to_term_cb(&alike, |value| {
                let number = numbers.next().map(|&number| number as usize);
                if let Some(slot) = number.and_then(|number| fits.get_mut(number)) {
                    *slot = fit(value);
                }
            })?;
        } else {
            let mut all = names.stream()?;
            for slot in &mut fits {
                if all.advance() && self.wanted.may_fit(text(all.key()), true) {
                    *slot = fit(all.key());
                }
            }
        }
        Ok(fits)
    }
}

impl Index {
    /// How well the speakers fit whoever is meant by a name or key.
    pub(super) fn speakers_meant(&self, typed: &str) -> Arc<Fits> {
        let known = self.speakers.get(typed);
        known.unwrap_or_else(|| self.speakers.keep(typed.to_owned(), Fits::new(self, typed)))
    }

    /// The entities that are meant by each of several names: a full name, a surname or a key; if
    /// nobody is called so, those that are called nearly so.
    pub(super) fn meant_by(&self, typed: &[String]) -> tantivy::Result<Vec<Arc<Meant>>> {
        let known: Vec<_> = typed.iter().map(|name| self.meant.get(name)).collect();
        let asked = typed.iter().zip(&known).filter(|(_, known)| known.is_none());
        let unknown: Vec<&String> = asked.map(|(name, _)| name).collect();
        let found = self.terms_called(&unknown)?;
        let named = unknown.into_iter().cloned().zip(found);
        let mut fresh = named.map(|(name, terms)| {
            let found = FoundQuotes::new(self.searcher.segment_readers());
            self.meant.keep(name, Meant { terms, mentions: self.fields.mentions, found })
        });
        Ok(known.into_iter().filter_map(|known| known.or_else(|| fresh.next())).collect())
    }

    /// Looks for the terms that are meant by names, of each in every segment. To go through all terms takes
    /// longest: it is done once.
    fn terms_called(&self, typed: &[&String]) -> tantivy::Result<Vec<Vec<Vec<String>>>> {
        if typed.is_empty() {
            return Ok(Vec::new());
        }
        let queries: Vec<NameQuery> = typed.iter().map(|name| NameQuery::new(name)).collect();
        let mut found = on_segments(&self.searcher, |ord, segment| {
            let roster = self.rosters.get(ord, segment, Names::Entities)?;
            called(segment, (self.fields.entities, roster), &queries)
        })?;
        let of_name = |number: usize| {
            let here = found.iter_mut().map(|found| std::mem::take(&mut found[number]));
            meant(here.collect())
        };
        Ok((0..queries.len()).map(of_name).collect())
    }
}

/// Terms that are called by a name.
#[derive(Clone, Default)]
struct Called {
    exactly: Vec<String>,
    /// Those that are but nearly.
    nearly: Vec<String>,
}

/// The terms of a segment that are called by each of some names.
fn called(
    segment: &SegmentReader,
    entities: (Field, Option<&Roster>),
    queries: &[NameQuery],
) -> tantivy::Result<Vec<Called>> {
    let mut found = vec![Called::default(); queries.len()];
    each_alike(segment, entities, queries, |number, term| {
        let (query, found) = (&queries[number], &mut found[number]);
        let (key, name) = key_and_name(term);
        if query.may_fit(term, false) && query.means(key, &name) {
            found.exactly.push(term.to_owned());
        } else if found.exactly.is_empty() && query.nearly(key, &name) {
            found.nearly.push(term.to_owned());
        }
    })?;
    Ok(found)
}

/// Those terms in some segments that are meant; where there are none, those that nearly are.
fn meant(found: Vec<Called>) -> Vec<Vec<String>> {
    let exactly = found.iter().any(|found| !found.exactly.is_empty());
    found.into_iter().map(|found| if exactly { found.exactly } else { found.nearly }).collect()
}

/// Calls `found` with the terms of a segment that may be meant by names, and the number of the name.
pub(super) fn each_alike(
    segment: &SegmentReader,
    (entities, roster): (Field, Option<&Roster>),
    queries: &[NameQuery],
    mut found: impl FnMut(usize, &str),
) -> tantivy::Result<()> {
    let inverted = segment.inverted_index(entities)?;
    let (terms, mut term, mut unlisted) = (inverted.terms(), Vec::new(), Vec::new());
    for (number, query) in queries.iter().enumerate() {
        if let Some(key) = query.key() {
            let mut begun = terms.range().ge(key).into_stream()?;
            while begun.advance() && begun.key().starts_with(key.as_bytes()) {
                found(number, text(begun.key()));
            }
        } else if let Some(roster) = roster {
            let sound = |ord: &u64| *ord < terms.num_terms() as u64;
            for ord in roster.alike(query)?.into_iter().filter(sound) {
                terms.ord_to_term(ord, &mut term)?;
                found(number, text(&term));
            }
        } else {
            unlisted.push((number, query));
        }
    }
    if unlisted.is_empty() {
        return Ok(());
    }
    let mut all = terms.stream()?;
    while all.advance() {
        let term = text(all.key());
        for &(number, _) in unlisted.iter().filter(|(_, query)| query.may_fit(term, true)) {
            found(number, term);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tantivy::{IndexWriter, Searcher};

    use super::{Fit, Fits, FoundQuotes, NameQuery, Names, Roster, Rosters, called, meant};
    use crate::index::doc::{Doc, Placed};
    use crate::index::engine::tokenizers;
    use crate::index::per_segment::PerSegment;
    use crate::index::roster::RosterPlugin;
    use crate::index::schema::{Fields, schema};

    const FIRST: [&str; 5] = ["Donald", "John Q.", "María", "Élodie", "Ann-Marie"];
    const LAST: [&str; 7] =
        ["Trump", "Trumpf", "O’Brien", "de la Cruz", "Zelenskyy", "Smith Smith", "Erdoğan"];
    const OTHERS: [&str; 5] = [
        "organisation:nato\u{1f}NATO",
        "organisation:s&p",
        "place:zürich",
        "group:residents\u{1f}residents",
        "organisation:trump organization",
    ];

    /// An index of one segment in memory; with a list of its names where there are `least` of them.
    fn searcher(values: &[String], least: usize) -> (Searcher, Fields) {
        let (schema, fields) = schema();
        let builder = tantivy::Index::builder().schema(schema);
        let builder = builder.register_plugin(Arc::new(RosterPlugin { fields, least }));
        let mut index = builder.create_in_ram().unwrap();
        index.set_tokenizers(tokenizers());
        let mut writer: IndexWriter<Doc> = index.writer_with_num_threads(1, 15_000_000).unwrap();
        for value in values {
            let (mut quote, mut article) = (Doc::default(), Doc::default());
            quote.text(fields.speaker, value.as_str());
            let mut named = Placed::default();
            named.add(value, [0]);
            article.placed(fields.entities, named);
            writer.add_document(quote).unwrap();
            writer.add_document(article).unwrap();
        }
        writer.commit().unwrap();
        (index.reader().unwrap().searcher(), fields)
    }

    /// The terms that are meant, and how well the speakers fit.
    fn meant_and_fits(
        (searcher, fields): &(Searcher, Fields),
        typed: &str,
    ) -> (Vec<String>, Vec<Option<Fit>>) {
        let segment = searcher.segment_reader(0);
        let query = NameQuery::new(typed);
        let roster = |names| Roster::open(segment, names).unwrap();
        let entities = roster(Names::Entities);
        let asked = (fields.entities, entities.as_ref());
        let found = called(segment, asked, std::slice::from_ref(&query)).unwrap();
        let mut terms = meant(found).concat();
        terms.sort();
        let rosters = Rosters::new(0, fields.entities);
        let (fits, found) = (PerSegment::new(&[]), FoundQuotes::new(&[]));
        let fits = Fits { wanted: query, rosters, fits, found };
        let speakers = segment.fast_fields().str("speaker").unwrap().unwrap();
        (terms, fits.among(&speakers, roster(Names::Speakers).as_ref()).unwrap())
    }

    #[test]
    fn a_list_of_words_finds_what_going_through_all_names_finds() {
        let person = |first: &str, last: &str| {
            let name = format!("{first} {last}");
            format!("person:{}\u{1f}{name}", name.to_lowercase())
        };
        let named = FIRST.iter().flat_map(|first| LAST.map(|last| person(first, last)));
        let values: Vec<String> = named.chain(OTHERS.map(str::to_owned)).collect();
        let (listed, unlisted) = (searcher(&values, 0), searcher(&values, usize::MAX));
        let open = |of: &(Searcher, Fields), names| {
            Roster::open(of.0.segment_reader(0), names).unwrap().is_some()
        };
        for names in [Names::Speakers, Names::Entities] {
            assert!(open(&listed, names) && !open(&unlisted, names));
        }
        let made = Rosters::new(1, unlisted.1.entities);
        let ask = || made.get(0, unlisted.0.segment_reader(0), Names::Speakers).unwrap();
        let trump = NameQuery::new("trump");
        assert!(ask().is_none());
        let stored = Roster::open(listed.0.segment_reader(0), Names::Speakers).unwrap().unwrap();
        assert_eq!(ask().unwrap().alike(&trump).unwrap(), stored.alike(&trump).unwrap());
        // With how many terms are meant, and how many speakers fit.
        let cases = [
            ("trump", 5, 11),
            ("Donald Trump", 1, 2),
            ("donald", 7, 7),
            ("zelensky", 5, 5),
            ("o'brien", 5, 5),
            ("cruz", 5, 5),
            ("Ann Marie Smith", 1, 1),
            ("smith smith", 5, 5),
            ("erdogan", 5, 5),
            ("NATO", 1, 1),
            ("S&P", 1, 1),
            ("Zürich", 1, 1),
            ("zurich", 1, 1),
            ("residents", 1, 1),
            ("organisation:trump organization", 1, 1),
            ("person:john q. trump", 1, 1),
            ("person:nobody", 0, 0),
            ("nobody", 0, 0),
            ("…", 0, 0),
        ];
        for (typed, terms, speakers) in cases {
            let (by_list, by_all) =
                (meant_and_fits(&listed, typed), meant_and_fits(&unlisted, typed));
            assert_eq!(by_list, by_all, "{typed}");
            let fitting = by_list.1.iter().flatten().count();
            assert_eq!((by_list.0.len(), fitting), (terms, speakers), "{typed}");
        }
    }
}
