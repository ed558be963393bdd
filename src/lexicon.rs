//! Word lists behind one question: which classes does this word, or this run of words, belong to?
//! The only place that embeds data/lexicons. It knows lists, not contexts: that "May" is a month
//! here and a name there is for `annotate` to decide.
//!
//! Words are folded before they are looked up: case, diacritics, typographic apostrophes and a
//! final stop make no difference. All entries stand in one hash table; the beginnings of an entry
//! of several words are marked, so that the longest entry at a place is found word by word.

mod classes;
mod cues;
mod key;

use std::collections::HashMap;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use crate::article::Gender;
use crate::fetch::fetch;
use crate::segment::tokenize;
use crate::text::Span;
use cues::CUE_CLASSES;

pub use classes::Classes;
pub use cues::{Cue, CueClass, Forms};
pub use key::Key;

/// Words that report speech, thought or attitude, a class and a lemma a line: see its header.
pub const REPORTING: &str = include_str!("../data/lexicons/reporting.txt");

/// Verbs of speech of other languages, one a line.
pub const FOREIGN_CUES: &str = include_str!("../data/lexicons/foreign_cues.txt");

/// What is known of a given name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GivenName {
    /// Bearers that are female, in per cent.
    pub female: u8,
    /// Bearers per 100,000 people; 0 where nobody counted them.
    pub frequency: u16,
}

impl GivenName {
    /// The gender of nine bearers in ten, if there is one.
    pub fn gender(self) -> Option<Gender> {
        match self.female {
            90.. => Some(Gender::Female),
            ..=10 => Some(Gender::Male),
            _ => None,
        }
    }
}

macro_rules! lists {
    ($($class:ident $name:literal),* $(,)?) => {
        [$((Classes::$class, include_str!(concat!("../data/lexicons/", $name, ".txt")))),*]
    };
}

const LISTS: &[(Classes, &str)] = &lists! {
    SURNAME "surnames", SURNAME_RARE "surnames_rare", SURNAME_WORLD "surnames_world", TITLE "titles", TITLE_PART "title_words",
    NATIONALITY "nationalities", COUNTRY "countries", REGION "regions", CITY_LARGE "cities_large", CITY "cities",
    PLACE "places", PLACE "places_more", PLACE_WORD "place_words", PLACE_SHORT "place_abbreviations",
    ORGANISATION "organisations", ORGANISATION "organisations_more", ORG_SUFFIX "org_suffixes", ORG_HEAD "org_heads",
    PARTY "parties", TEAM "teams", FUNCTION "function_words", CALENDAR "calendar", COMMON "words_common",
    WORD "words", PROPER "proper",
};
const GIVEN_NAMES: &str = include_str!("../data/lexicons/given_names.txt");
const GIVEN_WORLD: &str = include_str!("../data/lexicons/given_world.txt");
/// Role nouns, "singular plural gender" a line, "-" for none.
pub const ROLES: &str = include_str!("../data/lexicons/roles.txt");
const GIVEN_MORE: &str = include_str!("../data/lexicons/given_more.txt");
const SPEAKER_NOUNS: &str = include_str!("../data/lexicons/speaker_nouns.txt");
const ALIASES: &str = include_str!("../data/lexicons/aliases.txt");
const CUES: &str = include_str!("../data/lexicons/cue_verbs.txt");

/// What a noun says of a speaker whose words it heads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SpeakerNoun {
    /// One human being: "mayor".
    Person,
    /// Several: "residents".
    Group,
    /// A body that acts: "ministry".
    Organisation,
    /// Words on paper or screen: "report".
    Document,
}

/// All word lists.
pub struct Lexicon {
    /// Check of the key and classes; a free slot has no classes.
    slots: Vec<(u32, u32)>,
    given: FxHashMap<Key, GivenName>,
    role_gender: FxHashMap<Key, Gender>,
    cues: FxHashMap<Key, Vec<Cue>>,
    speaker_nouns: FxHashMap<Key, SpeakerNoun>,
    aliases: FxHashMap<&'static str, &'static str>,
}

