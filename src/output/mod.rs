//! How results look: tables for people, JSON and CSV for programs. It knows no search.

pub mod annotation;
pub mod escape;
pub mod json;
pub mod results;
pub mod screen;
