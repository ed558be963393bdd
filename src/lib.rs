//! whosaid turns a folder of news articles into an index of who said what, and answers questions
//! about it. This page is the map of the program; the README is the way to use it.
//!
//! # The model
//!
//! Three kinds of document, and no document owns another:
//!
//! | document | identity | holds |
//! |---|---|---|
//! | [article](article::Article) | its path, with the record's number inside a container file | metadata, the ordered list of its passages, its annotation |
//! | [passage](article::Passage) | hash of its text | one unique paragraph, stored once however many articles carry it |
//! | [quote](article::Quote) | its article and its place in it | speaker, kind, confidence, the place of its words, and, with its article, cue, spans and rule |
//!
//! A paragraph that is printed a thousand times is one passage; an article is the list of its
//! passages and can be printed whole. The same words of the same speaker share a `quote_id`, so a
//! query shows them once and counts the articles. The quotes of an article stand right behind it in
//! the index, so that filters and time lines on its metadata need no join. Nothing depends on which article came first or on the
//! number of threads, so the index is a union: a changed article replaces its own documents only,
//! and an incremental run ends where a rebuild would.
//!
//! # The way of a record
//!
//! folder → read → segment → deduplicate → annotate → index → query
//!
//! The modules in that order. Each may use those above it and none below; `tests/architecture.rs`
//! reads the imports and keeps it so (`eval` and `train` may use each other). Only `index` names tantivy, only `pipeline` and `main` rayon,
//! only `args` and `main` clap, and only `lexicon` embeds word lists.
//!
//! | module | what it is | what it is not for |
//! |---|---|---|
//! | [`fetch`] | reads that are asked for together | what is read |
//! | [`text`] | byte spans | anything that knows an article |
//! | [`report`] | what could not be read, and why | printing it |
//! | [`article`] | the data that the stages hand on | behaviour |
//! | [`model`] | loads embedded weights and scores | training, features |
//! | [`segment`] | paragraphs and tokens as spans | sentences: they depend on quotation marks |
//! | [`lexicon`] | which classes a word belongs to | context |
//! | [`dedup`] | identities and fingerprints of paragraphs | deciding what to remove |
//! | [`read`] | files of any format to articles; the only place that changes text | deciding what to index |
//! | [`annotate`] | entities, quotes, speakers of one article; pure, cannot fail | other articles |
//! | [`index`] | documents into tantivy and out again | file formats, the screen |
//! | [`output`] | tables, JSON, CSV, and the escaping of hostile text | choosing what to show |
//! | [`pipeline`] | workers, batches, progress, and the guard around each article | what a stage does |
//! | [`eval`] | scores against marked articles | fitting anything |
//! | [`train`] | fits the weights in data/models | the user's runs |
//! | [`commands`] | one file a subcommand, thin | parsing arguments |
//! | `args` | the command line; part of the binary | doing anything |
//! | `main` | an outcome becomes an exit code | anything else |
//!
//! # What always holds
//!
//! - Offsets are byte spans, on `char` boundaries, of one immutable text: [`Article::text`]. The way
//!   back to the bytes that were given is [`Article::origin`]; other units exist at the edges only.
//! - `annotate` returns values, not `Result`: any text has an annotation, an empty one at worst.
//! - A bad input is a counted [`Problem`](report::Problem) with path and reason, not an error of the
//!   run; a panic in one article is caught and counted as one.
//! - The same articles give the same index: ties are broken by identity, hashes are fixed, and no
//!   clock, thread or directory order reaches a document.
//! - Every attribution names the rule or model that decided, and its confidence.
//! - The index is the only state; nothing outside its folder is written.
//!
//! [`Article::text`]: article::Article::text
//! [`Article::origin`]: article::Article::origin

pub mod annotate;
pub mod article;
pub mod commands;
pub mod dedup;
pub mod eval;
pub mod fetch;
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
