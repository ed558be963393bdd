//! How an article lies in its segment: itself, its quotes, then those of its passages that it was
//! the first to bring. Documents of one article are written together, merging keeps their order,
//! and they go together; so what belongs to an article is found by counting.
//!
//! A passage that another article brought first is foreign to it. The distinct passages of an
//! article are numbered as they first come in the text: its own follow each other in that order,
//! of the foreign ones number and identity are told.

mod beside;
mod cursors;
mod layouts;
mod starts;

use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocId, SegmentReader};

use super::codec::Said;
use super::names::key_and_name;
use super::often::Often;
use super::places::{Place, Row, Stand};
use super::reader::{numbers, signed};
use super::recent::Recent;
use super::seams::{Parted, parted};
use super::spots::Spots;
use super::texts::Texts;
use starts::{Starts, sums};

pub use beside::Beside;
pub use cursors::{Articles, QuoteCursor, StandCursor, Stands};
pub use layouts::Layouts;
pub use starts::filled;

/// Documents that are gone through in the time in which a column is asked what it has of one.
const ASKING: u64 = 4;

/// Documents for which it is told how many articles are before them. Few are among them, and who looks
/// for one wants it itself.
const STRIDE: DocId = 32;

/// Seconds since 1970 that no article is dated.
const NO_DATE: i64 = i64::MIN;

/// Speakers of a segment that are kept: those of the hits of some pages.
const KEPT_SPEAKERS: NonZeroUsize = NonZeroUsize::new(256).expect("not zero");

/// The columns of a segment that say what belongs to what.
pub struct Layout {
    /// How many documents there are, deleted ones too.
    documents: DocId,
    /// The articles, deleted ones too, and behind them one that begins where all ends.
    articles: Vec<Lying>,
    /// For every `STRIDE` documents, how many articles are before them; behind it, how many there are.
    before: Vec<u32>,
    /// Where the numbers of the foreign passages of each begin, and behind them how many there are.
    foreign_rows: Vec<u32>,
    own: Column<u64>,
    foreign: Column<u64>,
    passages: Column<u64>,
    pid: Column<u64>,
    row: Column<u64>,
    parts: Column<u64>,
    /// Where the parts of each quote begin.
    part_rows: Often<Starts>,
    /// Where all quotes stand.
    spots: Often<Arc<Spots>>,
    touches: Column<u64>,
    outlet: Texts,
    author: Texts,
    speaker: Option<StrColumn>,
    /// Speakers by their numbers: to find one in the dictionary is to unpack a block of it.
    speakers: Recent<u64, String>,
    parted: OnceLock<Vec<Parted>>,
}

/// Where an article lies, and its date: together in sixteen bytes, since what a search costs is to
/// fetch them.
#[derive(Clone, Copy)]
struct Lying {
    /// Its document.
    doc: DocId,
    /// The row of its first quote.
    first_row: u32,
    /// Seconds since 1970, or `NO_DATE`.
    date: i64,
}

/// A quote, where it stands in its segment.
#[derive(Clone, Copy, Debug)]
pub struct QuoteAt {
    /// Its document.
    pub doc: DocId,
    /// The article it is of.
    pub article: DocId,
    /// Number of that among all articles.
    pub nth: usize,
    /// Its number among the quotes of the segment: every column that all quotes have a value in has
    /// it under this number.
    pub row: u32,
}

/// The quotes of an article.
#[derive(Clone, Debug, Default)]
pub struct Quotes {
    /// Their documents.
    pub docs: Range<DocId>,
    /// The row of the first of them.
    pub row: u32,
}

/// How many articles are before each `STRIDE` of so many documents; behind it, how many there are.
fn counts_before(documents: DocId, articles: &[DocId]) -> Vec<u32> {
    let mut before = 0;
    let strides = (0..documents).step_by(STRIDE as usize).chain([documents]);
    let mut counts = Vec::with_capacity((documents / STRIDE) as usize + 2);
    counts.extend(strides.map(|first| {
        before += articles[before..].iter().take_while(|&&article| article < first).count();
        before as u32
    }));
    counts
}

