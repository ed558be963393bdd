//! What was worked out for a word by itself, remembered: the same words come again and again. What
//! is remembered changes no answer, only how soon it comes.

use std::num::NonZeroU8;

use crate::fetch::fetch;
use crate::text::Span;

/// Longest word that is remembered, in bytes.
const LONGEST: usize = 16;

/// A small table of words, each with what was worked out for it. A word has two lines to stand in: a
/// new one takes the second, and the first when it comes again, so that rare ones do not drive out
/// the common word that shares their lines.
pub(crate) struct Recall<V> {
    lines: Vec<Lines<V>>,
}

/// The two lines of a word. Where they are small, one look at memory reads both.
#[derive(Clone, Copy)]
#[repr(align(64))]
struct Lines<V>([Option<Line<V>>; 2]);

/// One remembered word.
#[derive(Clone, Copy)]
struct Line<V> {
    word: u128,
    /// Bytes of the word and one more: never 0, so that a line that is missing takes no room of its own.
    length: NonZeroU8,
    tag: u8,
    value: V,
}

/// A word that is looked for, and the number of its lines.
#[derive(Clone, Copy)]
pub(crate) struct Sought {
    word: u128,
    place: u32,
    /// As in its line; nothing of one that is too long to be remembered.
    length: Option<NonZeroU8>,
}

impl<V: Copy> Recall<V> {
    /// Room for `lines` words, a power of two.
    pub(crate) fn new(lines: usize) -> Self {
        assert!(lines.is_power_of_two() && lines > 2, "lines are found by the bits of a hash");
        Recall { lines: vec![Lines([None; 2]); lines / 2] }
    }

    /// The word at `span`.
    #[inline]
    fn sought(&self, text: &str, span: Span) -> Sought {
        let word = bytes(text.as_bytes(), span.start(), span.len().min(LONGEST));
        let one_more = || NonZeroU8::MIN.saturating_add(span.len() as u8);
        let length = (span.len() <= LONGEST).then(one_more);
        Sought { word, place: place(word, self.lines.len()) as u32, length }
    }

    /// Puts the words at these spans down, and has their lines at hand.
    pub(crate) fn seek(
        &self,
        text: &str,
        spans: impl Iterator<Item = Span>,
        sought: &mut Vec<Sought>,
    ) {
        sought.clear();
        sought.extend(spans.map(|span| self.sought(text, span)));
        fetch(sought.iter().map(|one| u32::from(self.lines[one.place as usize].0[0].is_some())));
    }

    /// What `work` gives for a word, which it must give whenever it is asked for that
    /// word and tag.
    #[inline]
    pub(crate) fn get(&mut self, sought: Sought, tag: u8, work: impl FnOnce() -> V) -> V {
        match self.line(sought, tag, |_| work()) {
            Ok(value) => *value,
            Err(work) => work(None),
        }
    }

    /// The same where it is remembered; words too long for that give their `work` back. It is told what
    /// is forgotten for the new word.
    #[inline]
    pub(crate) fn line<W: FnOnce(Option<V>) -> V>(
        &mut self,
        sought: Sought,
        tag: u8,
        work: W,
    ) -> Result<&mut V, W> {
        let Sought { word, place, length: Some(length) } = sought else { return Err(work) };
        let Lines([first, second]) = &mut self.lines[place as usize];
        let is_it = |line: &Option<Line<V>>| {
            line.as_ref().is_some_and(|l| l.word == word && l.length == length && l.tag == tag)
        };
        if !is_it(first) {
            if !is_it(second) {
                let value = work(second.map(|line| line.value));
                let line = Line { word, length, tag, value };
                return Ok(&mut second.insert(line).value);
            }
            std::mem::swap(first, second);
        }
        Ok(&mut first.as_mut().expect("it was found").value)
    }
}

/// Up to sixteen bytes of a text as one number.
#[inline]
fn bytes(text: &[u8], start: usize, length: usize) -> u128 {
    match text[start..].first_chunk() {
        // The cheap way: read sixteen and forget those behind the word.
        Some(&chunk) if length < LONGEST => u128::from_le_bytes(chunk) & ((1 << (8 * length)) - 1),
        Some(&chunk) => u128::from_le_bytes(chunk),
        None => {
            let mut chunk = [0; LONGEST];
            chunk[..length].copy_from_slice(&text[start..start + length]);
            u128::from_le_bytes(chunk)
        }
    }
}

#[inline]
fn place(word: u128, lines: usize) -> usize {
    let folded = (word as u64) ^ ((word >> 64) as u64).rotate_left(29);
    let mixed = folded.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed ^ mixed >> 31).wrapping_mul(0xff51_afd7_ed55_8ccd) as usize >> (64 - lines.ilog2())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_text_is_no_other_word() {
        assert_eq!(bytes(b"said", 0, 4), bytes(b"he said no, and nothing else", 3, 4));
        assert_eq!(bytes(b"0123456789abcdef", 0, 16), bytes(b"0123456789abcdefghi", 0, 16));
    }

    #[test]
    fn two_small_lines_are_one_look_at_memory() {
        assert_eq!(size_of::<Lines<[u32; 3]>>(), 64);
    }

    #[test]
    fn a_word_is_worked_out_once_a_tag() {
        let mut recall = Recall::new(64);
        let text = "one two one";
        let mut worked = 0;
        for (start, tag) in [(0, 0), (4, 0), (8, 0), (0, 1), (8, 1)] {
            let span = Span::new(start, start + 3);
            let value = recall.get(recall.sought(text, span), tag, || {
                worked += 1;
                (span.of(text), tag)
            });
            assert_eq!(value, (span.of(text), tag));
        }
        assert_eq!(worked, 3);
    }
}
