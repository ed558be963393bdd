//! Trained weights: loading and scoring. Inference only; `train` writes the files.
//!
//! A model is a table from hashed features to rows of signed bytes with one scale for all (the file
//! format stands in `data/models/README.md`). Every trained feature has a slot of its own, found by
//! a perfect hash, so a look-up is one short read and one row; eight bits of the feature stand before
//! its weights, so that one never trained scores nothing, but for one in 256. Slots are found by
//! hash and displace (Belazzougui, Botelho and Dietzfelbinger 2009), with pilots tried as
//! in PTHash (Pibiri and Trani 2021).

use anyhow::{Context, ensure};

/// First bytes of every model file.
const MAGIC: &[u8; 8] = b"whosaid2";
/// Bytes before the pilots.
const HEAD: usize = 28;
/// Features that share a pilot, on average.
const SHARE: usize = 3;
/// Pilots tried for the features that share one.
const PILOTS: u16 = u16::MAX;

/// Features whose rows are looked for together.
const AT_ONCE: usize = 32;

/// Mixes a feature template's number with its value into one 64-bit feature.
///
/// The finaliser is that of MurmurHash3 (Austin Appleby, public domain).
#[inline]
pub fn feature(template: u32, value: u64) -> u64 {
    let mut x = value ^ (u64::from(template) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    x = (x ^ (x >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    x ^ (x >> 33)
}

/// Takes features one by one.
pub trait Sink {
    /// Takes the feature of a template with a value.
    fn put(&mut self, template: u32, value: u64);

    /// Takes the features that `give` gives. They depend on nothing but `key` as long as the sink
    /// stays the same, so that a sink that adds up need not be given them again.
    #[inline]
    fn shared<const GROUP: usize>(&mut self, _key: u64, give: impl FnOnce(&mut Self))
    where
        Self: Sized,
    {
        give(self);
    }
}

/// Keeps them.
impl Sink for Vec<u64> {
    #[inline]
    fn put(&mut self, template: u32, value: u64) {
        self.push(feature(template, value));
    }
}

/// Adds up what a model has for each feature.
pub struct Sum<'m, const WIDTH: usize> {
    model: &'m Model<WIDTH>,
    row: [i32; WIDTH],
}

impl<'m, const WIDTH: usize> Sum<'m, WIDTH> {
    /// Nothing yet.
    pub fn new(model: &'m Model<WIDTH>) -> Self {
        Sum { model, row: [0; WIDTH] }
    }

    /// One sum a class, in units of the model's scale.
    pub fn classes(&self) -> &[i32] {
        &self.row[1..]
    }
}

impl<const WIDTH: usize> Sink for Sum<'_, WIDTH> {
    #[inline]
    fn put(&mut self, template: u32, value: u64) {
        let row = self.model.row(feature(template, value));
        let sums = self.row.iter_mut().zip(row).skip(1);
        sums.for_each(|(sum, &weight)| *sum += i32::from(weight));
    }
}

/// Groups of features that a `Scorer` remembers the sums of.
const GROUPS: usize = 6;

/// Adds up the features of one decision after the other, where the decisions have some in common:
/// of each group of features it knows the sum that it had last.
pub struct Scorer<'m> {
    model: &'m Linear,
    sum: i32,
    last: [Option<(u64, i32)>; GROUPS],
}

impl<'m> Scorer<'m> {
    /// Nothing yet.
    pub fn new(model: &'m Linear) -> Self {
        Scorer { model, sum: 0, last: [None; GROUPS] }
    }

    /// The score of the decision whose features `give` gives.
    #[inline]
    pub fn score(&mut self, give: impl FnOnce(&mut Self)) -> f32 {
        self.sum = 0;
        give(self);
        self.sum as f32 * self.model.scale()
    }
}

impl Sink for Scorer<'_> {
    #[inline]
    fn put(&mut self, template: u32, value: u64) {
        self.sum += i32::from(self.model.row(feature(template, value))[1]);
    }

    #[inline]
    fn shared<const GROUP: usize>(&mut self, key: u64, give: impl FnOnce(&mut Self)) {
        match self.last[GROUP] {
            Some((last, sum)) if last == key => self.sum += sum,
            _ => {
                let before = self.sum;
                give(self);
                self.last[GROUP] = Some((key, self.sum - before));
            }
        }
    }
}

/// The softmax of scores, in place.
pub fn softmax(scores: &mut [f32]) {
    let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    scores.iter_mut().for_each(|s| *s = (*s - most).exp());
    let all: f32 = scores.iter().sum();
    scores.iter_mut().for_each(|s| *s /= all);
}

