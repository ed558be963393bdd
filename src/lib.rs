//! whosaid turns a folder of news articles into an index of who said what.
//!
//! folder → `read` → `segment` → `dedup` → `annotate` → `index` → query

pub mod annotate;
pub mod article;
pub mod commands;
pub mod index;
pub mod lexicon;
pub mod model;
pub mod output;
pub mod pipeline;
pub mod read;
pub mod report;
pub mod segment;
pub mod text;
pub mod train;
