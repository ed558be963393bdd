//! Fitting of the weights behind `annotate::entities`: a log-linear model over all ways of cutting a
//! run of words into names and other words (a semi-Markov random field, Sarawagi and Cohen 2004).
//!
//! The loss is minus the log of the probability of all cuts that the marks allow; where a set of
//! articles says nothing about a kind, any answer is allowed there. It is minimised by AdaGrad,
//! one run after the other in an order fixed by a seed, so that the same data give the same bytes.

use std::ops::Range;

use crate::annotate::entities::lattice::KINDS;

/// Weights of one feature, one a kind.
pub(crate) type Row = [f32; KINDS];

/// One run with its features and the cuts that are allowed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Example {
    /// Feature ids: three groups a token (inside, begin, end), then one a stretch.
    pub(crate) features: Vec<u32>,
    /// Where each group ends in `features`.
    pub(crate) ends: Vec<u32>,
    /// Stretches by their ends, counted from the start of the run.
    pub(crate) stretches: Vec<Range<u8>>,
    /// Per stretch the kinds that are allowed, one bit each.
    pub(crate) allowed: Vec<u8>,
    /// Per token whether it may stand outside of any name.
    pub(crate) outside: Vec<bool>,
}

impl Example {
    pub(crate) fn group(&self, group: usize) -> &[u32] {
        let from = group.checked_sub(1).map_or(0, |g| self.ends[g] as usize);
        &self.features[from..self.ends[group] as usize]
    }

    fn tokens(&self) -> usize {
        self.outside.len()
    }

    /// Scores of all stretches.
    pub(crate) fn scores(&self, weights: &[Row]) -> Vec<Row> {
        let sums: Vec<Row> = (0..self.ends.len()).map(|g| sum(self.group(g), weights)).collect();
        let tokens = self.tokens();
        let score = |(i, stretch): (usize, &Range<u8>)| {
            let (from, to) = (usize::from(stretch.start), usize::from(stretch.end));
            let mut row = sums[3 * tokens + i];
            (from..to).for_each(|t| add(&mut row, &sums[3 * t]));
            add(&mut row, &sums[3 * from + 1]);
            add(&mut row, &sums[3 * (to - 1) + 2]);
            row
        };
        self.stretches.iter().enumerate().map(score).collect()
    }

    /// The probability of each stretch as each kind, among all cuts or the allowed ones.
    fn marginals(&self, scores: &[Row], allowed_only: bool) -> Vec<Row> {
        let n = self.tokens();
        let open =
            |stretch: usize, kind: usize| !allowed_only || self.allowed[stretch] >> kind & 1 == 1;
        let outside = |token: usize| !allowed_only || self.outside[token];
        let mut ahead = vec![f64::NEG_INFINITY; n + 1];
        let mut behind = ahead.clone();
        ahead[0] = 0.0;
        let mut next = 0;
        for end in 1..=n {
            let mut total = if outside(end - 1) { ahead[end - 1] } else { f64::NEG_INFINITY };
            while next < self.stretches.len() && usize::from(self.stretches[next].end) == end {
                for kind in (0..KINDS).filter(|&k| open(next, k)) {
                    let before = ahead[usize::from(self.stretches[next].start)];
                    total = log_add(total, before + f64::from(scores[next][kind]));
                }
                next += 1;
            }
            ahead[end] = total;
        }
        behind[n] = 0.0;
        for end in (1..=n).rev() {
            while next > 0 && usize::from(self.stretches[next - 1].end) == end {
                next -= 1;
                let from = usize::from(self.stretches[next].start);
                for kind in (0..KINDS).filter(|&k| open(next, k)) {
                    behind[from] =
                        log_add(behind[from], behind[end] + f64::from(scores[next][kind]));
                }
            }
            if outside(end - 1) {
                behind[end - 1] = log_add(behind[end - 1], behind[end]);
            }
        }
        let all = ahead[n];
        let mut shares = vec![[0.0; KINDS]; self.stretches.len()];
        for (i, stretch) in self.stretches.iter().enumerate() {
            let around = ahead[usize::from(stretch.start)] + behind[usize::from(stretch.end)] - all;
            for kind in (0..KINDS).filter(|&k| open(i, k)) {
                shares[i][kind] = (around + f64::from(scores[i][kind])).exp() as f32;
            }
        }
        shares
    }
}

