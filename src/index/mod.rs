//! The index on disk: the only module that names tantivy.
//!
//! - `types`: what goes in and comes out; `error`: what can go wrong;
//! - `words`: how text is cut for searching; `codec`, `doc`, `documents`, `places`, `schema`: how an
//!   article becomes documents, `layout`: how they lie, `vault`: where what is only read back is,
//!   `roster`: which names have which words; `varint`: numbers in few bytes;
//! - `folder`, `sealed`, `writer`, `begun`, `known`, `orphans`, `files`: writing, and what an incremental run
//!   needs to know; `filling`: a segment from its documents, `engine`: for tests, what the engine makes of them;
//! - `reader`: a commit opened; `query`, `plan`, `phrase`, `positions`, `quoted`, `spots`, `seams`, `names`,
//!   `called`, `filters`, `texts`: what is asked of it; `recent`, `often`, `per_segment`: what was found
//!   before; `threads`: work side by side; `among`, `ranks`, `marks`, `matches`: how lists are gone through;
//! - `search_quotes`, `groups`, `search_text`, `passages`, `order`, `highlight`, `facets`, `duplicates`:
//!   what it answers; `ids`: what articles are called;
//! - `verify`, `dump`: whether it is whole, and whether two are the same.

mod ahead;
mod among;
mod answers;
mod begun;
mod called;
mod codec;
mod doc;
mod documents;
mod dump;
mod duplicates;
#[cfg(test)]
mod engine;
mod error;
mod facets;
mod files;
mod filling;
mod filters;
mod folder;
mod gone;
mod groups;
mod highlight;
mod ids;
mod known;
mod layout;
mod lent;
mod marks;
mod matches;
mod names;
mod often;
mod order;
mod orphans;
mod passages;
mod passages_of;
mod per_segment;
mod phrase;
mod places;
mod plan;
mod positions;
mod query;
mod quoted;
mod ranks;
mod reader;
mod recent;
mod roots;
mod roster;
mod schema;
mod sealed;
mod seams;
mod search;
mod search_quotes;
mod search_text;
mod spare;
mod spots;
mod stats;
mod texts;
mod threads;
mod types;
mod varint;
mod vault;
mod verify;
pub mod words;
mod writer;

pub use error::IndexError;
pub use files::{FileAt, KnownFile, KnownFiles};
pub use query::{Expr, QueryError, parse_query};
pub use reader::{Found, Index};
pub use roots::{lies_in, model, roots};
pub use search::SearchError;
pub use search_quotes::QuoteHits;
pub use search_text::TextHits;
pub use types::*;
pub use verify::verify;
pub use writer::{Writer, WriterOptions};
