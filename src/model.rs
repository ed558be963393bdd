//! Trained linear weights: loading and scoring. Inference only; `train` writes the files.
//!
//! A model is a table from hashed features to rows of `classes` signed bytes with one scale for
//! all (the file format stands in `data/models/README.md`). The table is open-addressed with a
//! 32-bit check of the hash, so a feature that was never trained scores nothing.

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

/// Linear weights over hashed features.
pub struct Model {
    classes: usize,
    scale: f32,
    /// Power-of-two table of checks; 0 marks a free slot. Empty when there is one class.
    checks: Vec<u32>,
    /// `classes` bytes a slot. Empty when there is one class.
    rows: Vec<i8>,
    /// The table of a one-class model: a 24-bit check and the weight in one word, so that a feature
    /// costs one look into memory.
    packed: Vec<u32>,
    /// The table of a four-class model: the check and four weights in one word.
    wide: Vec<u64>,
    /// Eight bits of the check of each slot of `wide`, 0 for a free one: small enough to stay in the
    /// processor's cache, it answers for most features that were never trained.
    tags: Vec<u8>,
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
        let slots = (count * 3 / 2 + 1).next_power_of_two();
        let mut model = Model {
            classes,
            scale,
            checks: vec![0; slots],
            rows: vec![0; slots * classes],
            packed: Vec::new(),
            wide: Vec::new(),
            tags: Vec::new(),
        };
        for row in body[12..].chunks_exact(width) {
            let feature = u64::from_le_bytes(row[..8].try_into().expect("eight bytes"));
            let slot = model.free_slot(feature);
            model.checks[slot] = check(feature);
            for (to, &from) in model.rows[slot * classes..].iter_mut().zip(&row[8..]) {
                *to = from as i8;
            }
        }
        if classes == 1 {
            let pack = |(&check, &weight): (&u32, &i8)| match check {
                0 => 0,
                check => packed_check(check) | u32::from(weight as u8),
            };
            model.packed = model.checks.iter().zip(&model.rows).map(pack).collect();
            (model.checks, model.rows) = (Vec::new(), Vec::new());
        }
        if classes == 4 {
            let row = |slot: usize| {
                let weights = &model.rows[4 * slot..4 * slot + 4];
                weights.iter().rev().fold(0, |word, &weight| word << 8 | u64::from(weight as u8))
            };
            let checks = || model.checks.iter().copied();
            model.wide = checks().enumerate().map(|(i, c)| u64::from(c) << 32 | row(i)).collect();
            model.tags = checks().map(|c| if c == 0 { 0 } else { tag(c) }).collect();
            (model.checks, model.rows) = (Vec::new(), Vec::new());
        }
        Ok(model)
    }

    /// Adds the weights of a feature of a four-class model to `sums` (in units of `scale`).
    #[inline]
    pub fn add_four(&self, feature: u64, sums: &mut [i32; 4]) {
        let (mask, check) = (self.tags.len() - 1, check(feature));
        let tag = tag(check);
        let mut slot = feature as usize & mask;
        loop {
            let found = self.tags[slot & mask];
            if found == 0 {
                return;
            }
            if found == tag {
                let word = self.wide[slot & mask];
                if (word >> 32) as u32 == check {
                    for (i, sum) in sums.iter_mut().enumerate() {
                        *sum += i32::from((word >> (8 * i)) as i8);
                    }
                    return;
                }
            }
            slot += 1;
        }
    }

    /// The sum of the weights of some features of a one-class model (in units of `scale`).
    pub fn sum(&self, features: &[u64]) -> i32 {
        features.iter().map(|&feature| self.weight(feature)).sum()
    }

    /// The weight of one feature of a one-class model (in units of `scale`).
    pub fn weight(&self, feature: u64) -> i32 {
        let (mask, check) = (self.packed.len() - 1, packed_check(check(feature)));
        let mut slot = feature as usize & mask;
        loop {
            match self.packed[slot & mask] {
                0 => return 0,
                found if found & !0xff == check => return i32::from(found as u8 as i8),
                _ => slot += 1,
            }
        }
    }

    fn free_slot(&self, feature: u64) -> usize {
        let mask = self.checks.len() - 1;
        let mut slot = feature as usize & mask;
        while self.checks[slot] != 0 {
            slot = (slot + 1) & mask;
        }
        slot
    }

    /// How many scores there are.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// The weights of one feature, `classes` of them, in units of `scale`; a model of one or four
    /// classes keeps no rows and answers `weight` or `add_four` instead.
    pub fn row(&self, feature: u64) -> Option<&[i8]> {
        if self.checks.is_empty() {
            return None;
        }
        let (mask, check) = (self.checks.len() - 1, check(feature));
        let mut slot = feature as usize & mask;
        loop {
            match self.checks[slot] {
                0 => return None,
                found if found == check => {
                    return Some(&self.rows[slot * self.classes..(slot + 1) * self.classes]);
                }
                _ => slot = (slot + 1) & mask,
            }
        }
    }

    /// Adds the weights of `feature` to `sums` (in units of `scale`).
    pub fn add(&self, feature: u64, sums: &mut [i32]) {
        if self.classes == 1 {
            sums[0] += self.weight(feature);
        } else if let (4, Some(sums)) = (self.classes, sums.first_chunk_mut()) {
            self.add_four(feature, sums);
        } else if let Some(row) = self.row(feature) {
            for (sum, &weight) in sums.iter_mut().zip(row) {
                *sum += i32::from(weight);
            }
        }
    }

    /// What one unit of a weight is worth.
    pub fn scale(&self) -> f32 {
        self.scale
    }
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
