//! Scores against marked articles.

pub mod gold;
pub mod kit;
