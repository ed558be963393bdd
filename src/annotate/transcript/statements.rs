//! Statements, extracts and letters printed as they are, without marks: the paragraphs behind "The
//! statement in full:" and "Smith wrote:" in which somebody says I or we, and letters to the editor with
//! a name below. Not for those between marks.

use std::ops::Range;

use super::names::{Named, Names, Prominent};
use super::words::{FULL, GREETINGS, OWN, TEXTS};
use super::{BETWEEN, Spoken, says_any};
use crate::annotate::cast::tokens_of;
use crate::annotate::scene::Scene;
use crate::annotate::words::Group;
use crate::annotate::{inner, words::forms};
use crate::article::{EntityKind, Part};
use crate::lexicon::Forms;
use crate::text::{Span, Spans};

/// Names of the rules that give these quotes.
const IN_FULL: &str = "statement-in-full";
const BLOCK: &str = "block-quote";
pub const SIGNED: &str = "signed-letter";
/// How often they are right, by hand.
const CONFIDENCE: f32 = 0.8;
/// Words of a lead-in, and of a signature, at most.
const LEAD: usize = 40;
/// Words of a lead-in that need not say whose words follow, at most: "The statement in full:".
const SHORTEST: usize = 6;
const SIGNATURE: usize = 9;
/// Paragraphs of a letter at most.
const LETTER: usize = 20;

/// The statements that a paragraph announces and the next ones print.
pub fn statements(scene: &Scene, names: &Names) -> Vec<Spoken> {
    let mut most = Prominent::new(scene, names);
    (1..scene.paragraphs.len()).filter_map(|p| statement(scene, names, &mut most, p)).collect()
}

/// The statement that begins with a paragraph.
fn statement(scene: &Scene, names: &Names, most: &mut Prominent, first: usize) -> Option<Spoken> {
    let lead = lead_in(scene, first)?;
    // Where somebody is quoted the article itself goes on.
    let bare = |p: usize| scene.paragraphs[p].tokens.clone().all(|t| scene.quoted[t] == 0);
    let own = |p: &usize| is_own(scene, *p) && bare(*p);
    let near = first..scene.paragraphs.len().min(first + BETWEEN);
    // One paragraph without I or we may stand among those with it.
    let mut last = near.clone().next().filter(own)?;
    while let Some(next) = (last + 1..near.end.min(last + 3)).find(own) {
        if !(last + 1..next).all(|p| is_plain(scene, p) && bare(p)) {
            break;
        }
        last = next;
    }
    let content = (first..last + 1).map(|p| scene.paragraphs[p].span).collect();
    let source = teller(scene, names, lead.clone());
    let shortest = lead.len() <= SHORTEST;
    let who = source.named.or_else(|| most.before(first - 1).filter(|_| shortest)).or(source.words);
    let around = Span::new(scene.paragraphs[first].span.start(), scene.paragraphs[last].span.end());
    let rule = if announces(scene, lead) { IN_FULL } else { BLOCK };
    let found = Spoken::direct(content, source.named.or(source.words), rule);
    Some(Spoken { who, around, confidence: CONFIDENCE, ..found })
}

/// The last sentence of the paragraph before one, if it says that somebody's words follow: "Read her
/// letter in full:", "Smith wrote:".
fn lead_in(scene: &Scene, first: usize) -> Option<Range<usize>> {
    let before = scene.paragraphs[first - 1].tokens.clone();
    let last = before.end.checked_sub(1)?;
    let lead = scene.sentences.get(scene.sentence_of(last))?.start.max(before.start)..before.end;
    let colon = scene.classes[last].group == Group::Colon && lead.len() <= LEAD;
    let open = lead.clone().all(|t| scene.quoted[t] == 0);
    let said = lead.len() > 2 && is_verb_of_saying(scene, last - 1);
    (colon && open && (said || announces(scene, lead.clone()))).then_some(lead)
}

/// Whether a lead-in names a text and says that it follows.
fn announces(scene: &Scene, lead: Range<usize>) -> bool {
    says_any(scene, lead.clone(), TEXTS) && says_any(scene, lead, FULL)
}

fn is_verb_of_saying(scene: &Scene, token: usize) -> bool {
    scene.classes[token].group == Group::CueSure
        && forms(scene.word(token)).any(Forms::PAST | Forms::THIRD)
}

/// Whose words a lead-in announces.
struct Teller {
    /// The words that name a speaker.
    named: Option<Span>,
    /// The words that name the text.
    words: Option<Span>,
}

/// "Smith said:", "Smith's statement", "the statement by Smith", else the first one named.
fn teller(scene: &Scene, names: &Names, lead: Range<usize>) -> Teller {
    let named = names.within(scene.span_of(lead.clone()));
    let named = named.filter(|named| named.entity.kind != EntityKind::Place);
    let named: Vec<Range<usize>> = named.map(|named| tokens_of(scene, named.span)).collect();
    let text = lead.clone().find(|&t| says_any(scene, t..t + 1, TEXTS));
    let subject = || {
        let cue = (lead.end - 2 > lead.start).then_some(lead.end - 2)?;
        is_verb_of_saying(scene, cue).then(|| inner::subject(scene, lead.start, cue))?
    };
    let comma = |t: usize| scene.classes[t].group == Group::Comma;
    let owner = |m: &&Range<usize>| {
        let owns = scene.classes.get(m.end).is_some_and(|c| c.group == Group::Genitive);
        owns && text.is_some_and(|text| text > m.end && !(m.end..text).any(comma))
    };
    let by = |m: &&Range<usize>| {
        let first = text.map_or(lead.end, |text| text + 1);
        (first..m.start).any(|t| matches!(scene.word(t), "by" | "from"))
    };
    let span = |m: &Range<usize>| scene.span_of(m.clone());
    let named = subject()
        .or_else(|| named.iter().find(owner).map(span))
        .or_else(|| named.iter().find(by).map(span))
        .or_else(|| named.first().map(span));
    Teller { named, words: text.map(|text| document(scene, lead.start, text)) }
}

