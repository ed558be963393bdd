//! The one test binary: a module a topic.

mod architecture;
mod golden;
mod index;
mod read;
