//! Plain forms in other languages: the reporting verb beside the quotation, and the few ways to say
//! "according to". We know verbs and marks of these languages, not their grammar.

use std::ops::Range;
use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use super::{before, behind, candidate_in, paragraph, source};
use crate::annotate::marks::Style;
use crate::annotate::quotes::Source;
use crate::annotate::quotes::features::View;
use crate::annotate::scene::Scene;
use crate::annotate::words::Group;
use crate::lexicon::FOREIGN_CUES;
use crate::text::Span;

/// Reporting verbs that end a run of ideographs, longest first.
const CJK_CUES: &[&str] = &[
    "表示", "指出", "说道", "說道", "强调", "強調", "认为", "認為", "写道", "寫道", "问道", "問道",
    "回答", "补充", "補充", "宣布", "说", "說", "称", "稱", "问", "問", "道",
];
/// What follows a Japanese quotation and says that somebody spoke it.
const JAPANESE_CUES: &[&str] =
    &["と述べ", "と語", "と話", "と言", "とコメント", "と説明", "と強調", "と発言"];
/// What stands between a Japanese name and its quotation.
const JAPANESE_PARTICLES: &[&str] = &["は", "さんは", "が", "さんが", "、"];
/// Further verbs, of languages whose verbs the rankers do not know: Swedish, Danish, Norwegian,
/// Polish, Czech, Russian, Ukrainian, Turkish.
const MORE_CUES: &str = "\
    säger sade sa berättar skriver siger sagde sier forteller fortæller powiedział \
    powiedziała mówi stwierdził stwierdziła dodał dodała napisał řekl řekla uvedl uvedla \
    dodal сказал сказала заявил заявила говорит отметил отметила добавил добавила написал \
    написала подчеркнул подчеркнула сообщил сообщила сказав заявив зазначив зазначила dedi \
    söyledi insisté insiste martelé plaidé soupire sottolineato osservato ribadito \
    commentato spiega garantiu contou criticou lamentou alertou ressalta aseveró sentenció \
    remarcó ironizó";
/// "According to", before a source.
const ACCORDING: &[&str] =
    &["selon", "según", "secondo", "segundo", "laut", "volgens", "enligt", "według", "ifølge"];

/// „…“, sagte Anna Krüger; Elena Ruiz aseguró: «…»
pub fn foreign_cue(view: &View, s: usize) -> Option<(Source, Option<usize>)> {
    let scene = view.scene;
    let within = paragraph(scene, s);
    let is_cue = |t: &usize| is_cue(scene, *t);
    if let Some(next) = behind(scene, s)
        && let Some(cue) = (next..within.end.min(next + 5)).find(is_cue)
    {
        let end = end_of_phrase(scene, cue + 1, within.end);
        return named(view, cue + 1..end).map(|source| (source, Some(cue)));
    }
    let last = before(scene, s)?;
    let cue = (last.saturating_sub(2).max(within.start)..=last).rev().find(is_cue)?;
    let sentence = scene.sentences[scene.sentence_of(cue)].clone();
    let candidate = view
        .candidates
        .iter()
        .rev()
        .find(|c| (c.head as usize) < cue && c.first as usize >= sentence.start)?;
    let start = candidate.first as usize;
    let end = (start..cue).rev().find(|&t| scene.is_upper(t));
    let source = match end {
        Some(head) => Source { span: scene.span_of(start..head + 1), head },
        None => source(candidate),
    };
    Some((source, Some(cue)))
}

fn is_cue(scene: &Scene, token: usize) -> bool {
    static KNOWN: LazyLock<FxHashSet<&str>> = LazyLock::new(|| FOREIGN_CUES.lines().collect());
    static MORE: LazyLock<FxHashSet<&str>> = LazyLock::new(|| MORE_CUES.split(' ').collect());
    let word = scene.word(token);
    // The classes fold accents: "to declare" is no "déclare", and "Lance" is a name. In English
    // text none of the further verbs is a word.
    scene.classes[token].is_foreign_cue() && KNOWN.contains(word) || MORE.contains(word)
}