/// A paragraph without marks around it in which somebody speaks of himself.
fn is_own(scene: &Scene, p: usize) -> bool {
    is_plain(scene, p) && says_any(scene, scene.paragraphs[p].tokens.clone(), OWN)
}

/// A paragraph of the body that does not open with a mark or a label.
fn is_plain(scene: &Scene, p: usize) -> bool {
    let paragraph = &scene.paragraphs[p];
    paragraph.part == Part::Body
        && paragraph.tokens.clone().next().is_some_and(|t| scene.quoted[t] == 0)
}

/// The words of a lead-in that name the text: "The club's full statement".
fn document(scene: &Scene, from: usize, text: usize) -> Span {
    let nominal = |t: &usize| {
        let class = scene.classes[*t];
        class.is_nominal() || class.group == Group::Manner
    };
    let words = (from..text).rev().take_while(nominal).count();
    scene.span_of(text - words..text + 1)
}

/// Letters with a greeting above and a name below.
pub fn letters(scene: &Scene, names: &Names) -> Vec<Spoken> {
    let opens =
        |&p: &usize| is_plain(scene, p) && greets(scene, scene.paragraphs[p].tokens.clone());
    (0..scene.paragraphs.len()).filter(opens).filter_map(|p| letter(scene, names, p)).collect()
}

/// Sir, …; Dear Editor, …
fn greets(scene: &Scene, tokens: Range<usize>) -> bool {
    let Some(word) = tokens.clone().next().map(|t| scene.word(t)) else { return false };
    let sign =
        |t: usize| matches!(scene.classes[t].group, Group::Comma | Group::Dash | Group::Colon);
    let limit = tokens.end.min(tokens.start + 7);
    GREETINGS.contains(&word) && (tokens.start + 1..limit).any(sign)
}

fn letter(scene: &Scene, names: &Names, first: usize) -> Option<Spoken> {
    let limit = scene.paragraphs.len().min(first + LETTER);
    let signed = |p: &usize| signature(scene, names, *p);
    let (below, source) = (first + 1..limit).find_map(|p| Some((p, signed(&p)?)))?;
    let words = first..below;
    let spoken = |p: &usize| is_plain(scene, *p) && !is_farewell(scene, *p);
    let own = words.clone().any(|p| is_own(scene, p));
    let content: Spans = words.filter(spoken).map(|p| scene.paragraphs[p].span).collect();
    let found = Spoken::direct(content, Some(source), SIGNED);
    own.then_some(Spoken { confidence: CONFIDENCE, ..found })
}

/// The name that opens a paragraph of nothing but a name and a place or an office.
fn signature(scene: &Scene, names: &Names, p: usize) -> Option<Span> {
    let paragraph = &scene.paragraphs[p];
    let tokens = paragraph.tokens.clone();
    let plain = |t: usize| {
        let class = scene.classes[t];
        class.is_name()
            || matches!(
                class.group,
                Group::Comma | Group::Title | Group::Role | Group::Preposition | Group::Number
            )
            || scene.word(t) == "the"
    };
    if tokens.len() > SIGNATURE || !tokens.clone().all(plain) {
        return None;
    }
    let opens = |span: Span| {
        span.of(scene.text).contains(' ') && tokens_of(scene, span).start <= tokens.start + 1
    };
    let mut named = names.within(paragraph.span);
    let person = |named: &Named| named.entity.kind == EntityKind::Person && opens(named.span);
    named.find(person).map(|named| named.span)
}

/// The name below a letter between marks, whose last paragraph is nothing else: it tells whose letter
/// that is, whatever leads in to it.
pub fn signer(scene: &Scene, content: &[Span]) -> Option<Span> {
    let [first, .., farewell, last] = content else { return None };
    let tokens = |span: &Span| tokens_of(scene, *span);
    let parting = tokens(farewell);
    let parts = parting.len() <= 5
        && parting.clone().next_back().is_some_and(|t| scene.classes[t].group == Group::Comma);
    if !parts && !greets(scene, tokens(first)) {
        return None;
    }
    let last = tokens(last);
    let named = |t: &usize| scene.classes[*t].is_name();
    let name = last.start..last.start + last.clone().take_while(named).count();
    let rest = name.end == last.end || scene.classes[name.end].group == Group::Comma;
    (name.len() >= 2 && rest && last.len() <= SIGNATURE).then(|| scene.span_of(name))
}

/// Yours sincerely,
fn is_farewell(scene: &Scene, p: usize) -> bool {
    let tokens = scene.paragraphs[p].tokens.clone();
    tokens.len() <= 5 && scene.classes[tokens.end - 1].group == Group::Comma
}