/// Weights over hashed features: `WIDTH` bytes a feature, the check and one for every class.
pub struct Model<const WIDTH: usize> {
    pilots: Vec<u16>,
    slots: Vec<[i8; WIDTH]>,
    scale: f32,
    note: u32,
}

/// Weights of one class.
pub type Linear = Model<2>;

impl<const WIDTH: usize> Model<WIDTH> {
    /// What a feature without weights has.
    const NOTHING: [i8; WIDTH] = [0; WIDTH];

    /// Reads a model file.
    ///
    /// # Errors
    /// When the bytes are not a whole model file, or one of another width.
    pub fn load(bytes: &[u8]) -> anyhow::Result<Self> {
        ensure!(bytes.starts_with(MAGIC), "not a whosaid model");
        ensure!(bytes.len() >= HEAD, "model file cut short");
        let (head, body) = bytes.split_at(HEAD);
        let word =
            |n: usize| u32::from_le_bytes(head[8 + 4 * n..][..4].try_into().expect("four bytes"));
        let (width, count, pilots) = (word(0) as usize, word(1) as usize, word(2) as usize);
        ensure!(width == WIDTH, "a model of rows of {width} bytes, not {WIDTH}");
        ensure!(count > 0 && pilots > 0, "a model without weights");
        let (pilots, slots) = body.split_at_checked(2 * pilots).context("model file cut short")?;
        ensure!(slots.len() == count * WIDTH, "model file cut short");
        Ok(Model {
            pilots: pilots.as_chunks().0.iter().map(|&pair| u16::from_le_bytes(pair)).collect(),
            slots: slots.as_chunks().0.iter().map(|slot| slot.map(|byte| byte as i8)).collect(),
            scale: f32::from_bits(word(3)),
            note: word(4),
        })
    }

    /// The check of a feature and its weights; zeros for one that was never trained.
    #[inline]
    pub fn row(&self, feature: u64) -> &[i8; WIDTH] {
        self.row_at(feature, self.slot(feature))
    }

    /// Where the row of a feature is, if it has one.
    #[inline]
    fn slot(&self, feature: u64) -> usize {
        let pilot = self.pilots[bucket(feature, self.pilots.len())];
        slot(feature, pilot, self.slots.len())
    }

    #[inline]
    fn row_at(&self, feature: u64, slot: usize) -> &[i8; WIDTH] {
        let row = &self.slots[slot];
        if row[0] == check(feature) { row } else { &Self::NOTHING }
    }

    /// The rows of some features. Where a row is has to be read before the row can be: all the former
    /// are asked for before any is waited for.
    #[inline]
    pub fn rows(&self, features: &[u64], mut take: impl FnMut(&[i8; WIDTH])) {
        for features in features.chunks(AT_ONCE) {
            let mut slots = [0; AT_ONCE];
            for (slot, &feature) in slots.iter_mut().zip(features) {
                *slot = self.slot(feature);
            }
            for (&slot, &feature) in slots.iter().zip(features) {
                take(self.row_at(feature, slot));
            }
        }
    }

    /// What one unit of a weight is worth.
    pub fn scale(&self) -> f32 {
        self.scale
    }

    /// A number of the model's own, as it was saved.
    pub fn note(&self) -> u32 {
        self.note
    }
}

impl Linear {
    /// The sum of the weights of some features (in units of `scale`).
    #[inline]
    pub fn sum(&self, features: &[u64]) -> i32 {
        features.iter().map(|&feature| i32::from(self.row(feature)[1])).sum()
    }
}

/// Which pilot a feature has.
#[inline]
fn bucket(feature: u64, count: usize) -> usize {
    (((feature >> 32) * count as u64) >> 32) as usize
}

/// Where a feature stands when its pilot is this one.
#[inline]
fn slot(feature: u64, pilot: u16, count: usize) -> usize {
    let turned = feature ^ u64::from(pilot).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = turned.wrapping_mul(0xff51_afd7_ed55_8ccd);
    (((mixed >> 32) * count as u64) >> 32) as usize
}

#[inline]
fn check(feature: u64) -> i8 {
    feature as i8
}

