//! Trained linear weights: loading and scoring. Inference only; `train` writes the files.
//!
//! A model is a table from hashed features to rows of `classes` signed bytes with one scale for
//! all (the file format stands in `data/models/README.md`). The table is open-addressed in buckets,
//! with a check of the hash in every slot, so a feature that was never trained scores nothing.

use std::hint::black_box;

use anyhow::{Context, ensure};

/// First bytes of every model file.
const MAGIC: &[u8; 8] = b"whosaid1";

/// Mixes a feature template's number with its value into one 64-bit feature.
///
/// The finaliser is that of MurmurHash3 (Austin Appleby, public domain).
pub fn feature(template: u32, value: u64) -> u64 {
    let mut x = value ^ (u64::from(template) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    x = (x ^ (x >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    x ^ (x >> 33)
}

/// Slots of a bucket.
const LANES: usize = 8;
/// Features looked up together.
const BATCH: usize = 64;
/// One in every byte.
const EACH: u64 = 0x0101_0101_0101_0101;

/// A bucket of a one-class model: a 24-bit check and the weight in each word, 0 when free. All are
/// compared at once and without a branch, and lie in one line of the processor's cache.
#[derive(Clone, Copy, Default)]
#[repr(align(32))]
struct Packed([u32; LANES]);

/// Linear weights over hashed features.
pub struct Model {
    classes: usize,
    scale: f32,
    /// How many buckets the table has. A feature goes to its own bucket, or the next with room.
    buckets: usize,
    /// The table of a one-class model.
    packed: Vec<Packed>,
    /// Of any other model: eight bits of the check of each slot of a bucket, 0 for a free one. Small
    /// enough to stay in the processor's cache, they answer for most features never trained.
    tags: Vec<u64>,
    /// The check of a slot; below it the four weights of a four-class model, or the number of a row.
    slots: Vec<u64>,
    /// `classes` bytes a row. Empty when there are one or four classes.
    rows: Vec<i8>,
}

impl Model {
    /// Reads a model file: magic, then little-endian u32 classes, u32 rows, f32 scale, then a row
    /// each: u64 feature, `classes` signed bytes.
    ///
    /// # Errors
    /// When the bytes are not a whole model file.
    pub fn load(bytes: &[u8]) -> anyhow::Result<Model> {
        let body = bytes.strip_prefix(MAGIC).context("not a whosaid model")?;
        ensure!(body.len() >= 12, "model file cut short");
        let word = |at: usize| u32::from_le_bytes(body[at..at + 4].try_into().expect("four bytes"));
        let (classes, count, scale) = (word(0) as usize, word(4) as usize, f32::from_bits(word(8)));
        let width = 8 + classes;
        ensure!(body.len() == 12 + count * width, "model file cut short");
        let buckets = 2 * count / LANES + 1;
        let (packed, others) = if classes == 1 { (buckets, 0) } else { (0, buckets) };
        let mut model = Model {
            classes,
            scale,
            buckets,
            packed: vec![Packed::default(); packed],
            tags: vec![0; others],
            slots: vec![0; others * LANES],
            rows: Vec::new(),
        };
        for (number, row) in body[12..].chunks_exact(width).enumerate() {
            let feature = u64::from_le_bytes(row[..8].try_into().expect("eight bytes"));
            model.insert(feature, number as u32, &row[8..]);
        }
        Ok(model)
    }

    /// Puts a row into the table.
    fn insert(&mut self, feature: u64, number: u32, weights: &[u8]) {
        let mut bucket = self.bucket(feature);
        if let &[weight] = weights {
            while self.packed[bucket].0[LANES - 1] != 0 {
                bucket = self.next(bucket);
            }
            let free = self.packed[bucket].0.iter_mut().find(|word| **word == 0);
            *free.expect("the last is free") = packed_check(check(feature)) | u32::from(weight);
            return;
        }
        while self.tags[bucket] >> 56 != 0 {
            bucket = self.next(bucket);
        }
        let lane = 8 - self.tags[bucket].leading_zeros() as usize / 8;
        let check = check(feature);
        self.tags[bucket] |= u64::from(tag(check)) << (8 * lane);
        let value = match weights.first_chunk() {
            Some(&four) if weights.len() == 4 => u32::from_le_bytes(four),
            _ => {
                self.rows.extend(weights.iter().map(|&weight| weight as i8));
                number
            }
        };
        self.slots[bucket * LANES + lane] = u64::from(check) << 32 | u64::from(value);
    }

    /// The bucket of a feature, by its lower half; the upper half is for the check.
    #[inline]
    fn bucket(&self, feature: u64) -> usize {
        (((feature & 0xffff_ffff) * self.buckets as u64) >> 32) as usize
    }

    #[inline]
    fn next(&self, bucket: usize) -> usize {
        if bucket + 1 == self.buckets { 0 } else { bucket + 1 }
    }

    /// What the table holds for a feature: four weights, or the number of a row.
    fn find(&self, feature: u64) -> Option<u32> {
        let (mut bucket, check) = (self.bucket(feature), check(feature));
        loop {
            let tags = self.tags[bucket];
            let mut hits = hits(tags, tag(check));
            while hits != 0 {
                let slot = self.slots[bucket * LANES + lane(hits)];
                if (slot >> 32) as u32 == check {
                    return Some(slot as u32);
                }
                hits &= hits - 1;
            }
            if tags >> 56 == 0 {
                return None;
            }
            bucket = self.next(bucket);
        }
    }

    /// Passes on what the table holds for each of the features. The tags of many are read before the
    /// first slot is, and without a branch: waiting for memory is what takes the time here, and so
    /// the reads wait together.
    #[inline]
    fn find_all(&self, features: &[u64], mut found: impl FnMut(u32)) {
        let mut likely = [(0, 0); BATCH];
        for features in features.chunks(BATCH) {
            let mut count = 0;
            for &feature in features {
                let bucket = self.bucket(feature);
                let tags = self.tags[bucket];
                let hits = hits(tags, tag(check(feature)));
                likely[count] = (feature, bucket * LANES + lane(hits));
                count += usize::from(hits != 0 || tags >> 56 != 0);
            }
            for &(feature, at) in &likely[..count] {
                match self.slots.get(at) {
                    Some(&slot) if (slot >> 32) as u32 == check(feature) => found(slot as u32),
                    _ => self.find(feature).into_iter().for_each(&mut found),
                }
            }
        }
    }

    /// Adds the weights of features of a four-class model to `sums` (in units of `scale`).
    pub fn add_fours(&self, features: &[u64], sums: &mut [i32; 4]) {
        self.find_all(features, |weights| add_four(weights, sums));
    }

    /// The sum of the weights of some features of a one-class model (in units of `scale`).
    pub fn sum(&self, features: &[u64]) -> i32 {
        fetch(features.iter().map(|&feature| self.packed[self.bucket(feature)].0[0]));
        features.iter().map(|&feature| self.weight(feature)).sum()
    }

    /// The weight of one feature of a one-class model (in units of `scale`).
    #[inline]
    pub fn weight(&self, feature: u64) -> i32 {
        let (mut bucket, check) = (self.bucket(feature), packed_check(check(feature)));
        loop {
            let Packed(words) = &self.packed[bucket];
            let own =
                |&word: &u32| if word & !0xff == check { (word << 24) as i32 >> 24 } else { 0 };
            let weight = words.iter().map(own).sum();
            if words[LANES - 1] == 0 || weight != 0 {
                return weight;
            }
            bucket = self.next(bucket);
        }
    }

    /// How many scores there are.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// The weights of one feature, `classes` of them, in units of `scale`; a model of one or four
    /// classes keeps no rows and answers `weight` or `add_fours` instead.
    pub fn row(&self, feature: u64) -> Option<&[i8]> {
        if self.rows.is_empty() {
            return None;
        }
        self.find(feature).map(|number| self.numbered(number))
    }

    fn numbered(&self, number: u32) -> &[i8] {
        let from = number as usize * self.classes;
        &self.rows[from..from + self.classes]
    }

    /// Adds the weights of `feature` to `sums` (in units of `scale`).
    pub fn add(&self, feature: u64, sums: &mut [i32]) {
        if self.classes == 1 {
            sums[0] += self.weight(feature);
        } else if let (4, Some(sums)) = (self.classes, sums.first_chunk_mut()) {
            self.add_fours(&[feature], sums);
        } else {
            self.add_rows(&[feature], sums);
        }
    }

    /// Adds the weights of all features to `sums`, those of a model that keeps rows.
    pub fn add_rows(&self, features: &[u64], sums: &mut [i32]) {
        let mut numbers = [0; BATCH];
        for features in features.chunks(BATCH) {
            let mut count = 0;
            self.find_all(features, |number| {
                numbers[count] = number;
                count += 1;
            });
            fetch(numbers[..count].iter().map(|&number| {
                let row = self.numbered(number);
                row[0] ^ row[row.len() - 1]
            }));
            for &number in &numbers[..count] {
                for (sum, &weight) in sums.iter_mut().zip(self.numbered(number)) {
                    *sum += i32::from(weight);
                }
            }
        }
    }

    /// What one unit of a weight is worth.
    pub fn scale(&self) -> f32 {
        self.scale
    }
}

/// The top bit of every byte of `tags` that is `tag`, and now and then of one above such a byte.
#[inline]
fn hits(tags: u64, tag: u8) -> u64 {
    let other = tags ^ (u64::from(tag) * EACH);
    other.wrapping_sub(EACH) & !other & (EACH << 7)
}

/// The first lane that is hit; past the last if none is.
#[inline]
fn lane(hits: u64) -> usize {
    hits.trailing_zeros() as usize / 8
}

fn add_four(weights: u32, sums: &mut [i32; 4]) {
    for (sum, weight) in sums.iter_mut().zip(weights.to_le_bytes()) {
        *sum += i32::from(weight as i8);
    }
}

/// Reads values for nothing but to have what stands around them at hand: many short reads in a row
/// wait for memory together, which the work on each would keep apart.
#[inline]
fn fetch<T: std::ops::BitXor<Output = T> + Default>(values: impl Iterator<Item = T>) {
    black_box(values.fold(T::default(), |all, value| all ^ value));
}

/// A check without its lowest byte, never 0.
fn packed_check(check: u32) -> u32 {
    (check & !0xff).max(0x100)
}

/// Eight bits of a check, never 0.
fn tag(check: u32) -> u8 {
    (check >> 24).max(1) as u8
}

fn check(feature: u64) -> u32 {
    ((feature >> 32) as u32).max(1)
}

/// The bytes of a model file; `rows` sorted by feature so that equal weights give equal bytes.
pub fn save(classes: usize, scale: f32, rows: &[(u64, Vec<i8>)]) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend((classes as u32).to_le_bytes());
    bytes.extend((rows.len() as u32).to_le_bytes());
    bytes.extend(scale.to_le_bytes());
    for (feature, weights) in rows {
        bytes.extend(feature.to_le_bytes());
        bytes.extend(weights.iter().map(|&w| w as u8));
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Features of one bucket, more than it has room for, and one that was not trained.
    fn crowd() -> (Vec<u64>, u64) {
        let crowd: Vec<u64> = (1..=20).map(|n| n << 32 | n << 58).collect();
        (crowd, 21 << 32 | 1 << 63)
    }

    #[test]
    fn a_full_bucket_passes_features_on() {
        let (features, unknown) = crowd();
        for classes in [1, 3, 4, 33] {
            let weights = |n: usize| (0..classes).map(|c| (n * 5 + c) as i8 - 50).collect();
            let rows: Vec<(u64, Vec<i8>)> =
                features.iter().enumerate().map(|(n, &f)| (f, weights(n))).collect();
            let model = Model::load(&save(classes, 1.0, &rows)).unwrap();
            for (feature, row) in &rows {
                let mut sums = vec![0; classes];
                model.add(*feature, &mut sums);
                assert_eq!(sums, row.iter().map(|&w| i32::from(w)).collect::<Vec<_>>());
            }
            let mut sums = vec![0; classes];
            model.add(unknown, &mut sums);
            assert_eq!(sums, vec![0; classes]);
        }
    }

    #[test]
    fn rows_add_up_like_one_by_one() {
        let features: Vec<u64> = (0..300).map(|n| feature(7, n)).collect();
        let rows: Vec<(u64, Vec<i8>)> = features
            .iter()
            .step_by(2)
            .enumerate()
            .map(|(n, &f)| (f, (0..33).map(|c| (n + c) as i8).collect()))
            .collect();
        let model = Model::load(&save(33, 1.0, &rows)).unwrap();
        let (mut one_by_one, mut together) = ([0; 33], [0; 33]);
        features.iter().for_each(|&f| model.add(f, &mut one_by_one));
        model.add_rows(&features, &mut together);
        assert_eq!(one_by_one, together);
    }
}
