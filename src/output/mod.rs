//! How results look: tables for people, JSON and CSV for programs. It knows no search.

pub mod annotation;
pub mod article;
pub mod escape;
pub mod hits;
pub mod json;
pub mod lists;
pub mod progress;
pub mod results;
pub mod screen;
pub mod summary;