/// The bytes of a model file. All rows have `classes` weights; equal rows give equal bytes, in
/// whatever order they come. `note` is for the user of the model.
///
/// # Panics
/// When a feature has two rows.
pub fn save(classes: usize, scale: f32, note: u32, rows: &[(u64, Vec<i8>)]) -> Vec<u8> {
    let width = 1 + classes;
    let mut order: Vec<&(u64, Vec<i8>)> = rows.iter().collect();
    order.sort_unstable_by_key(|(feature, _)| *feature);
    assert!(order.windows(2).all(|pair| pair[0].0 != pair[1].0), "a feature with two rows");
    // A little room makes the pilots quick to find; more of it only if some are not found.
    let table = (0..).find_map(|more| {
        Table::place(&order, width, order.len() + order.len() / 32 + 1 + more * 16)
    });
    let table = table.expect("with room enough all features find their place");
    let mut bytes = MAGIC.to_vec();
    let count = (table.slots.len() / width) as u32;
    for word in [width as u32, count, table.pilots.len() as u32, scale.to_bits(), note] {
        bytes.extend(word.to_le_bytes());
    }
    table.pilots.iter().for_each(|pilot| bytes.extend(pilot.to_le_bytes()));
    bytes.extend(table.slots);
    bytes
}

/// A table under construction.
struct Table {
    pilots: Vec<u16>,
    slots: Vec<u8>,
}

impl Table {
    /// Gives every row a slot, the largest groups first; nothing if there is no way.
    fn place(rows: &[&(u64, Vec<i8>)], width: usize, count: usize) -> Option<Table> {
        let mut groups: Vec<Vec<&(u64, Vec<i8>)>> = vec![Vec::new(); rows.len() / SHARE + 1];
        for &row in rows {
            let group = bucket(row.0, groups.len());
            groups[group].push(row);
        }
        let mut order: Vec<usize> = (0..groups.len()).collect();
        order.sort_by_key(|&group| std::cmp::Reverse(groups[group].len()));
        let mut table = Table { pilots: vec![0; groups.len()], slots: vec![0; count * width] };
        let mut taken = vec![false; count];
        for group in order {
            let rows = &groups[group];
            let (pilot, places) = (0..=PILOTS).find_map(|pilot| {
                let mut places: Vec<usize> =
                    rows.iter().map(|row| slot(row.0, pilot, count)).collect();
                let free = places.iter().all(|&place| !taken[place]);
                let own = places.clone();
                places.sort_unstable();
                (free && places.windows(2).all(|p| p[0] != p[1])).then_some((pilot, own))
            })?;
            table.pilots[group] = pilot;
            for (row, place) in rows.iter().zip(places) {
                taken[place] = true;
                let slot = &mut table.slots[place * width..][..width];
                slot[0] = check(row.0) as u8;
                slot[1..].iter_mut().zip(&row.1).for_each(|(to, &weight)| *to = weight as u8);
            }
        }
        Some(table)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(count: u64, classes: u64) -> Vec<(u64, Vec<i8>)> {
        let weights = |n: u64| (0..classes).map(|c| ((n * 5 + c) % 200) as u8 as i8).collect();
        (0..count).map(|n| (feature(7, n), weights(n))).collect()
    }

    #[test]
    fn every_feature_finds_its_own_row() {
        for count in [1, 2, 50, 5000] {
            let rows = rows(count, 4);
            let model = Model::<5>::load(&save(4, 0.5, 9, &rows)).unwrap();
            for (feature, weights) in &rows {
                assert_eq!(model.row(*feature)[1..], weights[..]);
            }
            assert_eq!((model.scale(), model.note()), (0.5, 9));
        }
    }

    #[test]
    fn few_features_that_were_not_trained_score() {
        let model = Linear::load(&save(1, 1.0, 0, &rows(3000, 1))).unwrap();
        let hits = (3000..103_000).filter(|&n| model.row(feature(7, n))[0] != 0).count();
        assert!((200..800).contains(&hits), "about one in 256: {hits} of 100,000");
    }

    #[test]
    fn the_order_of_rows_makes_no_difference() {
        let mut rows = rows(500, 1);
        let bytes = save(1, 1.0, 0, &rows);
        rows.reverse();
        assert_eq!(bytes, save(1, 1.0, 0, &rows));
    }

    #[test]
    fn what_is_no_model_is_refused() {
        let bytes = save(1, 1.0, 0, &rows(10, 1));
        assert!(Linear::load(&bytes[..bytes.len() - 1]).is_err());
        assert!(Linear::load(b"whosaid1").is_err());
        assert!(Model::<5>::load(&bytes).is_err());
    }

    #[test]
    fn a_model_without_features_scores_nothing() {
        let model = Linear::load(&save(1, 1.0, 0, &[])).unwrap();
        assert_eq!(model.sum(&[feature(1, 1)]), 0);
    }
}
