//! Stretches of the alphabet, so that a list of names is made side by side.

use std::io;

use super::super::names::{key_and_printed, key_start, text};
use crate::article::SpeakerKind;

/// Names of a dictionary from which on a list is made by several threads, and in how many stretches
/// of the alphabet then.
const WORTH_THREADS: usize = 50_000;
const STRETCHES: usize = 16;

/// A stretch of the alphabet: names from one on, to before another.
pub struct Stretch {
    /// The first name there may be.
    pub from: String,
    /// Behind the last, if anything is.
    pub to: Option<String>,
}

impl Stretch {
    /// All names with keys of a kind, or of all.
    pub fn of(kind: Option<SpeakerKind>) -> Stretch {
        let from = kind.map_or("", key_start).to_owned();
        // What follows ":" is ";".
        let to = from.strip_suffix(':').map(|kind| format!("{kind};"));
        Stretch { from, to }
    }

    /// Cuts it where names stand in a dictionary of so many; all with one key stay together.
    pub fn cut(
        self,
        names: usize,
        name_at: impl Fn(u64, &mut Vec<u8>) -> io::Result<bool>,
    ) -> io::Result<Vec<Stretch>> {
        let pieces = if names < WORTH_THREADS { 1 } else { STRETCHES };
        let (mut stretches, mut rest, mut name) = (Vec::with_capacity(pieces), self, Vec::new());
        for piece in 1..pieces {
            name_at((names * piece / pieces) as u64, &mut name)?;
            let cut = key_and_printed(text(&name)).0.to_owned();
            if cut > rest.from && rest.to.as_ref().is_none_or(|to| cut < *to) {
                let from = std::mem::replace(&mut rest.from, cut.clone());
                stretches.push(Stretch { from, to: Some(cut) });
            }
        }
        stretches.push(rest);
        Ok(stretches)
    }
}

#[cfg(test)]
mod tests {
    use super::{STRETCHES, SpeakerKind, Stretch, WORTH_THREADS};

    #[test]
    fn stretches_cover_all_names_and_part_none_of_one_key() {
        let kinds = ["organisation", "person", "person", "place"];
        let name = |number: usize| {
            // Three names a key: as the key tells it, and printed in two other ways.
            let key = format!("{}:n{:06}", kinds[number * kinds.len() / WORTH_THREADS], number / 3);
            ["", "\u{1f}N.", "\u{1f}N. N."].map(|printed| format!("{key}{printed}"))[number % 3]
                .clone()
        };
        let at = |number, to: &mut Vec<u8>| {
            *to = name(number as usize).into_bytes();
            Ok(true)
        };
        for kind in [None, Some(SpeakerKind::Person), Some(SpeakerKind::Group)] {
            let stretches = Stretch::of(kind).cut(WORTH_THREADS, at).unwrap();
            let all = Stretch::of(kind);
            assert_eq!(stretches[0].from, all.from);
            assert_eq!(stretches[stretches.len() - 1].to, all.to);
            for pair in stretches.windows(2) {
                let cut = pair[0].to.as_deref().unwrap();
                assert_eq!(cut, pair[1].from);
                assert!(pair[0].from < pair[1].from && !cut.contains('\u{1f}'), "{cut}");
            }
            let expected = match kind {
                None => STRETCHES,
                Some(SpeakerKind::Person) => STRETCHES / 2,
                Some(_) => 1,
            };
            assert!(stretches.len().abs_diff(expected) <= 1, "{kind:?}: {}", stretches.len());
        }
        assert_eq!(Stretch::of(None).cut(WORTH_THREADS - 1, at).unwrap().len(), 1);
    }
}
