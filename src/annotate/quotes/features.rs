//! What the source ranker knows about a quotation, a candidate, and the two together. Every feature
//! is made of word classes, punctuation, places and counts; none names a word of the text.

use super::strip::{Placed, QUOTATION, Strip, Verb};
use crate::annotate::candidates::{Candidate, Kind};
use crate::annotate::marks::Style;
use crate::annotate::scene::Scene;
use crate::annotate::words::{Class, Group};
use crate::model::{Sink, feature};
use rustc_hash::{FxBuildHasher, FxHashMap};

/// Features as hashes.
pub type Features = Vec<u64>;

/// Everything the features are read off.
pub struct View<'a> {
    /// The article.
    pub scene: &'a Scene<'a>,
    /// The article with its quotations folded.
    pub strip: &'a Strip,
    /// Who may speak.
    pub candidates: &'a [Candidate],
    /// Of each head word in the article.
    fames: Vec<Fame>,
    /// The number of each candidate's head word among them.
    head_words: Vec<u32>,
    /// The kind of each candidate, finer than `Kind`.
    kinds: Vec<u64>,
}

/// What the article does with a head word.
#[derive(Clone, Copy, Default)]
struct Fame {
    /// How often it heads a candidate.
    heads: u16,
    /// How often with a sure reporting verb right beside it.
    speaks: u16,
}

/// Small numbers as they are, larger ones by powers of two.
fn bucket(n: usize) -> u64 {
    match n {
        0..=4 => n as u64,
        5..=6 => 5,
        7..=9 => 6,
        10..=14 => 7,
        15..=24 => 8,
        25..=49 => 9,
        _ => 10,
    }
}

fn fine(class: Class) -> u64 {
    u64::from(class.fine)
}

fn group(class: Class) -> u64 {
    class.group as u64
}

/// Several small values in one.
fn pack(parts: &[u64]) -> u64 {
    parts.iter().fold(0, |sum, part| sum.wrapping_mul(4099).wrapping_add(part + 1))
}

