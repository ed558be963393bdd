//! Takes the depth out of pages that are nested deeper than any real one, before a tree is built of
//! them: building it costs the square of the depth.

use std::borrow::Cow;

use super::markup::{Piece, Tag, pieces};

/// Deeper than any page that somebody has written.
const MAX_DEPTH: usize = 250;

/// Elements without an end.
const VOID: [&str; 15] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr", "frame",
];

/// Elements whose end may be left out: the next of their kind ends them.
const LOOSE: [&str; 12] =
    ["p", "li", "dt", "dd", "tr", "td", "th", "option", "thead", "tbody", "tfoot", "colgroup"];

/// The page without the tags that lie too deep; its text stays. Pages of sane depth are not copied.
pub fn flatten(html: &str) -> Cow<'_, str> {
    let mut open = Vec::new();
    let mut kept = None::<String>;
    let mut copied = 0;
    for piece in pieces(html) {
        let Piece::Tag(tag) = piece else { continue };
        if follow(&mut open, &tag) {
            continue;
        }
        let out = kept.get_or_insert_with(|| String::with_capacity(html.len()));
        out.push_str(&html[copied..tag.range.start]);
        out.push(' ');
        copied = tag.range.end;
    }
    match kept {
        None => Cow::Borrowed(html),
        Some(mut out) => {
            out.push_str(&html[copied..]);
            Cow::Owned(out)
        }
    }
}

/// Follows a tag on the stack of open elements. Whether to keep it.
fn follow<'a>(open: &mut Vec<&'a str>, tag: &Tag<'a>) -> bool {
    if tag.is_any(&VOID) {
        return true;
    }
    if tag.closes {
        let near = open.iter().rposition(|name| tag.is(name));
        if let Some(at) = near {
            open.truncate(at);
        }
        return near.is_some();
    }
    if tag.is_any(&LOOSE) && open.last().is_some_and(|last| tag.is(last)) {
        open.pop();
    }
    let fits = open.len() < MAX_DEPTH;
    if fits {
        open.push(tag.name);
    }
    fits
}
