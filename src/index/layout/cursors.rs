//! Going through a segment in the order of its documents.

use tantivy::postings::SegmentPostings;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED, Term};

use super::super::places::{Place, Row, Stand};
use super::super::schema::Kind;
use super::{Beside, Layout, QuoteAt, Quotes};

/// Goes from quote to quote of a segment: what an article says is looked up once for all of its.
pub struct QuoteCursor<'a> {
    layout: &'a Layout,
    /// The article come to last, and its number.
    article: DocId,
    nth: usize,
    quotes: Quotes,
}

impl<'a> QuoteCursor<'a> {
    /// Before the first.
    pub fn new(layout: &'a Layout) -> Self {
        QuoteCursor { layout, article: 0, nth: 0, quotes: Quotes::default() }
    }

    /// The quote in a document. Documents must ascend.
    #[inline]
    pub fn at(&mut self, doc: DocId) -> QuoteAt {
        if !self.quotes.docs.contains(&doc) {
            self.come_to(doc);
        }
        let row = self.quotes.row.wrapping_add(doc.wrapping_sub(self.quotes.docs.start));
        QuoteAt { doc, article: self.article, nth: self.nth, row }
    }

    /// Comes to the article of a quote.
    fn come_to(&mut self, doc: DocId) {
        self.nth = self.layout.nth_from(self.nth, doc);
        if let Some(article) = self.layout.article(self.nth) {
            (self.article, self.quotes) = (article, self.layout.quotes_of_nth(self.nth));
        }
        // In a sound index it is one of these.
        if !self.quotes.docs.contains(&doc) {
            self.quotes = Quotes { docs: doc..doc, row: self.layout.row(doc) };
        }
    }
}

/// Goes from quote to quote of a segment and tells where each stands in passages beside its article.
pub struct StandCursor<'a> {
    layout: &'a Layout,
    quotes: QuoteCursor<'a>,
    beside: Beside,
    /// Number of the article that `beside` has come to.
    nth: Option<usize>,
    /// Where the layout had the last quote in several places.
    parts: usize,
}

impl<'a> StandCursor<'a> {
    /// Before the first.
    pub fn new(layout: &'a Layout) -> Self {
        let (quotes, beside) = (QuoteCursor::new(layout), Beside::default());
        StandCursor { layout, quotes, beside, nth: None, parts: 0 }
    }

    /// The passages in which the words of a quote stand and the runs in them, in order. What stands
    /// elsewhere is left out: such a quote brings its words itself. Quotes must ascend.
    pub fn at(&mut self, quote: DocId) -> impl Iterator<Item = (DocId, Place)> {
        let (at, layout) = (self.quotes.at(quote), self.layout);
        // In a damaged index there may be quotes of no article.
        let of_article = at.nth < layout.count();
        if of_article && self.nth.replace(at.nth) != Some(at.nth) {
            self.beside.come_to(layout, at.nth);
        }
        let places = of_article.then(|| layout.places_from(&mut self.parts, quote, at.row));
        let beside = &self.beside;
        let stands = move |place: Place| Some((beside.at(place.passage).ok()?, place));
        places.into_iter().flatten().filter_map(stands)
    }
}

/// Tells where all quotes of one article stand in passages beside it, with what the columns have of them
/// fetched together. Articles must ascend.
#[derive(Clone, Default)]
pub struct Stands {
    rows: Vec<u64>,
    beside: Beside,
    /// Where the layout had the last quote in several places.
    parts: usize,
}

impl Stands {
    /// Calls `visit` with the quotes of an article, whose number is given, in order: how many words each
    /// has, and a passage with the run of them in it; once for each run. What stands elsewhere is left
    /// out: such a quote brings its words itself.
    pub fn each(
        &mut self,
        layout: &Layout,
        nth: usize,
        mut visit: impl FnMut(DocId, u32, DocId, Place),
    ) {
        let quotes = layout.quotes_of_nth(nth);
        if quotes.docs.is_empty() {
            return;
        }
        layout.miss_spots();
        let Stands { rows, beside, parts } = self;
        beside.come_to(layout, nth);
        layout.rows(quotes.row, quotes.docs.len(), rows);
        for (quote, &packed) in quotes.docs.zip(&*rows) {
            match Row::unpack(packed).stand {
                Stand::Run(place) => {
                    if let Ok(passage) = beside.at(place.passage) {
                        visit(quote, place.length, passage, place);
                    }
                }
                Stand::Runs(words) => {
                    // Few do. What is called but once is laid out where it is called.
                    let visit: &mut dyn FnMut(DocId, u32, DocId, Place) = &mut visit;
                    for place in layout.parts_from(parts, quote) {
                        if let Ok(passage) = beside.at(place.passage) {
                            visit(quote, words, passage, place);
                        }
                    }
                }
                Stand::Apart(_) => {}
            }
        }
    }
}

/// Goes from article to article of a segment, deleted ones too.
pub struct Articles {
    postings: Option<SegmentPostings>,
    last: Option<DocId>,
}

impl Articles {
    /// Before the first. `doc` is the field for kinds of documents.
    pub fn open(segment: &SegmentReader, doc: Field) -> tantivy::Result<Self> {
        let term = Term::from_field_u64(doc, Kind::Article as u64);
        let inverted = segment.inverted_index(doc)?;
        let postings = inverted.read_postings(&term, IndexRecordOption::Basic)?;
        Ok(Articles { postings, last: None })
    }

    /// The last article before a document, and the first behind it. Documents must ascend.
    pub fn around(&mut self, doc: DocId) -> (Option<DocId>, DocId) {
        let Some(postings) = &mut self.postings else { return (None, TERMINATED) };
        while postings.doc() < doc {
            self.last = Some(postings.doc());
            postings.advance();
        }
        (self.last, postings.doc())
    }
}
