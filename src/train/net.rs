//! Fitting of the small networks that rank answers: binary features, one hidden layer, softmax over
//! the answers of a question, minus the log of the probability of all right ones as loss. Adagrad,
//! one question a step, seeded and single-threaded, so the same examples give the same weights.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use crate::model;

/// One question: features that all candidate answers share, then each answer's own.
#[derive(Clone, Debug, Default)]
pub struct Example {
    /// Feature numbers of the shared features.
    pub shared: Vec<u32>,
    /// For every answer: its features, whether the shared ones count for it, whether it is right.
    pub answers: Vec<Answer>,
    /// How much the question counts.
    pub weight: f32,
}

/// One answer to a question.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// Feature numbers.
    pub features: Vec<u32>,
    /// Whether the shared features belong to it.
    pub shares: bool,
    /// Whether it is right.
    pub right: bool,
}

/// Numbers for features, given in the order of first sight.
#[derive(Default)]
pub struct Names {
    ids: HashMap<u64, u32, FxBuildHasher>,
    /// The features by number.
    pub features: Vec<u64>,
    /// How often each was seen.
    pub counts: Vec<u32>,
}

impl Names {
    /// The numbers of some features.
    pub fn numbers(&mut self, features: &[u64]) -> Vec<u32> {
        features.iter().map(|&f| self.number(f)).collect()
    }

    fn number(&mut self, feature: u64) -> u32 {
        let next = self.features.len() as u32;
        let id = *self.ids.entry(feature).or_insert(next);
        if id == next {
            self.features.push(feature);
            self.counts.push(0);
        }
        self.counts[id as usize] += 1;
        id
    }

    /// The number of a feature that was seen.
    pub fn known(&self, feature: u64) -> Option<u32> {
        self.ids.get(&feature).copied()
    }
}

/// The examples with rare features taken out and the rest numbered anew, and the features kept.
/// Questions without a right answer teach nothing and go.
pub fn without_rare(
    examples: Vec<Example>,
    names: &Names,
    min_count: u32,
) -> (Vec<Example>, Vec<u64>) {
    let mut kept = Vec::new();
    let mut number = vec![u32::MAX; names.features.len()];
    for (old, &feature) in names.features.iter().enumerate() {
        if names.counts[old] >= min_count {
            number[old] = kept.len() as u32;
            kept.push(feature);
        }
    }
    let renumber = |features: &mut Vec<u32>| {
        features.retain_mut(|f| {
            *f = number.get(*f as usize).copied().unwrap_or(u32::MAX);
            *f != u32::MAX
        });
    };
    let mut examples = examples;
    examples.retain(|e| e.answers.iter().any(|a| a.right));
    for example in &mut examples {
        renumber(&mut example.shared);
        example.answers.iter_mut().for_each(|a| renumber(&mut a.features));
    }
    (examples, kept)
}

/// How to fit.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Hidden units.
    pub hidden: usize,
    /// Passes over the examples.
    pub epochs: usize,
    /// Step size.
    pub rate: f32,
    /// Shrinking of a row each time it is used.
    pub decay: f32,
    /// Share of features left out at random.
    pub dropout: f32,
    /// Features seen less often are left out.
    pub min_count: u32,
    /// Start of the random numbers.
    pub seed: u64,
}

/// A network under training. Rows are `hidden + 1` wide: the last column is the linear part.
pub struct Net {
    /// Row width.
    pub width: usize,
    /// First layer, a row a feature.
    pub rows: Vec<f32>,
    squares: Vec<f32>,
    /// Second layer.
    pub top: Vec<f32>,
    top_squares: Vec<f32>,
    /// Sum of all states since averaging began, and how many.
    sum: Vec<f64>,
    top_sum: Vec<f64>,
    summed: u32,
}

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u64 << 24) as f32
    }
}