/// Words and runs of words that there is room for from the start.
const ROOM: usize = 220_000;

/// The lexicon, read on first use.
pub fn get() -> &'static Lexicon {
    static LEXICON: OnceLock<Lexicon> = OnceLock::new();
    LEXICON.get_or_init(Lexicon::read)
}

impl Lexicon {
    fn read() -> Lexicon {
        let mut reader = Reader::default();
        reader.classes.reserve(ROOM);
        for &(class, list) in LISTS {
            entries(list).for_each(|entry| reader.add(entry, class));
        }
        let mut given = FxHashMap::default();
        for (class, list) in [(Classes::GIVEN, GIVEN_NAMES), (Classes::GIVEN_WORLD, GIVEN_WORLD)] {
            for fields in entries(list).map(|line| line.split(' ').collect::<Vec<_>>()) {
                reader.add(fields[0], class);
                let (female, frequency) =
                    (fields[1].parse().unwrap_or(50), fields[2].parse().unwrap_or(0));
                given.insert(Key::of(fields[0]), GivenName { female, frequency });
            }
        }
        for fields in entries(GIVEN_MORE).map(|line| line.split(' ').collect::<Vec<_>>()) {
            reader.add(fields[0], Classes::GIVEN_WORLD);
            let female = fields[1].parse().unwrap_or(50);
            let known =
                given.entry(Key::of(fields[0])).or_insert(GivenName { female, frequency: 0 });
            known.female = female;
        }
        let mut role_gender = FxHashMap::default();
        let mut speaker_nouns = FxHashMap::default();
        for fields in entries(SPEAKER_NOUNS).map(|line| line.split(' ').collect::<Vec<_>>()) {
            speaker_nouns.insert(Key::of(fields[0]), speaker_noun(fields[1]));
            role_gender.extend(gender_letter(fields[2]).map(|gender| (Key::of(fields[0]), gender)));
        }
        for fields in entries(ROLES).map(|line| line.split(' ').collect::<Vec<_>>()) {
            let (one, several) = (SpeakerNoun::Person, SpeakerNoun::Group);
            for (word, class, noun) in
                [(fields[0], Classes::ROLE, one), (fields[1], Classes::ROLES, several)]
            {
                reader.add(word, class);
                speaker_nouns.entry(Key::of(word)).or_insert(noun);
                if let Some(gender) = gender_letter(fields[2]) {
                    role_gender.insert(Key::of(word), gender);
                }
            }
        }
        let cues = read_cues(&mut reader);
        let aliases = entries(ALIASES).filter_map(|line| line.split_once('=')).collect();
        Lexicon { slots: reader.table(), given, role_gender, cues, speaker_nouns, aliases }
    }

    /// The classes of one word, in any case.
    pub fn classes(&self, word: &str) -> Classes {
        self.classes_of(Key::of(word))
    }

    /// The classes of a key, of one word or of several.
    pub fn classes_of(&self, key: Key) -> Classes {
        let (mask, check) = (self.slots.len() - 1, (key.hash() >> 32) as u32);
        let mut slot = home(key, self.slots.len());
        loop {
            match self.slots[slot] {
                (_, 0) => return Classes(0),
                (found, classes) if found == check => return Classes(classes),
                _ => slot = (slot + 1) & mask,
            }
        }
    }

    /// Has what will be read for these keys at hand.
    pub fn fetch(&self, keys: impl Iterator<Item = Key>) {
        fetch(keys.map(|key| self.slots[home(key, self.slots.len())].1));
    }

    /// The longest entry of several words that the words behind these keys begin with: how many
    /// words it has, and its classes.
    pub fn longest(&self, keys: impl IntoIterator<Item = Key>) -> Option<(usize, Classes)> {
        let mut keys = keys.into_iter();
        let mut key = keys.next()?;
        let mut classes = self.classes_of(key);
        let (mut length, mut best) = (1, None);
        while classes.any(Classes::BEGINS) {
            let Some(next) = keys.next() else { break };
            key = key.then(next);
            classes = self.classes_of(key);
            length += 1;
            if !classes.is_empty() {
                best = Some((length, classes));
            }
        }
        best
    }