/// Where the articles of a segment lie, of which documents and numbers of quotes are given.
fn lying(
    segment: &SegmentReader,
    articles: &[DocId],
    quotes: &Column<u64>,
) -> tantivy::Result<Vec<Lying>> {
    let dates = signed(segment, "date")?;
    let mut dated = filled(&dates).into_iter().zip(dates.values.iter()).peekable();
    let mut date_of = |doc: DocId| {
        while dated.next_if(|&(other, _)| other < doc).is_some() {}
        dated.next_if(|&(other, _)| other == doc).map_or(NO_DATE, |(_, date)| date)
    };
    let docs = articles.iter().copied().chain([segment.max_doc()]);
    let lying = |(doc, first_row)| Lying { doc, first_row, date: date_of(doc) };
    Ok(docs.zip(sums(quotes)).map(lying).collect())
}

impl Layout {
    /// Opens the columns of a segment.
    pub fn open(segment: &SegmentReader) -> tantivy::Result<Layout> {
        let (quotes, foreign) = (numbers(segment, "quotes")?, numbers(segment, "foreign")?);
        let articles = filled(&quotes);
        Ok(Layout {
            documents: segment.max_doc(),
            before: counts_before(segment.max_doc(), &articles),
            foreign_rows: Starts::of(&foreign).dense(&articles),
            articles: lying(segment, &articles, &quotes)?,
            own: numbers(segment, "own")?,
            foreign,
            passages: numbers(segment, "passages")?,
            pid: numbers(segment, "pid")?,
            row: numbers(segment, "row")?,
            parts: numbers(segment, "parts")?,
            part_rows: Often::new(),
            spots: Often::new(),
            touches: numbers(segment, "touches")?,
            outlet: Texts::open(segment, "outlet")?,
            author: Texts::open(segment, "author")?,
            speaker: segment.fast_fields().str("speaker")?,
            speakers: Recent::new(KEPT_SPEAKERS),
            parted: OnceLock::new(),
        })
    }

    /// How many documents there are, deleted ones too.
    pub fn documents(&self) -> DocId {
        self.documents
    }

    /// The article of a quote or of a passage that it was the first to bring: the last before it.
    pub fn article_of(&self, doc: DocId) -> DocId {
        self.nth_before(doc).map_or(0, |nth| self.articles[nth].doc)
    }

    /// Number of an article among all.
    pub fn nth_of(&self, article: DocId) -> Option<usize> {
        let nth = self.before(article);
        (self.article(nth) == Some(article)).then_some(nth)
    }

    /// Number of the last article before a document.
    fn nth_before(&self, doc: DocId) -> Option<usize> {
        self.before(doc).checked_sub(1)
    }

    /// How many articles are before a document.
    fn before(&self, doc: DocId) -> usize {
        let doc = doc.min(self.documents);
        let mut nth = self.before[(doc / STRIDE) as usize] as usize;
        // Whether there is one in between cannot be guessed; that there are more is rare.
        nth += usize::from(self.articles[nth].doc < doc);
        while self.articles[nth].doc < doc {
            nth += 1;
        }
        nth
    }

    /// Number of the last article before a document, of one that is known to be before it or the
    /// first, and those behind it.
    pub fn nth_from(&self, known: usize, doc: DocId) -> usize {
        self.nth_before(doc).unwrap_or(0).max(known)
    }

    /// Number of a quote in the annotation of its article.
    pub fn nth(&self, quote: DocId) -> usize {
        quote.saturating_sub(self.article_of(quote) + 1) as usize
    }

    /// What the columns say of a quote of an article.
    pub fn said(&self, article: DocId, nth: usize) -> Said {
        let quote = article.saturating_add(1).saturating_add(nth as DocId);
        let by = self.speaker(quote).map(|value| {
            let (key, name) = key_and_name(&value);
            (key.to_owned(), name.into_owned())
        });
        let row = self.row.first(quote).map(Row::unpack);
        Said { by, confidence: row.map_or(0, |row| row.confidence) }
    }

    /// What the column has of the speaker of a quote.
    fn speaker(&self, quote: DocId) -> Option<Arc<String>> {
        let column = self.speaker.as_ref()?;
        let number = column.ords().first(quote)?;
        self.speakers.get(&number).or_else(|| {
            let mut value = String::new();
            column.ord_to_str(number, &mut value).ok()?;
            Some(self.speakers.keep(number, value))
        })
    }

    /// How many articles there are, deleted ones too.
    pub fn count(&self) -> usize {
        self.articles.len() - 1
    }

