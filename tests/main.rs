//! The one test binary: a module a topic.

mod architecture;
mod cast;
mod golden;
mod index;
mod read;
