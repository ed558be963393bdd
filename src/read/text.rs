//! A plain text as an article.

use super::clean::{Clean, Cleaned};
use super::{furniture, layout};
use crate::article::Metadata;

/// The clean form of a text, and what it says about itself.
pub fn read(text: &str) -> (Cleaned, Metadata) {
    let mut clean = Clean::new(text);
    layout::copy_paragraphs(text, 0..text.len(), &mut clean);
    let mut cleaned = clean.finish();
    let mut meta = Metadata::default();
    furniture::settle(&mut cleaned, &mut meta);
    (cleaned, meta)
}
