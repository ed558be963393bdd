//! The one test binary: a module a topic.

mod architecture;
mod cast;
mod checks;
mod cli;
mod eval;
mod golden;
mod growth;
mod index;
mod known_article;
mod names;
mod read;
mod readme;
mod seeds;
