//! Filters made ready for a segment: which values of its columns pass. Names are resolved once
//! for the whole index, texts once a segment, so that a document costs a few column reads.

mod articles;
mod named;
mod quotes;

use std::sync::Arc;

use tantivy::SegmentReader;
use tantivy::query::Query;

use super::called::{FindQuotes, Fits, Meant};
use super::layout::Layout;
use super::reader::Index;
use super::types::Filters;

pub use articles::OfArticles;
pub use named::Named;
use quotes::NamedQuery;
pub use quotes::{OfColumns, OfQuotes};

/// Quotes that are gone through in the time in which one article is looked into for words.
const GONE_THROUGH: u64 = 128;

/// Filters with their names resolved.
pub struct Resolved<'a> {
    filters: &'a Filters,
    /// Which speakers are meant.
    speaker: Option<Arc<Fits>>,
    /// Whether they were asked for before.
    speaker_again: bool,
    /// What must be named.
    mentions: Vec<Arc<Meant>>,
    /// Those of both that were asked for before.
    again: Vec<Arc<dyn FindQuotes>>,
}

impl<'a> Resolved<'a> {
    /// Resolves the names in filters.
    pub fn new(index: &Index, filters: &'a Filters) -> tantivy::Result<Self> {
        let mentions = index.meant_by(&filters.mentions)?;
        let speaker = filters.speaker.as_deref().map(|name| index.speakers_meant(name));
        let speaker_again = speaker.as_ref().is_some_and(|speaker| speaker.again());
        let mut again: Vec<Arc<dyn FindQuotes>> = Vec::new();
        again.extend(
            speaker.iter().filter(|_| speaker_again).map(|speaker| Arc::clone(speaker) as _),
        );
        let mentioned = mentions.iter().filter(|meant| meant.again());
        again.extend(mentioned.map(|meant| Arc::clone(meant) as _));
        Ok(Resolved { filters, speaker, speaker_again, mentions, again })
    }

    /// The quotes of a segment that fit all names, unless they are few.
    pub fn many_named(
        &self,
        segment: &SegmentReader,
        layout: &Layout,
    ) -> tantivy::Result<Option<Named>> {
        let speaker = self.speaker.iter().map(|speaker| speaker.quotes(segment));
        let mentions = self.mentions.iter().map(|meant| meant.quotes(segment));
        let lists = speaker.chain(mentions).collect::<tantivy::Result<Vec<_>>>()?;
        Ok(Named::many(layout, &lists))
    }

    /// The names that were asked for before, each with quotes of its own.
    pub fn again(&self) -> &[Arc<dyn FindQuotes>] {
        &self.again
    }

    /// The most quotes that fit the names, as far as that is known.
    pub fn most(&self) -> u64 {
        self.again.iter().filter_map(|named| named.count()).min().unwrap_or(u64::MAX)
    }

    /// Queries that every quote must answer beside one for words, which at most so many passages
    /// hold: what leaves fewer articles in which to look for them. Without words and names there are
    /// none: all quotes are gone through.
    pub fn queries(&self, index: &Index, words: Option<u64>) -> Vec<Box<dyn Query>> {
        let mut queries: Vec<Box<dyn Query>> = Vec::new();
        for meant in &self.mentions {
            queries.push(Box::new(NamedQuery(Arc::clone(meant))));
        }
        if let Some(speaker) = &self.speaker {
            let all = index.searcher.num_docs() / GONE_THROUGH;
            if self.speaker_again || words.is_none_or(|most| most > all) {
                queries.push(Box::new(NamedQuery(Arc::clone(speaker))));
            }
        }
        queries
    }
}

impl Filters {
    /// Whether nothing but articles is chosen from: no filter looks at quotes.
    pub(super) fn for_articles(&self) -> Filters {
        let Filters { outlet, author, since, until, .. } = self.clone();
        Filters { outlet, author, since, until, ..Filters::default() }
    }

    /// Whether a filter looks at articles.
    pub(super) fn wants_articles(&self) -> bool {
        let Filters { outlet, author, since, until, .. } = self;
        !outlet.is_empty() || !author.is_empty() || since.is_some() || until.is_some()
    }

    /// Whether a filter looks at quotes.
    pub(super) fn wants_quotes(&self) -> bool {
        self.speaker.is_some()
            || !self.kind.is_empty()
            || self.unknown
            || self.min_confidence.is_some()
    }

    /// Whether everything passes.
    pub(super) fn is_empty(&self) -> bool {
        !self.wants_quotes() && !self.wants_articles() && self.mentions.is_empty()
    }
}
