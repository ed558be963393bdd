//! Whether answers are right as often as they say, in ten bins of equal width.

use super::Given;

/// What was stated, and what came true.
#[derive(Clone, Debug, Default)]
pub struct Stated([Bin; 10]);

/// The answers of one tenth of the scale.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bin {
    /// How many.
    pub answers: usize,
    right: usize,
    sum: f64,
}

impl Bin {
    /// What they say on average, and the share that is right.
    pub fn means(self) -> (f64, f64) {
        let share = |sum: f64| if self.answers == 0 { 0.0 } else { sum / self.answers as f64 };
        (share(self.sum), share(self.right as f64))
    }
}

impl Stated {
    /// Adds the answers of one article that count.
    pub fn add(&mut self, given: &[Given], verdicts: &[Option<bool>]) {
        for (given, right) in given.iter().zip(verdicts) {
            let Some(right) = right else { continue };
            let bin = &mut self.0[((given.confidence * 10.0) as usize).min(9)];
            bin.answers += 1;
            bin.right += usize::from(*right);
            bin.sum += f64::from(given.confidence);
        }
    }

    /// The bins that hold answers, each with its number.
    pub fn bins(&self) -> impl Iterator<Item = (usize, Bin)> + '_ {
        self.0.iter().copied().enumerate().filter(|(_, bin)| bin.answers > 0)
    }

    /// The mean distance between stated and actual accuracy, bins alike.
    pub fn gap(&self) -> f64 {
        let gap = |(_, bin): (usize, Bin)| (bin.means().0 - bin.means().1).abs();
        self.bins().map(gap).sum::<f64>() / self.bins().count().max(1) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_counts_in_its_tenth() {
        let given = |confidence| Given { confidence, ..Given::default() };
        let mut stated = Stated::default();
        stated.add(
            &[given(0.95), given(1.0), given(0.5), given(0.2)],
            &[Some(true), Some(false), Some(true), None],
        );
        let bins: Vec<(usize, usize)> = stated.bins().map(|(n, b)| (n, b.answers)).collect();
        assert_eq!(bins, [(5, 1), (9, 2)]);
        assert!((stated.gap() - (0.5 + 0.475) / 2.0).abs() < 1e-6);
    }
}
