//! A saved web page as an article: the body as `trafilatura` finds it, paragraph by paragraph, the
//! metadata as the page states them.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::clean::{Clean, is_blank, paragraphs};
use super::{RawRecord, boilerplate, encoding, flatten, furniture, markup, page};
use crate::article::{Article, Metadata, OffsetMap, Part};
use crate::report::{Problem, ProblemKind};

/// Reads an article from the bytes of a page.
pub fn parse(record: &RawRecord) -> Result<Article, Problem> {
    article_of_page(record, &encoding::decode_page(&record.bytes), Metadata::default())
}

/// Reads an article from a page. What `known` says is believed more than what the page says.
pub fn article_of_page(
    record: &RawRecord,
    html: &str,
    known: Metadata,
) -> Result<Article, Problem> {
    let flat = flatten::flatten(html);
    let found = catch_unwind(AssertUnwindSafe(|| body(&flat)))
        .map_err(|_| record.problem(ProblemKind::Internal, "the page could not be taken apart"))?;
    let Some((fragment, guessed)) = found.filter(|(fragment, _)| !fragment.trim().is_empty())
    else {
        let reason = "no article found in the page";
        return Err(record.problem(ProblemKind::NoText, reason));
    };
    let mut meta = page::merge(page::merge(known, page::metadata(&flat)), guessed);
    let mut body = Clean::new(&fragment);
    for block in boilerplate::without_furniture(&fragment) {
        markup::copy_fragment(&fragment, block, &mut body);
    }
    let mut cleaned = body.finish();
    if is_blank(&cleaned.text) {
        return Err(record.problem(ProblemKind::NoText, "no article found in the page"));
    }
    if let Some(title) = meta.title.clone() {
        let is_title = |paragraph| furniture::same_words(paragraph, &title);
        if !paragraphs(&cleaned.text).take(2).any(is_title) {
            cleaned.text = format!("{title}\n\n{}", cleaned.text);
            cleaned.parts.insert(0, Part::Title);
        }
    }
    // The way back would lead into the markup that trafilatura has written, which nobody has given.
    cleaned.origin = OffsetMap::default();
    furniture::settle(&mut cleaned, &mut meta);
    Ok(super::assemble(record, meta, cleaned))
}

/// The body as a fragment of HTML, and the metadata that had to be guessed.
fn body(html: &str) -> Option<(String, Metadata)> {
    let options = trafilatura::Options::default()
        .with_fallback(true)
        .with_exclude_comments(true)
        .with_links(true);
    let found = trafilatura::extract(html, &options).ok()?;
    let guessed = page::guessed(&found.metadata);
    Some((found.content_html, guessed))
}
