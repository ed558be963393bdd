//! Lists of names with exact counts. All names of an index are gone through in order, dictionary
//! beside dictionary, and only those are kept that will be shown.

mod entities;
mod merged;
mod speakers;
mod stretches;
mod top;

use std::collections::BTreeMap;

use super::names::{kind_of, titled};
use super::threads::each_piece;
use super::types::{NameCount, NameList};
use crate::article::SpeakerKind;
use merged::Names;
use stretches::Stretch;
use top::Top;

/// Names that were found beforehand.
fn listed<'a, E: 'a>(names: Vec<(Vec<u8>, E)>) -> Names<'a, E> {
    let mut names = names.into_iter();
    Box::new(move |value| {
        let (name, entry) = names.next()?;
        *value = name;
        Some(entry)
    })
}

/// A line under the name that most articles print, the first of equals.
fn line(key: &str, names: &[(Option<&str>, u64)], articles: u64, count: u64) -> NameCount {
    let mut printed: BTreeMap<String, u64> = BTreeMap::new();
    for (name, articles) in names.iter().filter(|(_, articles)| *articles > 0) {
        let name = name.map_or_else(|| titled(key), str::to_owned);
        *printed.entry(name).or_default() += articles;
    }
    let most = printed.values().max().copied();
    let name = printed.into_iter().find(|(_, articles)| Some(*articles) == most);
    NameCount {
        name: name.map_or_else(|| key.to_owned(), |(name, _)| name),
        kind: key_kind(key).unwrap_or(SpeakerKind::Group),
        key: key.to_owned(),
        articles,
        count,
    }
}

/// Goes through stretches side by side, with what `take` does with each, and puts together what
/// comes first in all of them.
fn first_of(
    stretches: &[Stretch],
    most: Option<usize>,
    take: impl Fn(&Stretch, &mut Top) -> tantivy::Result<()> + Sync,
) -> tantivy::Result<NameList> {
    let found = each_piece(true, stretches.len(), |number| {
        let mut top = Top::new(most);
        take(&stretches[number], &mut top).map(|()| top)
    });
    let mut all = Top::new(most);
    for top in found {
        all.add(top?);
    }
    Ok(all.into_list())
}

fn key_kind(key: &str) -> Option<SpeakerKind> {
    kind_of(key.split_once(':')?.0)
}
