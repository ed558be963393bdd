//! The runs of tokens in which names are looked for: capitalised words, and the small words and
//! marks that can hold a name together ("Bank of England", "Marks & Spencer").

use std::ops::Range;
use std::sync::OnceLock;

use rustc_hash::FxHashSet;

use super::words::{Shape, Word};
use crate::lexicon::Key;

/// Tokens of one run.
pub(crate) type Run = Range<usize>;

/// Longest run; a longer one is cut, so that capitals throughout cost no more than other text.
const LONGEST: usize = 60;

const CONNECTORS: &str = "of the and for de la del der van von bin al el da di du le y e ibn ben dos das den ter ten in on to at \
    ul i und et des les d l s st zu a & - / + ' ’ 's ’s –";

fn is_connector(word: &Word) -> bool {
    static KEYS: OnceLock<FxHashSet<Key>> = OnceLock::new();
    KEYS.get_or_init(|| CONNECTORS.split_whitespace().map(Key::of).collect()).contains(&word.key)
}

/// The runs of an article, none over the end of a paragraph.
pub(crate) fn runs(paragraphs: &[Range<usize>], words: &[Word]) -> Vec<Run> {
    let mut runs = Vec::with_capacity(words.len() / 12);
    for paragraph in paragraphs {
        let mut at = paragraph.start;
        while at < paragraph.end {
            if !words[at].is_solid() {
                at += 1;
                continue;
            }
            let end = run_end(words, at, paragraph.end);
            runs.push(at..end);
            at = end;
        }
    }
    runs
}

/// The end of the run that starts at `start`: up to three connectors or numbers may stand between
/// two capitalised words, and a number may end it.
fn run_end(words: &[Word], start: usize, limit: usize) -> usize {
    let limit = limit.min(start + LONGEST);
    let (mut end, mut at) = (start + 1, start + 1);
    while at < limit && at - end < 4 {
        let word = &words[at];
        match word.shape {
            _ if word.is_solid() => end = at + 1,
            Shape::Number | Shape::Ordinal if at == end => end = at + 1,
            _ if is_connector(word) => {}
            _ => break,
        }
        at += 1;
    }
    end
}
