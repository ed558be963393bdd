//! How the models of reported speech make features: packed values, hashed with their template's number.

use crate::model::Sink;

/// Takes the features of one decision. Binary: a feature is there or not.
pub trait Features: Sink {
    /// Adds one feature: up to five values below 2^12 under one template.
    #[inline]
    fn add<const N: usize>(&mut self, template: u32, values: [u16; N]) {
        debug_assert!(values.iter().all(|&value| value < 1 << 12), "{template}: {values:?}");
        self.put(template, packed(values));
    }

    /// Adds the features of a group that depend on nothing but these values, and on what stays the
    /// same from one candidate to the next.
    #[inline]
    fn group<const GROUP: usize, const N: usize>(
        &mut self,
        values: [u16; N],
        give: impl FnOnce(&mut Self),
    ) where
        Self: Sized,
    {
        self.shared::<GROUP>(packed(values), give);
    }
}

#[inline]
fn packed<const N: usize>(values: [u16; N]) -> u64 {
    values.iter().fold(1, |packed, &value| packed << 12 | u64::from(value))
}

impl<T: Sink> Features for T {}

/// Small numbers stay, larger ones are thrown together.
pub fn bucket(n: usize) -> u16 {
    BUCKETS.get(n).map_or(12, |&bucket| u16::from(bucket))
}

/// The buckets of small numbers: in a table, since which it is cannot be guessed.
const BUCKETS: [u8; 46] = {
    let mut buckets = [0; 46];
    let mut n = 0;
    while n < buckets.len() {
        buckets[n] = match n {
            0..=5 => n as u8,
            6..=7 => 6,
            8..=10 => 7,
            11..=14 => 8,
            15..=20 => 9,
            21..=30 => 10,
            _ => 11,
        };
        n += 1;
    }
    buckets
};

/// The logistic function.
pub fn logistic(score: f32) -> f32 {
    1.0 / (1.0 + (-score).exp())
}
