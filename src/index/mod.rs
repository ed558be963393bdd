//! The index on disk: the only module that names tantivy.
//!
//! - `types`: what goes in and comes out; `error`: what can go wrong;
//! - `words`: how text is cut for searching; `codec`, `doc`, `documents`, `schema`: how an article
//!   becomes documents;
//! - `folder`, `writer`, `orphans`, `files`: writing, and what an incremental run needs to know;
//! - `reader`: a commit opened; `query` and the rest: asking it.

mod codec;
mod doc;
mod documents;
mod error;
mod files;
mod folder;
mod orphans;
mod query;
mod reader;
mod schema;
mod search;
mod types;
pub mod words;
mod writer;

pub use error::IndexError;
pub use query::{Expr, QueryError, parse_query};
pub use reader::{Found, Index};
pub use search::{QuoteHits, SearchError, TextHits};
pub use types::*;
pub use writer::{Writer, WriterOptions};