    /// What is known of a given name.
    pub fn given_name(&self, word: &str) -> Option<GivenName> {
        self.given.get(&Key::of(word)).copied()
    }

    /// The gender that nine bearers in ten of a given name have.
    pub fn gender(&self, given_name: &str) -> Option<Gender> {
        self.given_name(given_name)?.gender()
    }

    /// Whether the word, as written, can be a title before a name: "Gov.", "President", "spokesman".
    pub fn is_title(&self, word: &str) -> bool {
        self.classes(word).any(Classes::TITLE)
    }

    /// Whether a word in lower case is a role noun, singular or plural. Capitalised words are not
    /// asked: too many surnames are old trades.
    pub fn is_role(&self, word: &str) -> bool {
        !word.starts_with(char::is_uppercase)
            && self.classes(word).any(Classes::ROLE | Classes::ROLES)
    }

    /// The gender that a role noun says: "spokeswoman", "brother".
    pub fn role_gender(&self, word: &str) -> Option<Gender> {
        self.role_gender.get(&Key::of(word)).copied()
    }

    /// What a noun, in any case, says of a speaker whose words it heads.
    pub fn speaker_noun(&self, word: &str) -> Option<SpeakerNoun> {
        self.speaker_nouns.get(&Key::of(word)).copied()
    }

    /// The full name that a short name of an organisation or place stands for, both folded.
    pub fn long_name(&self, short: &str) -> Option<&'static str> {
        self.aliases.get(short).copied()
    }

    /// The readings of a word as a reporting verb or noun, surest class first.
    pub fn cues(&self, word: &str) -> &[Cue] {
        self.cues_of(Key::of(word))
    }

    /// The readings of a key as a reporting verb or noun, surest class first.
    pub fn cues_of(&self, key: Key) -> &[Cue] {
        self.cues.get(&key).map_or(&[], Vec::as_slice)
    }
}

/// Where a key is looked for first, among so many slots, a power of two.
fn home(key: Key, slots: usize) -> usize {
    key.hash() as usize & (slots - 1)
}

