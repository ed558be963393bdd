//! The ranker's arithmetic: a small network over hashed features. Whole numbers only, so every
//! machine gives the same scores.
//!
//! A feature's row in the model file holds one weight for each hidden unit and one that counts
//! directly. A hidden unit passes on what is above zero; the first ones add to the score, the
//! others take from it, and the row of feature 0 says how many add.

use crate::model::Model;

/// Sums of rows under way.
pub type Sums = Vec<i32>;

/// The network.
pub struct Net {
    model: Model,
    adding: usize,
}

impl Net {
    /// Reads a network.
    ///
    /// # Errors
    /// When the bytes are no model file.
    pub fn load(bytes: &[u8]) -> anyhow::Result<Net> {
        let model = Model::load(bytes)?;
        let adding = model.row(0).map_or(0, |row| row[0] as usize);
        Ok(Net { model, adding })
    }

    /// Nothing added up yet.
    pub fn zero(&self) -> Sums {
        vec![0; self.model.classes()]
    }

    /// Adds the rows of some features.
    pub fn add(&self, features: &[u64], sums: &mut [i32]) {
        self.model.add_rows(features, sums);
    }

    /// The score of an answer whose rows add up to `sums`.
    pub fn score(&self, sums: &[i32]) -> f32 {
        let Some((&plain, hidden)) = sums.split_last() else { return 0.0 };
        let (adding, taking) = hidden.split_at(self.adding.min(hidden.len()));
        let over = |part: &[i32]| part.iter().map(|&s| s.max(0)).sum::<i32>();
        (over(adding) - over(taking) + plain) as f32 * self.model.scale()
    }
}
