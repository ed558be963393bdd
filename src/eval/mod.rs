//! Scores of the built-in models against marked articles, with the figures of the usual scorers.

pub mod entities;
pub mod gold;
pub mod kit;
mod percent;
pub mod quotes;
