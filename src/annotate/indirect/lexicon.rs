//! The reporting words with their inflected forms, made from `data/lexicons/reporting.txt`.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::words::{ADJECTIVE, BASE, ING, NOUN, PARTICIPLE, PARTICLE, PAST, PRESENT};
use crate::lexicon::REPORTING;

/// Groups of verbs, a bit each, in this order.
const GROUPS: &[&str] = &["say", "think", "want", "praise", "blame", "show", "seem", "urge"];

/// One lemma.
pub struct Entry {
    /// Groups of verbs it is in.
    pub groups: u8,
    /// Its forms, each with its readings.
    pub forms: Vec<(String, u8)>,
}

/// All lemmas, in alphabetical order.
pub fn entries() -> &'static [Entry] {
    static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| parse(REPORTING));
    &ENTRIES
}

fn parse(list: &str) -> Vec<Entry> {
    let mut by_lemma: FxHashMap<&str, Entry> = FxHashMap::default();
    for line in list.lines().filter(|line| !line.starts_with('#')) {
        let mut fields = line.split_whitespace();
        let (Some(class), Some(lemma)) = (fields.next(), fields.next()) else { continue };
        let entry = by_lemma.entry(lemma).or_insert_with(|| Entry { groups: 0, forms: Vec::new() });
        match class {
            "noun" => entry.forms.extend([(lemma.to_owned(), NOUN), (with_s(lemma), NOUN)]),
            "adjective" => entry.forms.push((lemma.to_owned(), ADJECTIVE)),
            "adverb" | "preposition" => entry.forms.push((lemma.to_owned(), PARTICLE)),
            group => {
                let bit = GROUPS.iter().position(|g| *g == group).expect("a known class of words");
                entry.groups |= 1 << bit;
                entry.forms.extend(verb_forms(lemma, fields.next(), fields.next()));
            }
        }
    }
    let mut sorted: Vec<_> = by_lemma.into_iter().collect();
    sorted.sort_unstable_by_key(|&(lemma, _)| lemma);
    sorted.into_iter().map(|(_, entry)| entry).collect()
}

fn verb_forms(lemma: &str, past: Option<&str>, participle: Option<&str>) -> Vec<(String, u8)> {
    let regular = regular_past(lemma);
    let past = past.unwrap_or(&regular);
    let mut forms =
        vec![(lemma.to_owned(), BASE), (with_s(lemma), PRESENT), (with_ing(lemma, past), ING)];
    match participle {
        Some(other) => forms.extend([(past.to_owned(), PAST), (other.to_owned(), PARTICIPLE)]),
        None => forms.push((past.to_owned(), PAST | PARTICIPLE)),
    }
    forms
}

fn ends_in_consonant_y(word: &str) -> bool {
    let mut back = word.bytes().rev();
    back.next() == Some(b'y') && back.next().is_some_and(|b| !b"aeiou".contains(&b))
}

fn regular_past(lemma: &str) -> String {
    match lemma {
        _ if lemma.ends_with('e') => format!("{lemma}d"),
        _ if ends_in_consonant_y(lemma) => format!("{}ied", &lemma[..lemma.len() - 1]),
        _ => format!("{lemma}ed"),
    }
}

/// The third person, or the plural.
fn with_s(lemma: &str) -> String {
    match lemma {
        _ if lemma.ends_with("sis") => format!("{}es", &lemma[..lemma.len() - 2]),
        _ if lemma.ends_with(['s', 'x', 'z', 'o']) => format!("{lemma}es"),
        _ if lemma.ends_with("ch") || lemma.ends_with("sh") => format!("{lemma}es"),
        _ if ends_in_consonant_y(lemma) => format!("{}ies", &lemma[..lemma.len() - 1]),
        _ => format!("{lemma}s"),
    }
}

fn with_ing(lemma: &str, past: &str) -> String {
    let doubled = past.len() == lemma.len() + 3 && past.starts_with(lemma) && past.ends_with("ed");
    let short = matches!(lemma, "bet" | "beg" | "hit" | "put" | "forget" | "undercut");
    match lemma {
        _ if doubled => format!("{}ing", &past[..past.len() - 2]),
        _ if short => format!("{lemma}{}ing", &lemma[lemma.len() - 1..]),
        _ if lemma.ends_with('e') && !lemma.ends_with("ee") => {
            format!("{}ing", &lemma[..lemma.len() - 1])
        }
        _ => format!("{lemma}ing"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(line: &str) -> Vec<String> {
        let entries = parse(line);
        entries[0].forms.iter().map(|(form, _)| form.clone()).collect()
    }

    #[test]
    fn verbs_are_inflected() {
        assert_eq!(forms("say deny"), ["deny", "denies", "denying", "denied"]);
        assert_eq!(forms("say admit admitted"), ["admit", "admits", "admitting", "admitted"]);
        assert_eq!(
            forms("say write wrote written"),
            ["write", "writes", "writing", "wrote", "written"]
        );
        assert_eq!(forms("think see saw seen"), ["see", "sees", "seeing", "saw", "seen"]);
    }

    #[test]
    fn nouns_have_plurals() {
        assert_eq!(forms("noun analysis"), ["analysis", "analyses"]);
        assert_eq!(forms("noun speech"), ["speech", "speeches"]);
    }

    #[test]
    fn every_line_of_the_list_is_understood() {
        assert!(entries().len() > 700);
        assert!(entries().iter().all(|entry| !entry.forms.is_empty()));
    }
}
