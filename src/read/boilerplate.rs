//! What is left in the body of a page and is none of the article: lists of three links and more, notices about
//! cookies, invitations to subscribe. Works on the fragment that the extractor gives.

use std::ops::Range;

use super::markup::{Piece, Tag, pieces};

/// A stretch of HTML between the ends of paragraphs.
struct Block {
    range: Range<usize>,
    /// Letters in it, and how many of them are links.
    letters: usize,
    linked: usize,
}

/// The fragment without its furniture, as pieces to be kept.
pub fn without_furniture(fragment: &str) -> Vec<Range<usize>> {
    let blocks = blocks(fragment);
    let full: Vec<&Block> = blocks.iter().filter(|block| block.letters > 0).collect();
    let is_list = |i: usize| full.get(i).is_some_and(|block| block.is_links());
    let keep = |&(i, block): &(usize, &&Block)| {
        let near = |by: usize| i.checked_sub(by).is_some_and(is_list);
        let in_list =
            is_list(i) && (is_list(i + 1) && (is_list(i + 2) || near(1)) || near(1) && near(2));
        !in_list && !is_notice(&fragment[block.range.clone()])
    };
    full.iter().enumerate().filter(keep).map(|(_, block)| block.range.clone()).collect()
}

impl Block {
    /// Nothing but links.
    fn is_links(&self) -> bool {
        self.linked * 10 >= self.letters * 9
    }
}

fn blocks(fragment: &str) -> Vec<Block> {
    let empty = |at| Block { range: at..at, letters: 0, linked: 0 };
    let mut blocks = vec![];
    let (mut block, mut in_link) = (empty(0), false);
    for piece in pieces(fragment) {
        match piece {
            Piece::Text(range) => {
                let letters =
                    fragment[range.clone()].chars().filter(|c| c.is_alphanumeric()).count();
                block.letters += letters;
                block.linked += if in_link { letters } else { 0 };
                block.range.end = range.end;
            }
            Piece::Tag(tag) if parts(&tag) => {
                block.range.end = tag.range.start;
                blocks.push(std::mem::replace(&mut block, empty(tag.range.end)));
            }
            Piece::Tag(tag) => {
                in_link = if tag.is("a") { !tag.closes } else { in_link };
                block.range.end = tag.range.end;
            }
        }
    }
    block.range.end = fragment.len();
    blocks.push(block);
    blocks
}

fn parts(tag: &Tag) -> bool {
    tag.is_block() && !tag.is_any(&["td", "th"])
}

/// Notices that stand on many sites in the same words.
fn is_notice(block: &str) -> bool {
    const OPENINGS: [&str; 16] = [
        "this website uses cookies",
        "this site uses cookies",
        "we use cookies",
        "by choosing i accept",
        "necessary cookies are",
        "any cookies that may not be",
        "privacy overview",
        "privacy notice",
        "sign up for our",
        "sign up to our",
        "subscribe to our",
        "get the latest updates right in",
        "enable javascript",
        "please enable javascript",
        "click here to subscribe",
        "share this article",
    ];
    const WHOLE: [&str; 8] = [
        "advert",
        "advertisement",
        "advertising",
        "sponsored",
        "share",
        "comments",
        "read more",
        "related",
    ];
    let text = block.trim_start_matches(|c: char| !c.is_alphabetic());
    let opens = |opening: &str| {
        text.get(..opening.len()).is_some_and(|head| head.eq_ignore_ascii_case(opening))
    };
    let bare = text.trim_end_matches(|c: char| !c.is_alphabetic());
    OPENINGS.iter().any(|opening| opens(opening))
        || WHOLE.iter().any(|w| bare.eq_ignore_ascii_case(w))
}