impl<'a> View<'a> {
    /// Looks at a scene, its strip and its candidates.
    pub fn new(scene: &'a Scene, strip: &'a Strip, candidates: &'a [Candidate]) -> View<'a> {
        let room = candidates.len();
        let mut known: FxHashMap<&str, u32> =
            FxHashMap::with_capacity_and_hasher(room, FxBuildHasher);
        let mut head_words = Vec::with_capacity(room);
        let mut fames = vec![Fame::default(); room];
        for (candidate, placed) in candidates.iter().zip(&strip.placed) {
            let next = known.len() as u32;
            let head = *known.entry(scene.word(candidate.head as usize)).or_insert(next);
            head_words.push(head);
            let fame = &mut fames[head as usize];
            fame.heads = fame.heads.saturating_add(1);
            let sure = |verb: &Verb| verb.class.group == Group::CueSure && verb.gap == 0;
            fame.speaks += u16::from(sure(&placed.sure) || sure(&placed.before));
        }
        let kinds = candidates.iter().map(|candidate| kind(scene, candidate)).collect();
        View { scene, strip, candidates, fames, head_words, kinds }
    }

    fn fame(&self, c: usize) -> Fame {
        self.fames[self.head_words[c] as usize]
    }

    /// Features of the quotation alone.
    pub fn of_stretch(&self, s: usize, out: &mut Features) {
        let (stretch, inside) = (&self.scene.stretches[s], self.scene.inside[s].clone());
        let at = self.strip.of_stretch[s];
        let mut add = |template: u32, value: u64| out.push(feature(template, value));
        add(0, 0);
        for offset in [-3, -2, -1, 1, 2, 3] {
            let class = self.strip.at(at, offset);
            let place = (offset + 4) as u64;
            add(1, pack(&[place, fine(class)]));
            add(2, pack(&[place, group(class)]));
        }
        let (before, after) = (self.strip.at(at, -1), self.strip.at(at, 1));
        let (before2, after2) = (self.strip.at(at, -2), self.strip.at(at, 2));
        add(3, pack(&[group(before2), fine(before)]));
        add(4, pack(&[fine(after), group(after2)]));
        let first = inside.clone().next().map_or(Class::NONE, |t| self.scene.classes[t]);
        let last = inside.clone().next_back().map_or(Class::NONE, |t| self.scene.classes[t]);
        let upper = inside.clone().next().is_some_and(|t| self.scene.is_upper(t));
        let length = bucket(inside.len());
        add(5, length);
        add(6, pack(&[group(first), u64::from(upper)]));
        add(7, fine(last));
        add(8, pack(&[u64::from(stretch.closed), u64::from(stretch.continues)]));
        add(9, pack(&[u64::from(upper), fine(last), length.min(6)]));
        add(10, pack(&[group(before), u64::from(upper), group(last)]));
        add(11, pack(&[group(after), u64::from(upper), group(last)]));
        add(12, stretch.style as u64);
        add(13, pack(&[length.min(6), group(before), group(after)]));
        add(14, self.scene.paragraphs[stretch.paragraph].part as u64);
        add(
            15,
            pack(&[
                u64::from(stretch.style == Style::Single),
                u64::from(self.scene.is_first(stretch.paragraph)),
            ]),
        );
        let capitals = inside.clone().filter(|&t| self.scene.classes[t].is_name()).count();
        let names = if inside.is_empty() { 0 } else { 4 * capitals / inside.len() };
        add(16, pack(&[names as u64, length.min(6)]));
        let spoken = inside.clone().filter(|&t| {
            matches!(
                self.scene.classes[t].group,
                Group::Pronoun | Group::Auxiliary | Group::Negation
            )
        });
        add(17, pack(&[spoken.count().min(3) as u64, length.min(6)]));
        add(18, pack(&[fine(self.strip.at(at, -1)), length.min(6), u64::from(upper)]));
        let others = self.stretches_in_paragraph(s);
        add(19, pack(&[others.0.min(3) as u64, others.1.min(3) as u64]));
        let (cue, gap) = self.cue_before(at);
        add(20, pack(&[fine(cue)]));
        add(21, pack(&[group(cue), gap]));
        add(22, pack(&[group(cue), gap.min(4), length.min(6), u64::from(upper)]));
        let (cue, gap) = self.cue_behind(at);
        add(23, pack(&[fine(cue)]));
        add(24, pack(&[group(cue), gap]));
        let alone = before.group == Group::None && after.group == Group::None;
        add(25, u64::from(alone));
    }

    /// How many stretches stand before and behind this one in its paragraph.
    fn stretches_in_paragraph(&self, s: usize) -> (usize, usize) {
        let all = &self.scene.stretches;
        let here = all[s].paragraph;
        let before = all[..s].iter().rev().take_while(|o| o.paragraph == here).take(4).count();
        let behind = all[s + 1..].iter().take_while(|o| o.paragraph == here).take(4).count();
        (before, behind)
    }

    /// The nearest reporting verb before the quotation in its sentence, and roughly how far it is.
    fn cue_before(&self, at: u32) -> (Class, u64) {
        for gap in 0..20u32 {
            let Some(item) = at.checked_sub(gap + 1) else { break };
            let class = self.strip.items[item as usize];
            if matches!(class.group, Group::Stop | Group::None) || class == QUOTATION {
                break;
            }
            if matches!(class.group, Group::CueSure | Group::CueLikely) {
                return (class, bucket(gap as usize));
            }
        }
        (Class::NONE, 0)
    }

    /// The nearest reporting verb behind the quotation in its sentence, and roughly how far it is.
    fn cue_behind(&self, at: u32) -> (Class, u64) {
        for gap in 0..12 {
            let class = self.strip.at(at, gap + 1);
            if matches!(class.group, Group::Stop | Group::None) || class == QUOTATION {
                break;
            }
            if class.is_cue() {
                return (class, bucket(gap as usize));
            }
        }
        (Class::NONE, 0)
    }

    /// Features of a candidate alone.
    pub fn of_candidate(&self, c: usize, out: &mut Features) {
        let (candidate, placed) = (&self.candidates[c], &self.strip.placed[c]);
        let mut add = |template: u32, value: u64| out.push(feature(template, value));
        let kind = self.kinds[c];
        add(40, kind);
        add(41, pack(&[kind, bucket(self.fame(c).heads as usize)]));
        for offset in [-3, -2, -1] {
            let class = self.strip.at(placed.first, offset);
            add(42, pack(&[(offset + 4) as u64, fine(class)]));
            add(43, pack(&[(offset + 4) as u64, group(class), candidate.kind as u64]));
        }
        for offset in [1, 2, 3] {
            let class = self.strip.at(placed.head, offset);
            add(44, pack(&[offset as u64, fine(class)]));
            add(45, pack(&[offset as u64, group(class), candidate.kind as u64]));
        }
        let (left, right) = (self.strip.at(placed.first, -1), self.strip.at(placed.head, 1));
        add(46, pack(&[fine(left), group(right)]));
        add(47, pack(&[group(left), fine(right)]));
        add(48, pack(&[group(right), fine(self.strip.at(placed.head, 2))]));
        add(49, pack(&[fine(self.strip.at(placed.first, -2)), fine(left)]));
        for (n, verb) in [&placed.behind, &placed.sure].into_iter().enumerate() {
            let n = n as u64;
            add(50, pack(&[n, fine(verb.class)]));
            add(51, pack(&[n, group(verb.class), bucket(verb.gap.into())]));
            add(52, pack(&[n, group(verb.class), verb.over.into(), verb.names.min(3).into()]));
            add(53, pack(&[n, kind, fine(verb.class), group(verb.class), verb.gap.min(2).into()]));
        }
        let last = placed.before;
        add(54, fine(last.class));
        add(55, pack(&[group(last.class), last.gap.into(), last.over.into()]));
        add(56, pack(&[kind, fine(placed.before.class), placed.before.gap.min(2).into()]));
        let opens =
            self.strip.sentence[placed.first as usize] != self.strip.at_sentence(placed.first, -1);
        add(57, pack(&[u64::from(opens), kind]));
        let first_class = self.scene.classes[candidate.first as usize];
        add(58, pack(&[group(first_class), kind]));
        add(59, pack(&[bucket((candidate.head - candidate.first) as usize), kind]));
    }

    /// The few features by which the gate picks candidates.
    pub fn for_gate(&self, s: usize, c: usize, rank: usize, out: &mut impl Sink) {
        let placed = &self.strip.placed[c];
        let at = self.strip.of_stretch[s];
        let side = side(self.strip, placed, at);
        let gap = if placed.head < at { at - placed.head } else { placed.first - at };
        let coarse = self.candidates[c].kind as u64;
        let rank = rank.min(12) as u64;
        let verb = pattern(placed, at);
        let (left, right) = (self.strip.at(placed.first, -1), self.strip.at(placed.head, 1));
        let mut add = |template: u32, value: u64| out.put(template, value);
        add(30, pack(&[side, rank, coarse]));
        add(31, pack(&[side, bucket(gap as usize)]));
        add(32, pack(&[side, verb]));
        add(33, pack(&[side, verb, rank.min(6)]));
        add(34, pack(&[side, fine(left)]));
        add(35, pack(&[side, fine(right)]));
        add(36, pack(&[side, self.kinds[c]]));
        add(37, pack(&[coarse, verb]));
    }

    /// Features of a candidate as the source of a quotation.
    pub fn of_pair(&self, s: usize, c: usize, rank: usize, out: &mut Features) {
        let (candidate, placed) = (&self.candidates[c], &self.strip.placed[c]);
        let at = self.strip.of_stretch[s];
        let place = Place::new(self.strip, placed, at);
        let coarse = candidate.kind as u64;
        let side = place.side;
        let rank = rank.min(6) as u64;
        let fame = self.fame(c);
        let mut add = |template: u32, value: u64| out.push(feature(template, value));
        add(61, pack(&[side, bucket(place.gap)]));
        add(63, pack(&[side, rank, coarse]));
        add(65, pack(&[side, place.between]));
        let verb = pattern(placed, at);
        add(67, pack(&[side, verb, coarse]));
        add(68, pack(&[side, verb, rank]));
        add(72, pack(&[side, fine(self.strip.at(placed.first, -1))]));
        let (qleft, qright) = (self.strip.at(at, -1), self.strip.at(at, 1));
        add(74, pack(&[side, verb, group(qleft)]));
        add(75, pack(&[side, verb, group(qright)]));
        let others = self.stretches_in_paragraph(s);
        add(82, pack(&[side, others.0.min(2) as u64, others.1.min(2) as u64, verb]));
        add(85, pack(&[side, bucket(fame.heads as usize), coarse]));
        add(87, pack(&[side, place.cues.min(3) as u64, verb]));
        add(89, pack(&[side, place.nearer_subject, verb]));
        add(97, pack(&[side, coarse, fame.speaks.min(4).into(), fame.heads.min(4).into()]));
    }
}

/// The kind of a candidate, finer than `Kind`.
fn kind(scene: &Scene, candidate: &Candidate) -> u64 {
    let head = scene.classes[candidate.head as usize];
    match candidate.kind {
        Kind::Pronoun => 16 + fine(head),
        Kind::Name => {
            let names = (candidate.first..=candidate.head).map(|t| scene.classes[t as usize]).fold(
                0,
                |flags, class| match class.group {
                    Group::Title => flags | 1,
                    Group::Role => flags | 2,
                    Group::Given => flags | 4,
                    _ => flags,
                },
            );
            let acronym = u64::from(head.group == Group::Acronym);
            1024 + names + 8 * acronym
        }
        kind => kind as u64,
    }
}

/// How a candidate and a quotation lie to each other.
struct Place {
    /// 0..: same sentence before, behind; same paragraph before, behind; paragraphs before; next.
    side: u64,
    /// Items between.
    gap: usize,
    /// What stands between: bits for a comma, stop, colon, "that", relative, name, verb …
    between: u64,
    /// Sure reporting verbs between.
    cues: usize,
    /// Whether a name or pronoun with a sure verb right beside it stands between.
    nearer_subject: u64,
}

impl Place {
    fn new(strip: &Strip, placed: &Placed, at: u32) -> Self {
        let before = placed.head < at;
        let (from, to) = if before { (placed.head + 1, at) } else { (at + 1, placed.first) };
        let side = side(strip, placed, at);
        let mut place =
            Place { side, gap: (to - from) as usize, between: 0, cues: 0, nearer_subject: 0 };
        let mut named = false;
        for class in &strip.items[from as usize..to as usize] {
            place.see(*class, &mut named);
        }
        place
    }

