//! Every copy of a paragraph with the one that was kept, worked out when it is asked for: the
//! first by article id and place is the kept one, so nothing about it depends on reading order.

use rustc_hash::FxHashMap;

use super::error::IndexError;
use super::ids::labelled;
use super::reader::{Index, NAME_END};
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

impl Index {
    /// Every removed copy of a paragraph with the one that was kept, in the order of articles;
    /// then, if asked for, every passage that is nearly the same as an earlier one.
    pub fn duplicates(
        &self,
        near: bool,
    ) -> Result<impl Iterator<Item = Result<Duplicate, IndexError>> + '_, IndexError> {
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
        let ids = places.ids;
        let place = move |(article, paragraph): Spot| Place {
            article: ids[article as usize].clone(),
            paragraph: paragraph as usize + 1,
        };
        Ok(copies.into_iter().map(move |(copy, kept, pid, kind, similarity)| {
            let text = self.passage_text(pid)?;
            Ok(Duplicate { kind, copy: place(copy), kept: place(kept), similarity, text })
        }))
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
        let mut spots = Vec::new();
        for (rank, (_, _, at)) in (0..).zip(&articles) {
            let head = self.head_at(*at)?;
            let passages = (0..).zip(self.passages_at(*at, &head.order)?);
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