/// Selon Anne Duval, «…»; „…“, so die Sprecherin Ina Keller
pub fn foreign_according(view: &View, s: usize) -> Option<(Source, Option<usize>)> {
    let scene = view.scene;
    let within = paragraph(scene, s);
    let says = |t: usize| ACCORDING.iter().any(|a| a.eq_ignore_ascii_case(scene.word(t)));
    if let Some(comma) = behind(scene, s)
        && scene.classes[comma].group == Group::Comma
        && comma + 2 < within.end
        && (says(comma + 1) || scene.word(comma + 1) == "so" && !english(scene, comma + 2))
    {
        let end = end_of_phrase(scene, comma + 2, within.end);
        return named(view, comma + 2..end).map(|source| (source, Some(comma + 1)));
    }
    let comma = before(scene, s)?;
    let sentence = scene.sentences[scene.sentence_of(comma)].start;
    let opens = sentence.max(within.start);
    let led = says(opens) && comma > opens + 1 && comma - opens <= 8;
    if !led || scene.classes[comma].group != Group::Comma {
        return None;
    }
    named(view, opens + 1..comma).map(|source| (source, Some(opens)))
}

/// Whether a word is one of the words of English grammar: "so it said".
fn english(scene: &Scene, token: usize) -> bool {
    let word = scene.word(token);
    let german = matches!(word, "die" | "der" | "das" | "er" | "sie");
    !german && !word.starts_with(char::is_uppercase)
}

/// The name in some words, or all of them when they are few.
fn named(view: &View, tokens: Range<usize>) -> Option<Source> {
    let scene = view.scene;
    let dash = |t: &usize| scene.classes[*t].group == Group::Dash;
    let end = tokens.clone().find(dash).unwrap_or(tokens.end);
    match candidate_in(view, tokens.start..end) {
        Some(candidate) => Some(source(candidate)),
        None => words_of(scene, tokens.start..end),
    }
}

/// Where a phrase that starts at `from` ends at the latest.
fn end_of_phrase(scene: &Scene, from: usize, limit: usize) -> usize {
    let ends = |t: &usize| {
        scene.quoted[*t] != 0
            || matches!(scene.classes[*t].group, Group::Comma | Group::Stop | Group::Colon)
    };
    (from..limit).find(ends).unwrap_or(limit)
}

/// Some words as a source, when they are few.
fn words_of(scene: &Scene, tokens: Range<usize>) -> Option<Source> {
    let fits = (1..=6).contains(&tokens.len());
    let head = tokens.end.checked_sub(1)?;
    fits.then(|| Source { span: scene.span_of(tokens), head })
}

/// “……”李伟说。 and 李伟说：“……”
pub fn cjk_cue(view: &View, s: usize) -> Option<(Source, Option<usize>)> {
    let scene = view.scene;
    let near = behind(scene, s).into_iter().chain(before(scene, s).and_then(|t| {
        let sign = matches!(scene.classes[t].group, Group::Colon | Group::Comma);
        if sign { t.checked_sub(1) } else { Some(t) }
    }));
    for token in near {
        let word = scene.word(token);
        let name = CJK_CUES.iter().find_map(|cue| word.strip_suffix(cue));
        if let Some(name) = name.filter(|n| !n.is_empty()) {
            return Some((start_of(scene, token, name), Some(token)));
        }
    }
    None
}

/// 田中氏は「……」と述べた。
pub fn japanese_cue(view: &View, s: usize) -> Option<(Source, Option<usize>)> {
    let scene = view.scene;
    if scene.stretches[s].style != Style::Corner {
        return None;
    }
    let (topic, cue) = (before(scene, s)?, behind(scene, s)?);
    let said = scene.text[scene.stretches[s].outer.end()..].trim_start();
    if !JAPANESE_CUES.iter().any(|cue| said.starts_with(cue)) {
        return None;
    }
    let particle = |t: &usize| JAPANESE_PARTICLES.contains(&scene.word(*t));
    let from = paragraph(scene, s).start;
    let token = (from..=topic).rev().find(|t| !particle(t)).filter(|&t| t < topic)?;
    let name = scene.word(token).trim_end_matches('氏');
    (!name.is_empty()).then(|| (start_of(scene, token, name), Some(cue)))
}

/// The beginning of a token that no space parts from what follows the name.
fn start_of(scene: &Scene, token: usize, name: &str) -> Source {
    let start = scene.tokens[token].span.start();
    Source { span: Span::new(start, start + name.len()), head: token }
}