    fn see(&mut self, class: Class, named: &mut bool) {
        self.between |= match class.group {
            Group::Comma => 1,
            Group::Stop | Group::Semicolon => 2,
            Group::Colon => 4,
            Group::Subordinator => 8,
            Group::Relative => 16,
            Group::Conjunction => 32,
            _ if class.fine == that() => 8,
            _ if class == QUOTATION => 64,
            Group::CueLikely => 128,
            _ => 0,
        };
        if class.group == Group::CueSure {
            self.cues += 1;
            self.nearer_subject |= u64::from(*named);
        }
        *named = class.is_name() || class.group == Group::Pronoun || class.group == Group::Role;
    }
}

/// Where a candidate stands as seen from the quotation at item `at`: same sentence before, behind;
/// same paragraph before, behind; paragraphs before; the next.
fn side(strip: &Strip, placed: &Placed, at: u32) -> u64 {
    let before = placed.head < at;
    let (head, here) = (placed.head as usize, at as usize);
    let paragraphs = strip.paragraph[here].abs_diff(strip.paragraph[head]);
    let sentences = strip.sentence[here].abs_diff(strip.sentence[head]);
    match (before, paragraphs, sentences) {
        (true, 0, 0) => 0,
        (false, 0, 0) => 1,
        (true, 0, 1) => 2,
        (true, 0, _) => 3,
        (false, 0, 1) => 4,
        (false, 0, _) => 5,
        (true, 1, _) => 6,
        (true, 2, _) => 7,
        (true, ..) => 8,
        (false, ..) => 9,
    }
}

/// How the verb of a candidate lies to the quotation at item `at`.
fn pattern(placed: &Placed, at: u32) -> u64 {
    let value = |verb: &Verb, base: u64| {
        let between = (placed.head < at) == (verb.item < at)
            && verb.item.abs_diff(at) <= placed.head.abs_diff(at);
        base + 100 * u64::from(verb.class.group == Group::CueSure)
            + 200 * u64::from(between)
            + 10 * u64::from(verb.gap.min(3))
            + 400 * u64::from(verb.item.abs_diff(at) <= 2)
    };
    if placed.before.class != Class::NONE && placed.before.gap <= 1 {
        return value(&placed.before, 1);
    }
    if placed.sure.class != Class::NONE {
        return value(&placed.sure, 2);
    }
    if placed.behind.class != Class::NONE {
        return value(&placed.behind, 3);
    }
    0
}

/// The number of "that".
fn that() -> u16 {
    static NUMBER: std::sync::OnceLock<u16> = std::sync::OnceLock::new();
    *NUMBER.get_or_init(|| crate::annotate::words::number_of("that"))
}