impl Net {
    fn new(count: usize, settings: &Settings, random: &mut Random) -> Net {
        let width = settings.hidden + 1;
        let mut rows = vec![0.0; count * width];
        for row in rows.chunks_exact_mut(width) {
            for weight in &mut row[..settings.hidden] {
                *weight = (random.unit() - 0.5) * 0.2;
            }
        }
        let top = (0..settings.hidden).map(|_| (random.unit() - 0.5) * 0.6).collect();
        Net {
            width,
            squares: vec![1e-2; rows.len()],
            top_squares: vec![1e-2; settings.hidden],
            sum: vec![0.0; rows.len()],
            top_sum: vec![0.0; settings.hidden],
            summed: 0,
            rows,
            top,
        }
    }

    fn add(&self, features: &[u32], kept: &[bool], into: &mut [f32]) {
        for (&f, _) in features.iter().zip(kept).filter(|(_, kept)| **kept) {
            let row = &self.rows[f as usize * self.width..][..self.width];
            into.iter_mut().zip(row).for_each(|(sum, w)| *sum += w);
        }
    }

    /// The scores of all answers of a question; unknown features are left out by the caller.
    pub fn scores(&self, example: &Example) -> Vec<f32> {
        let all = vec![true; 4096];
        let mut shared = vec![0.0; self.width];
        self.add(&example.shared, &all, &mut shared);
        let score = |answer: &Answer| {
            let mut sums = if answer.shares { shared.clone() } else { vec![0.0; self.width] };
            self.add(&answer.features, &all, &mut sums);
            self.top_score(&sums)
        };
        example.answers.iter().map(score).collect()
    }

    fn top_score(&self, sums: &[f32]) -> f32 {
        let hidden = self.width - 1;
        let deep: f32 = sums[..hidden].iter().zip(&self.top).map(|(s, t)| s.max(0.0) * t).sum();
        deep + sums[hidden]
    }

    fn step(&mut self, example: &Example, settings: &Settings, random: &mut Random) {
        let keep = 1.0 - settings.dropout;
        let mut kept = |n: usize| -> Vec<bool> { (0..n).map(|_| random.unit() < keep).collect() };
        let shared_kept = kept(example.shared.len());
        let mut shared = vec![0.0; self.width];
        self.add(&example.shared, &shared_kept, &mut shared);
        let mut sums = Vec::with_capacity(example.answers.len());
        let mut keeps = Vec::with_capacity(example.answers.len());
        for answer in &example.answers {
            let mut sum = if answer.shares { shared.clone() } else { vec![0.0; self.width] };
            let kept = kept(answer.features.len());
            self.add(&answer.features, &kept, &mut sum);
            sum.iter_mut().for_each(|s| *s /= keep);
            sums.push(sum);
            keeps.push(kept);
        }
        let mut scores: Vec<f32> = sums.iter().map(|s| self.top_score(s)).collect();
        let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        scores.iter_mut().for_each(|s| *s = (*s - most).exp());
        let all: f32 = scores.iter().sum();
        let right: f32 =
            scores.iter().zip(&example.answers).filter(|(_, a)| a.right).map(|(s, _)| s).sum();
        let right = right.max(1e-20);
        let hidden = self.width - 1;
        let mut top_slope = vec![0.0; hidden];
        let mut shared_slope = vec![0.0; self.width];
        let mut slopes = Vec::with_capacity(sums.len());
        for ((answer, sum), score) in example.answers.iter().zip(&sums).zip(&scores) {
            let wanted = if answer.right { score / right } else { 0.0 };
            let slope = (score / all - wanted) * example.weight;
            let mut back = vec![0.0; self.width];
            for h in 0..hidden {
                if sum[h] > 0.0 {
                    top_slope[h] += slope * sum[h];
                    back[h] = slope * self.top[h] / keep;
                }
            }
            back[hidden] = slope / keep;
            if answer.shares {
                shared_slope.iter_mut().zip(&back).for_each(|(s, b)| *s += b);
            }
            slopes.push((slope, back));
        }
        for ((answer, (slope, back)), kept) in example.answers.iter().zip(&slopes).zip(&keeps) {
            if slope.abs() > 1e-5 {
                self.descend(&answer.features, kept, back, settings);
            }
        }
        self.descend(&example.shared, &shared_kept, &shared_slope, settings);
        let tops = self.top.iter_mut().zip(&mut self.top_squares).zip(&top_slope);
        for ((top, square), slope) in tops {
            *square += slope * slope;
            *top -= settings.rate * slope / square.sqrt();
        }
    }

