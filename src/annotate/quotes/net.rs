//! The ranker's arithmetic: a small network over hashed features. Whole numbers only, so every
//! machine gives the same scores.
//!
//! A feature's row in the model file holds one weight for each hidden unit and one that counts
//! directly. A hidden unit passes on what is above zero; the first ones add to the score, the
//! others take from it, and the note of the file says how many add.

use crate::model::Model;

/// Bytes of a row: the check of the table, the hidden units, the weight that counts directly.
pub const WIDTH: usize = 32;

/// Sums of rows under way; the first is of checks and means nothing. They stay small enough: an
/// answer has under 250 features.
pub type Sums = [i16; WIDTH];

/// Nothing added up yet.
pub const ZERO: Sums = [0; WIDTH];

/// The network.
pub struct Net {
    model: Model<WIDTH>,
    adding: usize,
}

impl Net {
    /// Reads a network.
    ///
    /// # Errors
    /// When the bytes are no model file.
    pub fn load(bytes: &[u8]) -> anyhow::Result<Net> {
        let model = Model::load(bytes)?;
        let adding = (model.note() as usize).min(WIDTH - 2);
        Ok(Net { model, adding })
    }

    /// Adds the rows of some features.
    pub fn add(&self, features: &[u64], sums: &mut Sums) {
        // On a copy, which stays in registers.
        let mut under_way = *sums;
        self.model.rows(features, |row| {
            for (sum, &weight) in under_way.iter_mut().zip(row) {
                *sum = sum.wrapping_add(i16::from(weight));
            }
        });
        *sums = under_way;
    }

    /// The score of an answer whose rows add up to `sums`.
    pub fn score(&self, sums: &Sums) -> f32 {
        let (hidden, plain) = (&sums[1..WIDTH - 1], sums[WIDTH - 1]);
        let (adding, taking) = hidden.split_at(self.adding);
        let over = |part: &[i16]| part.iter().map(|&s| i32::from(s.max(0))).sum::<i32>();
        (over(adding) - over(taking) + i32::from(plain)) as f32 * self.model.scale()
    }
}
