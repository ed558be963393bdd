//! The names of several dictionaries as one list: in order, and all that have one key together.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::ops::Range;

use super::super::names::{key_and_printed, text};

/// The names with one key.
pub struct Group<E> {
    key: String,
    /// Each as it is printed, where its key does not tell that, and which of the entries are its own.
    names: Vec<(Option<String>, Range<usize>)>,
    entries: Vec<(usize, E)>,
}

impl<E> Group<E> {
    /// What they have in common.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// All entries, each with the number of its dictionary.
    pub fn entries(&self) -> &[(usize, E)] {
        &self.entries
    }

    /// Each name with its entries.
    pub fn names(&self) -> impl Iterator<Item = (Option<&str>, &[(usize, E)])> {
        self.names.iter().map(|(name, own)| (name.as_deref(), &self.entries[own.clone()]))
    }

    fn begin(&mut self, key: &str) {
        self.key.clear();
        self.key.push_str(key);
        self.names.clear();
        self.entries.clear();
    }

    fn add(&mut self, printed: Option<&str>, list: usize, entry: E) {
        let at = self.entries.len();
        self.entries.push((list, entry));
        match self.names.last_mut() {
            Some((last, own)) if last.as_deref() == printed => own.end = at + 1,
            _ => self.names.push((printed.map(str::to_owned), at..at + 1)),
        }
    }
}

/// Gives a dictionary's names in order: writes the next, as a term or column value, into the bytes,
/// and returns what its entry tells.
pub type Names<'a, E> = Box<dyn FnMut(&mut Vec<u8>) -> Option<E> + 'a>;

/// A dictionary under way, at one of its names.
struct Head<'a, E> {
    next: Names<'a, E>,
    value: Vec<u8>,
    entry: E,
    list: usize,
}

impl<E> Ord for Head<'_, E> {
    /// What comes first is the greatest.
    fn cmp(&self, other: &Self) -> Ordering {
        (&other.value, other.list).cmp(&(&self.value, self.list))
    }
}

impl<E> PartialOrd for Head<'_, E> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<E> Eq for Head<'_, E> {}

impl<E> PartialEq for Head<'_, E> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

/// Calls `visit` with the names of each key, keys in order.
///
/// # Errors
/// What `visit` returns ends it.
pub fn each_group<E, F>(
    lists: Vec<Names<'_, E>>,
    mut visit: impl FnMut(&Group<E>) -> Result<(), F>,
) -> Result<(), F> {
    let mut heads = BinaryHeap::with_capacity(lists.len());
    for (list, mut next) in lists.into_iter().enumerate() {
        let mut value = Vec::new();
        if let Some(entry) = next(&mut value) {
            heads.push(Head { next, value, entry, list });
        }
    }
    let mut group = Group { key: String::new(), names: Vec::new(), entries: Vec::new() };
    while let Some(mut top) = heads.peek_mut() {
        let head = &mut *top;
        let (key, printed) = key_and_printed(text(&head.value));
        if key != group.key || group.entries.is_empty() {
            if !group.entries.is_empty() {
                visit(&group)?;
            }
            group.begin(key);
        }
        let printed = printed.map(str::to_owned);
        match (head.next)(&mut head.value) {
            Some(next) => {
                let entry = std::mem::replace(&mut head.entry, next);
                group.add(printed.as_deref(), head.list, entry);
            }
            None => {
                let Head { entry, list, .. } = PeekMut::pop(top);
                group.add(printed.as_deref(), list, entry);
            }
        }
    }
    if group.entries.is_empty() { Ok(()) } else { visit(&group) }
}

#[cfg(test)]
mod tests {
    use super::{Group, Names, each_group};

    #[test]
    fn names_with_one_key_come_together_and_in_order() {
        let lists: [&[(&str, u32)]; 4] = [
            &[("a:x", 1), ("a:x\u{1f}X.", 2), ("a:y\u{1f}Y", 3)],
            &[("a:x\u{1f}X.", 4), ("a:x y", 5), ("b:x", 6)],
            &[],
            &[("a:x", 7)],
        ];
        let of_list = |list: &'static [(&'static str, u32)]| -> Names<u32> {
            let mut names = list.iter();
            Box::new(move |value| {
                let (name, entry) = names.next()?;
                *value = name.as_bytes().to_vec();
                Some(*entry)
            })
        };
        let mut found = Vec::new();
        let visit = |group: &Group<u32>| {
            let names =
                group.names().map(|(name, entries)| (name.map(str::to_owned), entries.to_vec()));
            found.push((group.key().to_owned(), names.collect::<Vec<_>>()));
            Ok::<(), ()>(())
        };
        each_group(lists.into_iter().map(of_list).collect(), visit).unwrap();
        let name = |name: &str, entries: &[(usize, u32)]| {
            (Some(name).filter(|name| !name.is_empty()).map(str::to_owned), entries.to_vec())
        };
        assert_eq!(
            found,
            [
                (
                    "a:x".to_owned(),
                    vec![name("", &[(0, 1), (3, 7)]), name("X.", &[(0, 2), (1, 4)])]
                ),
                ("a:x y".to_owned(), vec![name("", &[(1, 5)])]),
                ("a:y".to_owned(), vec![name("Y", &[(0, 3)])]),
                ("b:x".to_owned(), vec![name("", &[(1, 6)])]),
            ]
        );
        assert_eq!(
            each_group(vec![of_list(&[("a:x", 1)])], |_: &Group<u32>| Err("stop")),
            Err("stop")
        );
    }
}