    fn descend(&mut self, features: &[u32], kept: &[bool], slope: &[f32], settings: &Settings) {
        for (&f, _) in features.iter().zip(kept).filter(|(_, kept)| **kept) {
            let at = f as usize * self.width;
            let rows = &mut self.rows[at..at + self.width];
            let squares = &mut self.squares[at..at + self.width];
            for ((w, q), s) in rows.iter_mut().zip(squares).zip(slope) {
                *q += s * s;
                *w -= settings.rate * s / q.sqrt();
                *w *= 1.0 - settings.decay;
            }
        }
    }

    fn remember(&mut self) {
        self.sum.iter_mut().zip(&self.rows).for_each(|(s, w)| *s += f64::from(*w));
        self.top_sum.iter_mut().zip(&self.top).for_each(|(s, w)| *s += f64::from(*w));
        self.summed += 1;
    }

    fn average(&mut self) {
        let n = f64::from(self.summed.max(1));
        self.rows.iter_mut().zip(&self.sum).for_each(|(w, s)| *w = (s / n) as f32);
        self.top.iter_mut().zip(&self.top_sum).for_each(|(w, s)| *w = (s / n) as f32);
    }
}

/// Fits a network; `count` is the number of features the examples use.
pub fn fit(examples: &[Example], count: usize, settings: &Settings) -> Net {
    let mut random = Random(settings.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut net = Net::new(count, settings, &mut random);
    let mut order: Vec<usize> = (0..examples.len()).collect();
    for epoch in 0..settings.epochs {
        for i in (1..order.len()).rev() {
            order.swap(i, (random.next() % (i as u64 + 1)) as usize);
        }
        for (n, &i) in order.iter().enumerate() {
            net.step(&examples[i], settings, &mut random);
            if epoch * 2 >= settings.epochs && n % 3000 == 2999 {
                net.remember();
            }
        }
    }
    net.average();
    net
}

/// Rows of several networks side by side, ready for `annotate::quotes::net`: every hidden unit is
/// scaled so that it counts plus or minus one, adding units first, and the nets' scores averaged.
pub fn side_by_side(nets: &[Net]) -> (Vec<Vec<f32>>, usize) {
    let share = 1.0 / nets.len() as f32;
    let mut units: Vec<(usize, usize, f32)> = Vec::new();
    for (n, net) in nets.iter().enumerate() {
        units.extend(net.top.iter().enumerate().map(|(h, &top)| (n, h, top * share)));
    }
    units.sort_by_key(|&(_, _, top)| top < 0.0);
    let adding = units.iter().filter(|u| u.2 >= 0.0).count();
    let count = nets[0].rows.len() / nets[0].width;
    let row = |f: usize| {
        let weight = |n: usize, column: usize| nets[n].rows[f * nets[n].width + column];
        let deep = units.iter().map(|&(n, h, top)| weight(n, h) * top.abs());
        let plain = (0..nets.len()).map(|n| weight(n, nets[n].width - 1) * share).sum();
        deep.chain([plain]).collect()
    };
    ((0..count).map(row).collect(), adding)
}

/// The bytes of the model file. Weights beyond the largest that one in ten thousand passes are cut
/// to it, so that a few large ones do not make all others coarse.
pub fn to_bytes(features: &[u64], rows: &[Vec<f32>], adding: usize) -> Vec<u8> {
    let mut sizes: Vec<f32> = rows.iter().flatten().map(|w| w.abs()).collect();
    sizes.sort_unstable_by(f32::total_cmp);
    let limit = sizes[sizes.len() - 1 - sizes.len() / 10_000].max(1e-6);
    let scale = limit / 127.0;
    let byte = |w: &f32| (w / scale).round().clamp(-127.0, 127.0) as i8;
    let table: Vec<(u64, Vec<i8>)> = features
        .iter()
        .zip(rows)
        .map(|(&feature, row)| (feature, row.iter().map(byte).collect::<Vec<i8>>()))
        .filter(|(_, row)| row.iter().any(|&w| w != 0))
        .collect();
    model::save(rows[0].len(), scale, adding as u32, &table)
}