fn sum(features: &[u32], weights: &[Row]) -> Row {
    features.iter().fold([0.0; KINDS], |mut row, &f| {
        add(&mut row, &weights[f as usize]);
        row
    })
}

fn add(to: &mut Row, from: &Row) {
    to.iter_mut().zip(from).for_each(|(t, f)| *t += f);
}

fn log_add(a: f64, b: f64) -> f64 {
    let (low, high) = if a < b { (a, b) } else { (b, a) };
    if low == f64::NEG_INFINITY { high } else { high + (low - high).exp().ln_1p() }
}

/// How to fit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    pub(crate) epochs: usize,
    pub(crate) rate: f32,
    /// Weight of the penalty, per update.
    pub(crate) l2: f32,
    /// Share of the features that is left out at random.
    pub(crate) dropout: f32,
}

/// Fits `features` rows to the examples; the mean over the last half of the epochs.
pub(crate) fn fit(examples: &[Example], features: usize, settings: &Settings) -> Vec<Row> {
    let mut learner = Learner {
        weights: vec![[0.0; KINDS]; features],
        squares: vec![[1e-2; KINDS]; features],
        settings: *settings,
        random: Random(0x5eed),
    };
    let mut mean = vec![[0.0; KINDS]; features];
    let kept = settings.epochs.div_ceil(2);
    let mut order: Vec<usize> = (0..examples.len()).collect();
    for epoch in 0..settings.epochs {
        learner.random.shuffle(&mut order);
        order.iter().for_each(|&i| learner.step(&examples[i]));
        if epoch + kept >= settings.epochs {
            let share = 1.0 / kept as f32;
            for (m, w) in mean.iter_mut().zip(&learner.weights) {
                m.iter_mut().zip(w).for_each(|(m, w)| *m += share * w);
            }
        }
    }
    mean
}

struct Learner {
    weights: Vec<Row>,
    squares: Vec<Row>,
    settings: Settings,
    random: Random,
}

impl Learner {
    fn step(&mut self, example: &Example) {
        let thinned;
        let example = match self.settings.dropout > 0.0 {
            true => {
                thinned = self.thinned(example);
                &thinned
            }
            false => example,
        };
        let scores = example.scores(&self.weights);
        let full = example.marginals(&scores, false);
        let allowed = example.marginals(&scores, true);
        let mut slopes = vec![[0.0f32; KINDS]; example.ends.len()];
        let tokens = example.tokens();
        for (i, stretch) in example.stretches.iter().enumerate() {
            let mut slope = [0.0; KINDS];
            for kind in 0..KINDS {
                slope[kind] = full[i][kind] - allowed[i][kind];
            }
            if slope.iter().all(|s| s.abs() < 1e-6) {
                continue;
            }
            let (from, to) = (usize::from(stretch.start), usize::from(stretch.end));
            (from..to).for_each(|t| add(&mut slopes[3 * t], &slope));
            add(&mut slopes[3 * from + 1], &slope);
            add(&mut slopes[3 * (to - 1) + 2], &slope);
            add(&mut slopes[3 * tokens + i], &slope);
        }
        for (group, slope) in
            slopes.iter().enumerate().filter(|(_, s)| s.iter().any(|s| s.abs() > 1e-6))
        {
            for &feature in example.group(group) {
                self.update(feature as usize, slope);
            }
        }
    }

    /// The example without some features, chosen at random.
    fn thinned(&mut self, example: &Example) -> Example {
        let mut thinned = Example { features: Vec::new(), ends: Vec::new(), ..example.clone() };
        for group in 0..example.ends.len() {
            let kept =
                example.group(group).iter().filter(|_| self.random.unit() >= self.settings.dropout);
            thinned.features.extend(kept);
            thinned.ends.push(thinned.features.len() as u32);
        }
        thinned
    }

    fn update(&mut self, feature: usize, slope: &Row) {
        let (weights, squares) = (&mut self.weights[feature], &mut self.squares[feature]);
        for kind in 0..KINDS {
            let slope = slope[kind] + self.settings.l2 * weights[kind];
            squares[kind] += slope * slope;
            weights[kind] -= self.settings.rate * slope / squares[kind].sqrt();
        }
    }
}

/// A small random number generator (SplitMix64), for orders that are the same every time.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    /// A number from 0 up to 1.
    pub(crate) fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u64 << 24) as f32
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, (self.next() % (i as u64 + 1)) as usize);
        }
    }
}