fn entries(list: &str) -> impl Iterator<Item = &str> {
    list.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn gender_letter(field: &str) -> Option<Gender> {
    match field {
        "f" => Some(Gender::Female),
        "m" => Some(Gender::Male),
        _ => None,
    }
}

fn speaker_noun(field: &str) -> SpeakerNoun {
    match field {
        "person" => SpeakerNoun::Person,
        "group" => SpeakerNoun::Group,
        "organisation" => SpeakerNoun::Organisation,
        _ => SpeakerNoun::Document,
    }
}

fn read_cues(reader: &mut Reader) -> FxHashMap<Key, Vec<Cue>> {
    const FORMS: [Forms; 5] =
        [Forms::BASE, Forms::THIRD, Forms::PAST, Forms::PARTICIPLE, Forms::GERUND];
    let mut cues: FxHashMap<Key, Vec<Cue>> = FxHashMap::default();
    for line in entries(CUES) {
        let mut fields = line.split(' ');
        let name = fields.next().unwrap_or_default();
        let Some(&(_, class)) = CUE_CLASSES.iter().find(|(n, _)| *n == name) else { continue };
        let bit = if class == CueClass::Noun { Classes::CUE_NOUN } else { Classes::CUE_VERB };
        for (word, form) in fields.zip(FORMS).filter(|(word, _)| *word != "-") {
            reader.add(word, bit);
            let readings = cues.entry(Key::of(word)).or_default();
            match readings.iter_mut().find(|cue| cue.class == class) {
                Some(cue) => cue.forms = cue.forms | form,
                None => readings.push(Cue { class, forms: form }),
            }
        }
    }
    cues.values_mut().for_each(|readings| readings.sort_by_key(|cue| cue.class));
    cues
}

/// Gathers entries before the table is laid out.
#[derive(Default)]
struct Reader {
    classes: HashMap<Key, u32, rustc_hash::FxBuildHasher>,
    tokens: Vec<crate::segment::Token>,
}

impl Reader {
    fn add(&mut self, entry: &str, class: Classes) {
        if entry.bytes().all(|b| b.is_ascii_alphabetic()) {
            return *self.classes.entry(Key::of(entry)).or_default() |= class.0;
        }
        self.tokens.clear();
        tokenize(entry, Span::new(0, entry.len()), &mut self.tokens);
        let mut key: Option<Key> = None;
        for word in self.tokens.iter().map(|t| t.span.of(entry)).filter(|&w| w != ".") {
            if let Some(start) = key {
                *self.classes.entry(start).or_default() |= Classes::BEGINS.0;
            }
            key = Some(key.map_or(Key::of(word), |start| start.then(Key::of(word))));
        }
        if let Some(key) = key {
            *self.classes.entry(key).or_default() |= class.0;
        }
    }

    fn table(self) -> Vec<(u32, u32)> {
        let mut slots = vec![(0, 0); (self.classes.len() * 4 / 3).next_power_of_two()];
        let mask = slots.len() - 1;
        for (key, classes) in self.classes {
            let mut slot = home(key, slots.len());
            while slots[slot].1 != 0 {
                slot = (slot + 1) & mask;
            }
            slots[slot] = ((key.hash() >> 32) as u32, classes);
        }
        slots
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded() {
        let lexicon = get();
        assert!(lexicon.classes("José").any(Classes::GIVEN));
        assert_eq!(Key::of("Gov."), Key::of("GOV"));
        assert_eq!(Key::of("O’Brien"), Key::of("o'brien"));
        assert_ne!(Key::of("Ab"), Key::of("ab\0"));
        assert!(lexicon.classes("qwertzuiop").is_empty());
    }

    #[test]
    fn classes_of_words() {
        let lexicon = get();
        assert!(lexicon.is_title("Lt.") && lexicon.is_title("President"));
        assert!(
            lexicon.is_role("spokesperson")
                && lexicon.is_role("officials")
                && !lexicon.is_role("Baker")
        );
        assert!(lexicon.classes("U.S.").any(Classes::PLACE_SHORT));
        assert!(lexicon.classes("Monday").any(Classes::CALENDAR));
        assert!(lexicon.classes("the").any(Classes::FUNCTION));
    }

    #[test]
    fn longest_entry() {
        let lexicon = get();
        let longest = |text: &str| lexicon.longest(text.split(' ').map(Key::of));
        let (length, classes) = longest("United States of America today").expect("an entry");
        assert!(length == 4 && classes.any(Classes::COUNTRY));
        let (length, _) = longest("New York State University").expect("an entry");
        assert_eq!(length, 3);
        assert_eq!(longest("Purple monkey"), None);
        assert_eq!(longest("St. Petersburg"), longest("st petersburg"));
    }

    #[test]
    fn genders() {
        let lexicon = get();
        assert_eq!(lexicon.gender("Mary"), Some(Gender::Female));
        assert_eq!(lexicon.gender("JOHN"), Some(Gender::Male));
        assert_eq!(lexicon.gender("Jordan"), None);
        assert_eq!(lexicon.role_gender("chairwoman"), Some(Gender::Female));
        assert_eq!(lexicon.role_gender("officials"), None);
    }

    #[test]
    fn reporting_words() {
        let lexicon = get();
        let said = lexicon.cues("said");
        assert!(said[0].class == CueClass::Say && said[0].forms == Forms::PAST | Forms::PARTICIPLE);
        let claims: Vec<_> = lexicon.cues("claims").iter().map(|cue| cue.class).collect();
        assert_eq!(claims, [CueClass::State, CueClass::Noun]);
        assert!(lexicon.cues("table").is_empty());
    }

    #[test]
    fn every_line_of_the_cue_list_is_understood() {
        for line in entries(CUES) {
            let name = line.split(' ').next().unwrap_or_default();
            assert!(CUE_CLASSES.iter().any(|(n, _)| *n == name), "{line}");
            assert!(line.split(' ').count() == if name == "noun" { 3 } else { 6 }, "{line}");
        }
    }
}