    /// All articles with their numbers, deleted ones too.
    pub fn articles(&self) -> impl Iterator<Item = (usize, DocId)> + '_ {
        self.articles[..self.count()].iter().map(|article| article.doc).enumerate()
    }

    /// The article of a number, deleted ones too.
    pub fn article(&self, nth: usize) -> Option<DocId> {
        (nth < self.count()).then(|| self.articles[nth].doc)
    }

    /// Seconds since 1970 of an article.
    pub fn date_of(&self, article: DocId) -> Option<i64> {
        self.date(self.nth_of(article)?)
    }

    /// The same of an article whose number among all articles is given.
    pub fn date(&self, nth: usize) -> Option<i64> {
        Some(self.articles.get(nth)?.date).filter(|&date| date != NO_DATE)
    }

    /// The outlets of articles.
    pub fn outlets(&self) -> &Texts {
        &self.outlet
    }

    /// The authors of articles.
    pub fn authors(&self) -> &Texts {
        &self.author
    }

    /// Where the vault has an article.
    pub fn article_row(&self, article: DocId) -> Option<u32> {
        self.nth_of(article).map(|row| row as u32)
    }

    /// Where the vault has the text of a passage.
    pub fn passage_row(&self, passage: DocId) -> Option<u32> {
        let rows = self.pid.index.value_row_ids(passage);
        (!rows.is_empty()).then_some(rows.start)
    }

    /// How many quotes there are, deleted ones too.
    pub fn quotes(&self) -> usize {
        self.row.values.num_vals() as usize
    }

    /// Number of a quote among the quotes of the segment.
    pub fn row(&self, quote: DocId) -> u32 {
        self.row.index.value_row_ids(quote).start
    }

    /// How many words a quote has.
    pub fn words(&self, row: u32) -> u32 {
        match self.stand(row) {
            Stand::Run(place) => place.length,
            Stand::Runs(words) | Stand::Apart(words) => words,
        }
    }

    /// Where the words of a quote stand.
    pub fn stand(&self, row: u32) -> Stand {
        Row::unpack(self.row.values.get_val(row)).stand
    }

    /// What the column has of so many quotes that follow each other.
    pub fn rows(&self, first: u32, count: usize, rows: &mut Vec<u64>) {
        let all = self.row.values.num_vals().saturating_sub(first) as usize;
        rows.clear();
        rows.resize(count.min(all), 0);
        self.row.values.get_range(u64::from(first), rows);
    }

    /// The places of a quote that stands in several, looked for from a place on that is left where it is
    /// found: quotes must ascend.
    pub fn parts_from(
        &self,
        place: &mut usize,
        quote: DocId,
    ) -> impl Iterator<Item = Place> + use<'_> {
        // To work out where they begin takes as long as to ask the column some times less often.
        let worth = u64::from(self.parts.values.num_vals()) / ASKING;
        let rows = match self.part_rows.get(worth, || Starts::of(&self.parts)) {
            Some(starts) => starts.rows(place, quote),
            None => {
                self.part_rows.miss();
                self.parts.index.value_row_ids(quote)
            }
        };
        rows.filter_map(|row| Place::unpack(self.parts.values.get_val(row)))
    }

    /// Where all quotes stand, once as many articles were looked into as there are: eight bytes for each
    /// run of words in a quote, four for each passage with any.
    pub fn spots(self: &Arc<Self>) -> Option<Arc<Spots>> {
        let worth = self.count() as u64;
        self.spots.get(worth, || Arc::new(Spots::of(self))).cloned()
    }

    /// Counts an article whose spots had to be worked out.
    pub fn miss_spots(&self) {
        self.spots.miss();
    }

    /// All places of a quote, whose row is given.
    pub fn places(&self, quote: DocId, row: u32) -> impl Iterator<Item = Place> + '_ {
        self.places_from(&mut 0, quote, row)
    }

    /// The same; several are looked for from a place on that is left where they are found: quotes must
    /// ascend.
    fn places_from(
        &self,
        place: &mut usize,
        quote: DocId,
        row: u32,
    ) -> impl Iterator<Item = Place> + use<'_> {
        let only = match self.stand(row) {
            Stand::Run(place) => Some(place),
            _ => None,
        };
        only.into_iter().chain(self.parts_from(place, quote))
    }

    /// The quotes that stand in several places; worked out when they are first asked for.
    pub fn parted(&self) -> &[Parted] {
        self.parted.get_or_init(|| parted(self, &filled(&self.parts)))
    }

    /// Numbers of the distinct passages of its article that a quote touches.
    pub fn touched(&self, quote: QuoteAt) -> impl Iterator<Item = u32> + '_ {
        let places = self.places(quote.doc, quote.row).map(|place| place.passage);
        places.chain(self.touches.values_for_doc(quote.doc).map(|number| number as u32))
    }

    /// The quotes of an article.
    pub fn quotes_of(&self, article: DocId) -> Range<DocId> {
        self.nth_of(article).map_or(article + 1..article + 1, |nth| self.quotes_of_nth(nth).docs)
    }

    /// The quotes of an article, whose number among all articles is given.
    pub fn quotes_of_nth(&self, nth: usize) -> Quotes {
        let (here, next) = (self.articles[nth], self.articles[nth + 1]);
        let first = here.doc + 1;
        // A damaged index may tell of more than there are documents.
        let count = (next.first_row - here.first_row).min(self.documents.saturating_sub(first));
        Quotes { docs: first..first + count, row: here.first_row }
    }

    /// The documents of some articles that follow each other: these, and what stands behind each.
    pub fn documents_of(&self, articles: Range<usize>) -> Range<DocId> {
        self.articles[articles.start].doc..self.articles[articles.end].doc
    }

    /// Behind the last document of the article of this number.
    pub fn end_of_nth(&self, nth: usize) -> DocId {
        self.articles[nth + 1].doc
    }

    /// The passages that an article was the first to bring.
    pub fn own_passages(&self, article: DocId) -> Range<DocId> {
        let start = self.quotes_of(article).end;
        start..start + self.own.first(article).unwrap_or(0) as DocId
    }

    /// Numbers of the foreign ones among the distinct passages of an article, ascending.
    pub fn foreign(&self, article: DocId) -> impl Iterator<Item = u32> + '_ {
        let nth = self.nth_of(article);
        nth.into_iter()
            .flat_map(|nth| self.foreign_rows_of_nth(nth))
            .map(|row| self.foreign_in(row))
    }

    /// The rows of the foreign passages of an article, whose number among all is given.
    fn foreign_rows_of_nth(&self, nth: usize) -> Range<u32> {
        self.foreign_rows[nth]..self.foreign_rows[nth + 1]
    }

    /// The number of a foreign passage, whose row is given.
    fn foreign_in(&self, row: u32) -> u32 {
        self.foreign.values.get_val(row) as u32
    }

    /// The identity of the same; `None` in a damaged index.
    pub fn borrowed_in(&self, row: u32) -> Option<u64> {
        let identities = &self.passages.values;
        (row < identities.num_vals()).then(|| identities.get_val(row))
    }

    /// Identity of a passage.
    pub fn pid(&self, passage: DocId) -> u64 {
        self.pid.first(passage).unwrap_or_default()
    }

    /// Identities of all passages, deleted ones too.
    pub fn pids(&self) -> impl Iterator<Item = u64> + '_ {
        self.pid.values.iter()
    }

    /// The passages whose identities are `wanted`, deleted ones too.
    pub fn passages_with(&self, wanted: impl Fn(u64) -> bool) -> Vec<(DocId, u64)> {
        let all = (0..).zip(self.pids());
        let (mut docs, pids): (Vec<u32>, Vec<u64>) = all.filter(|&(_, pid)| wanted(pid)).unzip();
        self.pid.index.select_batch_in_place(0, &mut docs);
        docs.into_iter().zip(pids).collect()
    }

    /// How many passages there are, deleted ones too.
    pub fn passages(&self) -> usize {
        self.pid.values.num_vals() as usize
    }

    /// Whether an article carries a passage that another brought first.
    pub fn borrows(&self, article: DocId, pid: u64) -> bool {
        self.passages.values_for_doc(article).any(|foreign| foreign == pid)
    }

    /// Identities of the passages of an article that another brought first.
    pub fn borrowed(&self, article: DocId) -> impl Iterator<Item = u64> + '_ {
        self.passages.values_for_doc(article)
    }

    /// Identities of the passages that articles have from others, once for each that has one.
    pub fn all_borrowed(&self) -> impl Iterator<Item = u64> + '_ {
        self.passages.values.iter()
    }

    /// Identities of the distinct passages of an article, in order.
    pub fn distinct(&self, article: DocId) -> Vec<u64> {
        let own = self.own_passages(article);
        let mut distinct = Vec::with_capacity(own.len());
        let mut own = own.map(|passage| self.pid(passage));
        for (number, pid) in self.foreign(article).zip(self.passages.values_for_doc(article)) {
            let before = (number as usize).saturating_sub(distinct.len());
            distinct.extend(own.by_ref().take(before));
            distinct.push(pid);
        }
        distinct.extend(own);
        distinct
    }
}
