//! Going through a segment in the order of its documents.

use tantivy::postings::SegmentPostings;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED, Term};

use super::super::schema::Kind;
use super::{Layout, QuoteAt, Quotes};

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
    pub fn at(&mut self, doc: DocId) -> QuoteAt {
        if !self.quotes.docs.contains(&doc) && !self.layout.articles().is_empty() {
            self.nth = self.layout.nth_from(self.nth, doc);
            self.quotes = self.layout.quotes_of_nth(self.nth);
            self.article = self.layout.articles()[self.nth];
        }
        // In a sound index it is one of these.
        let row = match self.quotes.docs.contains(&doc) {
            true => self.quotes.row + (doc - self.quotes.docs.start),
            false => self.layout.row(doc),
        };
        QuoteAt { doc, article: self.article, nth: self.nth, row }
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
