//! What speaks for a person being the one a pronoun stands for, as hashed features. No decisions.

use super::pronouns::{Place, State};
use crate::model::{Linear, feature};

/// One person a pronoun may stand for.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Number of the entity.
    pub entity: usize,
    /// What speaks for and against it.
    pub features: Vec<u64>,
}

impl Candidate {
    /// What the weights make of the features, in units of the model's scale.
    pub fn score(&self, model: &Linear) -> i32 {
        model.sum(&self.features)
    }
}

/// What is known where the pronoun stands.
#[derive(Clone, Copy, Debug)]
pub struct Context {
    /// Sentence of the pronoun.
    pub sentence: usize,
    /// Paragraph of the pronoun.
    pub paragraph: usize,
    /// The pronoun stands in the first sentence of its paragraph.
    pub opens_paragraph: bool,
    /// How many candidates there are.
    pub rivals: usize,
}

/// What is known of one candidate.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// What was seen of it before the pronoun.
    pub state: &'a State,
    /// How many candidates were named more recently.
    pub rank: usize,
    /// How many candidates are named more often in the article.
    pub prominence: usize,
    /// It spoke last, this many paragraphs ago.
    pub spoke_last: Option<usize>,
    /// It is what the text was about: last subject or what the last pronoun stood for.
    pub focus: bool,
    /// The article has more than one word of its name.
    pub full_name: bool,
    /// The text tells its gender, and it is the pronoun's.
    pub gender_known: bool,
    /// It is named in the same sentence as the last speaker's source or later.
    pub after_speaker: bool,
}

/// The features of a candidate.
pub fn features(context: &Context, facts: &Facts) -> Vec<u64> {
    let state = facts.state;
    let away = |from: usize, to: usize, most: usize| (from.saturating_sub(to)).min(most) as u64;
    let sentences = away(context.sentence, state.sentence, 4);
    let paragraphs = away(context.paragraph, state.paragraph, 3);
    let place = state.place as u64;
    let rank = facts.rank.min(4) as u64;
    let opens = u64::from(context.opens_paragraph);
    let spoke = facts.spoke_last.map_or(0, |p| 1 + p.min(3) as u64);
    let focus = u64::from(facts.focus);
    let quoted_only = u64::from(state.place == Place::Quoted);
    let prominence = facts.prominence.min(3) as u64;
    let shared = context.rivals.min(3) as u64;
    let refreshed = away(context.paragraph, state.pronoun_paragraph, 3)
        + 4 * u64::from(state.pronoun_paragraph > state.paragraph);
    let pack = |parts: &[u64]| parts.iter().fold(1u64, |all, &p| all * 16 + p);
    // Whoever speaks seldom names themselves.
    let named_here = u64::from(state.quoted_paragraph == Some(context.paragraph));
    let full = u64::from(facts.full_name);
    let first = u64::from(state.seen == 1);
    let all: [&[u64]; 20] = [
        &[sentences, opens],
        &[paragraphs, opens, quoted_only],
        &[place, sentences],
        &[rank, opens],
        &[spoke, opens],
        &[spoke, paragraphs],
        &[focus, spoke.min(2)],
        &[focus, sentences, opens],
        &[u64::from(facts.gender_known), shared],
        &[prominence, shared],
        &[(state.seen.min(8) / 2) as u64],
        &[(state.spoken.min(4)) as u64, spoke.min(1)],
        &[refreshed, focus],
        &[u64::from(facts.after_speaker), spoke.min(1), paragraphs],
        &[place, rank, spoke.min(2)],
        &[u64::from(state.in_title), prominence],
        &[named_here, spoke.min(2)],
        &[full, u64::from(facts.gender_known)],
        &[first, full, paragraphs, place],
        &[first, spoke.min(2), focus, opens],
    ];
    all.iter().enumerate().map(|(template, parts)| feature(template as u32, pack(parts))).collect()
}
