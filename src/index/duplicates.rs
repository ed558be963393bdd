//! Every copy of a paragraph with the one that was kept, worked out when it is asked for: the
//! first by article id and place is the kept one, so nothing about it depends on reading order.

use rustc_hash::FxHashMap;

use super::error::IndexError;
use super::ids::labelled;
use super::reader::{At, Index, NAME_END};
use super::schema::Kind;
use super::types::{CopyKind, Duplicate, Place};
use super::words::words;
use crate::dedup::{Fingerprint, similarity};

/// Two paragraphs are near copies from this share of common word triples on.
const NEAR: f32 = 0.7;
/// Candidates compared with a paragraph at most: boilerplate would have every copy compared.
const MOST_COMPARED: usize = 20;

/// Where a passage stands: rank of the article by id, number of the paragraph from 0.
type Spot = (u32, u32);

/// A copy: where it stands, where the kept one stands, passage, kind, similarity.
type Copy = (Spot, Spot, u64, CopyKind, f32);

/// All articles in order of their ids, and where every passage stands.
struct Places {
    ids: Vec<String>,
    spots: Vec<(u64, Spot)>,
}

/// Copies whose texts are read back together, of the first of them and at most. Read one by one in
/// the order of articles, each would have a block of texts unpacked for itself.
const FIRST_READ: usize = 64;
const MOST_READ: usize = 1 << 16;

/// Copies in order, with their texts.
pub struct Duplicates<'a> {
    index: &'a Index,
    ids: Vec<String>,
    copies: std::vec::IntoIter<Copy>,
    /// How many are read back next.
    next: usize,
    read: std::vec::IntoIter<Duplicate>,
}

impl Duplicates<'_> {
    /// How many are left.
    pub fn left(&self) -> usize {
        self.read.len() + self.copies.len()
    }

    fn place(&self, (article, paragraph): Spot) -> Place {
        let article = self.ids[article as usize].clone();
        Place { article, paragraph: paragraph as usize + 1 }
    }

    /// Reads the next copies back, in the order in which their texts lie.
    fn read(&mut self) -> Result<(), IndexError> {
        let copies: Vec<Copy> = self.copies.by_ref().take(self.next).collect();
        self.next = (self.next * 4).min(MOST_READ);
        let mut lie = Vec::with_capacity(copies.len());
        for (number, &(_, _, pid, ..)) in copies.iter().enumerate() {
            lie.push((self.index.passage_with(pid)?, number));
        }
        lie.sort_unstable();
        let mut texts = vec![String::new(); copies.len()];
        for (at, number) in lie {
            texts[number] = self.index.text_at(at)?;
        }
        let with_text = |((copy, kept, _, kind, similarity), text)| Duplicate {
            kind,
            copy: self.place(copy),
            kept: self.place(kept),
            similarity,
            text,
        };
        self.read = copies.into_iter().zip(texts).map(with_text).collect::<Vec<_>>().into_iter();
        Ok(())
    }
}

impl Iterator for Duplicates<'_> {
    type Item = Result<Duplicate, IndexError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.read.len() == 0
            && self.copies.len() > 0
            && let Err(error) = self.read()
        {
            return Some(Err(error));
        }
        self.read.next().map(Ok)
    }
}

impl Index {
    /// Every removed copy of a paragraph with the one that was kept, in the order of articles;
    /// then, if asked for, every passage that is nearly the same as an earlier one.
    pub fn duplicates(&self, near: bool) -> Result<Duplicates<'_>, IndexError> {
        let places = self.places()?;
        let mut copies = Vec::new();
        for same in places.spots.chunk_by(|a, b| a.0 == b.0) {
            let (pid, kept) = same[0];
            copies
                .extend(same[1..].iter().map(|&(_, copy)| (copy, kept, pid, CopyKind::Exact, 1.0)));
        }
        copies.sort_unstable_by_key(|&(copy, ..)| copy);
        if near {
            copies.extend(self.near_copies(&places.spots)?);
        }
        Ok(Duplicates {
            index: self,
            ids: places.ids,
            copies: copies.into_iter(),
            next: FIRST_READ,
            read: Vec::new().into_iter(),
        })
    }

    /// Where every passage stands, by passage, then by article and place.
    fn places(&self) -> Result<Places, IndexError> {
        let mut articles = Vec::new();
        for (ord, segment) in self.segments() {
            let docs = self.of_kind(segment, Kind::Article)?;
            articles.extend(self.names(segment, docs)?.into_iter().map(|(doc, full)| {
                let (root, id) = full.split_once(NAME_END).unwrap_or(("", &full));
                (id.to_owned(), root.to_owned(), (ord, doc))
            }));
        }
        articles.sort_unstable();
        // Many articles are packed together: they are read as they lie.
        let mut lie: Vec<(At, u32)> = articles.iter().map(|(.., at)| *at).zip(0..).collect();
        lie.sort_unstable();
        let mut spots = Vec::new();
        for (at, rank) in lie {
            let head = self.head_at(at)?;
            let passages = (0..).zip(self.passages_at(at, &head.order)?);
            spots.extend(passages.map(|(paragraph, pid)| (pid, (rank, paragraph))));
        }
        spots.sort_unstable();
        let mut ids = Vec::with_capacity(articles.len());
        // Articles of one id in several folders stand side by side.
        for same in articles.chunk_by(|(a, ..), (b, ..)| a == b) {
            ids.extend(same.iter().map(|(id, label, _)| match same.len() {
                1 => id.clone(),
                _ => labelled(label, id),
            }));
        }
        Ok(Places { ids, spots })
    }

    /// Passages that are nearly the same as an earlier one.
    fn near_copies(&self, spots: &[(u64, Spot)]) -> Result<Vec<Copy>, IndexError> {
        let mut firsts: Vec<(Spot, u64)> =
            spots.chunk_by(|a, b| a.0 == b.0).map(|same| (same[0].1, same[0].0)).collect();
        firsts.sort_unstable();
        let mut meeting: FxHashMap<u64, Vec<u32>> = FxHashMap::default();
        let mut copies = Vec::new();
        for (number, &(spot, pid)) in (0u32..).zip(&firsts) {
            let own = words(&self.passage_text(pid)?);
            let Some(print) = Fingerprint::new(&own) else { continue };
            let mut others: Vec<u32> = Vec::new();
            for band in print.bands() {
                let met = meeting.entry(band).or_default();
                others.extend_from_slice(met);
                if met.len() < MOST_COMPARED {
                    met.push(number);
                }
            }
            others.sort_unstable();
            others.dedup();
            for other in others.into_iter().take(MOST_COMPARED) {
                let (kept, kept_pid) = firsts[other as usize];
                let share = similarity(&own, &words(&self.passage_text(kept_pid)?));
                if share >= NEAR {
                    copies.push((spot, kept, pid, CopyKind::Near, share));
                    break;
                }
            }
        }
        Ok(copies)
    }
}
