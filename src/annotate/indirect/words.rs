//! What a word is, as far as closed-class words, our lexicon of reporting words and the word's
//! shape tell: the vocabulary of all features here. No tagger; a word keeps every reading it has.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::segment::TokenKind;

/// Part of speech, roughly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Part {
    /// Beyond the sentence.
    Edge,
    /// "the", "some", "no"
    Determiner,
    /// "my", "their"
    Possessive,
    /// "he", "those", "nobody"
    Pronoun,
    /// "of", "in"
    Preposition,
    /// "that", "if", "because"
    Subordinator,
    /// "who", "what", "how"
    Question,
    /// "and", "but"
    Conjunction,
    /// "is", "will", "n't"
    Auxiliary,
    /// "to"
    To,
    /// "not", "also", "still", "-ly"
    Adverb,
    /// "Tuesday", "week", "ago"
    Time,
    /// "'s" and "'"
    Ending,
    /// In the lexicon as a verb.
    Verb,
    /// In the lexicon, but not as a verb.
    Noun,
    /// In the lexicon as an adjective only.
    Adjective,
    /// Any other common verb with an irregular past: "took".
    Action,
    /// What somebody is: "officials".
    Role,
    /// Capitalised.
    Name,
    /// Digits.
    Number,
    /// Any other word.
    Other,
    /// . ? ! and the ellipsis
    Stop,
    /// Any other punctuation.
    Punctuation,
    /// Double quotation marks.
    Mark,
}

/// The word is a verb in base form.
pub const BASE: u8 = 1;
/// Third person, present.
pub const PRESENT: u8 = 2;
/// Past tense.
pub const PAST: u8 = 4;
/// Past participle.
pub const PARTICIPLE: u8 = 8;
/// Present participle.
pub const ING: u8 = 16;
/// Noun.
pub const NOUN: u8 = 32;
/// Adjective.
pub const ADJECTIVE: u8 = 64;
/// Adverb or preposition that reports: "reportedly", "according".
pub const PARTICLE: u8 = 128;
/// Any verb form.
pub const ANY_VERB: u8 = BASE | PRESENT | PAST | PARTICIPLE | ING;

/// One token as the models see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// Closed-class words stand for themselves, others for their form or shape. Below 2^10.
    pub class: u16,
    /// Roughly what it is.
    pub part: Part,
    /// Number of its lemma among the reporting words; 0 for other words.
    pub lemma: u16,
    /// Readings as a reporting word: `BASE` … `PARTICLE`.
    pub form: u8,
    /// Groups of reporting verbs it is in, a bit each; for auxiliaries and "not", their family.
    pub groups: u8,
    /// What is counted of it and looked for ahead: `kinds::COMMA` …, as the rest of it says.
    pub kinds: u8,
}

/// Kinds of words that are counted, a bit each.
pub mod kinds {
    /// ","
    pub const COMMA: u8 = 1;
    /// Reporting verbs.
    pub const VERB: u8 = 2;
    /// Auxiliaries.
    pub const FINITE: u8 = 4;
    /// "("
    pub const OPENING: u8 = 8;
    /// ")"
    pub const CLOSING: u8 = 16;
    /// "that", "what", "to": a clause or an infinitive may hang on it.
    pub const JOIN: u8 = 32;
    /// Verbs of saying.
    pub const SAYS: u8 = 64;
}

impl Word {
    /// What stands beyond the ends of a sentence.
    pub const EDGE: Word =
        Word { class: 0, part: Part::Edge, lemma: 0, form: 0, groups: 0, kinds: 0 };

    /// With its kinds, when the rest is known.
    fn with_kinds(self) -> Word {
        let is = |kind: u8, is: bool| if is { kind } else { 0 };
        let joins = matches!(self.part, Part::Subordinator | Part::Question | Part::To);
        let kinds = is(kinds::COMMA, self.class == ascii(b','))
            | is(kinds::VERB, self.part == Part::Verb)
            | is(kinds::FINITE, self.part == Part::Auxiliary)
            | is(kinds::OPENING, self.class == ascii(b'('))
            | is(kinds::CLOSING, self.class == ascii(b')'))
            | is(kinds::JOIN, joins)
            | is(kinds::SAYS, self.says());
        Word { kinds, ..self }
    }

    /// Whether it is a verb of saying.
    pub fn says(self) -> bool {
        self.lemma != 0 && self.groups & 1 != 0
    }

    /// Whether it may be the head of a noun phrase.
    pub fn is_nominal(self) -> bool {
        matches!(
            self.part,
            Part::Name | Part::Noun | Part::Other | Part::Number | Part::Adjective | Part::Role
        ) || self.form & NOUN != 0
    }
}

/// Closed-class words by part, in classes of their own.
const CLOSED: &[(Part, &str)] = &[
    (
        Part::Determiner,
        "the a an this these those some any every each no all both many several few more most \
         much another other such enough either neither half",
    ),
    (Part::Possessive, "my your his her its our their"),
    (
        Part::Pronoun,
        "i you he she it we they me him us them himself herself itself themselves myself one \
         someone somebody everyone everybody anyone anybody nobody none something anything \
         nothing everything others there here",
    ),
    (
        Part::Preposition,
        "of in for on with at by from about against during after before under over between \
         through into within without toward towards among amid including regarding concerning \
         behind beyond across around near off out up down upon via as like than since until till \
         because besides except amongst throughout onto beneath below above along outside inside",
    ),
    (Part::Subordinator, "that if whether although though while unless lest whereas once"),
    (Part::Question, "what how why when where who whom whose which whatever whoever"),
    (Part::Conjunction, "and or but nor yet so plus"),
    (Part::Auxiliary, "am is are was were be been being 're 'm isn't aren't wasn't weren't"),
    (Part::Auxiliary, "has have had having 've hasn't haven't hadn't"),
    (Part::Auxiliary, "do does did doing done got get gets don't doesn't didn't"),
    (
        Part::Auxiliary,
        "will would shall should can could may might must ought cannot 'd 'll won't wouldn't can't \
         couldn't shouldn't",
    ),
    (Part::To, "to"),
    (Part::Adverb, "not never"),
    (
        Part::Adverb,
        "also then still however just only even again too very now already later \
         earlier often ever instead meanwhile further furthermore moreover indeed rather quite \
         perhaps maybe almost away back together far well first second soon always",
    ),
    (
        Part::Action,
        "go goes gone come comes came make makes made take takes took taken give gives gave given \
         keep keeps kept leave leaves left lose loses lost win wins won lead leads led run runs ran \
         become becomes became begin begins began begun hold holds held bring brings brought send \
         sends sent meet meets met pay pays paid sit sits sat fall falls fell fallen rise rises \
         rose risen grow grows grew grown draw draws drew drawn drive drives drove driven fly flew \
         flown break breaks broke broken spend spends spent build builds built buy buys bought \
         catch caught sell sells sold wear wears wore worn eat ate eaten die died live lives lived \
         work works worked use uses used help helps helped start starts started stop stops stopped \
         turn turns turned happen happens happened let lets put puts set sets",
    ),
    (
        Part::Time,
        "monday tuesday wednesday thursday friday saturday sunday january february march april \
         may june july august september october november december today tonight yesterday \
         tomorrow morning afternoon evening night week month year day days weeks months years ago \
         last next recently",
    ),
];

/// Where in `CLOSED` the auxiliaries start: to be, to have, to do, modal verbs; "to", then "not".
const FIRST_FAMILY: usize = 7;

/// Numbers of the classes that are no closed-class words.
mod class {
    pub const OPEN: u16 = 1;
    pub const CLOSE: u16 = 2;
    pub const MARK: u16 = 3;
    pub const NUMBER: u16 = 4;
    pub const ENDING: u16 = 5;
    pub const NAME: u16 = 6;
    pub const ABBREVIATION: u16 = 7;
    pub const ACRONYM: u16 = 8;
    pub const MONEY: u16 = 9;
    pub const OTHER_MARK: u16 = 10;
    pub const ROLE: u16 = 11;
    pub const ROLES: u16 = 12;
    /// + one of the suffixes
    pub const SHAPE: u16 = 16;
    /// + ASCII code
    pub const ASCII: u16 = 32;
    /// + readings
    pub const REPORTING: u16 = 160;
    /// + number in `CLOSED`
    pub const CLOSED: u16 = 420;
}

/// The class of an ASCII punctuation character.
pub const fn ascii(byte: u8) -> u16 {
    class::ASCII + byte as u16
}

/// Endings of other words, each a class.
const SUFFIXES: &[&str] =
    &["ing", "ed", "ly", "tion", "ment", "ness", "ity", "ers", "er", "ists", "ist", "ans", "s"];

static TABLE: LazyLock<FxHashMap<Box<str>, Word>> = LazyLock::new(table);

fn table() -> FxHashMap<Box<str>, Word> {
    let mut words: FxHashMap<Box<str>, Word> = FxHashMap::default();
    for (lemma, entry) in super::lexicon::entries().iter().enumerate() {
        for (text, form) in &entry.forms {
            let word = words.entry(text.as_str().into()).or_insert(Word::EDGE);
            if word.lemma == 0 || (*form & ANY_VERB != 0 && word.form & ANY_VERB == 0) {
                word.lemma = lemma as u16 + 1;
            }
            word.form |= form;
            word.groups |= entry.groups;
        }
    }
    for line in crate::lexicon::ROLES.lines().filter(|line| !line.starts_with('#')) {
        for (text, class) in line.split_whitespace().zip([class::ROLE, class::ROLES]) {
            let role = shape(class, Part::Role);
            words.entry(text.into()).and_modify(|word| word.form |= NOUN).or_insert(role);
        }
    }
    for word in words.values_mut().filter(|word| word.lemma != 0) {
        word.class = class::REPORTING + u16::from(word.form);
        word.part = match word.form {
            form if form & ANY_VERB != 0 => Part::Verb,
            form if form & PARTICLE != 0 => Part::Adverb,
            form if form & NOUN != 0 => Part::Noun,
            _ => Part::Adjective,
        };
    }
    let mut number = class::CLOSED;
    for (family, &(part, list)) in CLOSED.iter().enumerate() {
        let verbal = part == Part::Auxiliary || list.starts_with("not ");
        let groups = if verbal { 1 << (family - FIRST_FAMILY) } else { 0 };
        for text in list.split_whitespace() {
            let word = Word { class: number, part, groups, ..Word::EDGE };
            number += 1;
            if part != Part::Action || !words.contains_key(text) {
                words.insert(text.into(), word);
            }
        }
    }
    words
}

/// Looks a token up: what it is where a capital means something, and what it is where it means
/// nothing, as it opens a sentence or stands in a headline.
pub fn look_up(text: &str, kind: TokenKind) -> [Word; 2] {
    let words = match kind {
        TokenKind::Quote => [mark(text); 2],
        TokenKind::Number => [shape(class::NUMBER, Part::Number); 2],
        TokenKind::Punctuation => [punctuation(text); 2],
        TokenKind::Word => word(text),
    };
    words.map(Word::with_kinds)
}

fn shape(class: u16, part: Part) -> Word {
    Word { class, part, ..Word::EDGE }
}

fn mark(text: &str) -> Word {
    match text {
        "“" | "‟" | "„" | "``" | "«" => shape(class::OPEN, Part::Mark),
        "”" | "»" => shape(class::CLOSE, Part::Mark),
        "\"" | "''" => shape(class::MARK, Part::Mark),
        _ => shape(class::OTHER_MARK, Part::Punctuation),
    }
}

fn punctuation(text: &str) -> Word {
    let class = match text.as_bytes() {
        [byte] if byte.is_ascii() => ascii(*byte),
        _ if matches!(text, "—" | "–" | "―") => ascii(b'-'),
        _ if text == "…" => ascii(b'.'),
        _ if matches!(text, "€" | "£") => class::MONEY,
        _ => class::OTHER_MARK,
    };
    let stop = matches!(text, "." | "?" | "!" | "…");
    shape(class, if stop { Part::Stop } else { Part::Punctuation })
}

fn word(text: &str) -> [Word; 2] {
    if text.len() <= 2 && text.starts_with(['\'', '’']) || text == "’s" {
        return [shape(class::ENDING, Part::Ending); 2];
    }
    let capital = text.starts_with(|c: char| c.is_uppercase());
    match known(text) {
        Some(found) if !capital || found.part != Part::Role && found.lemma == 0 => [found; 2],
        Some(found) => [shaped(text, capital), found],
        None => [shaped(text, capital); 2],
    }
}

/// What a word is by its shape alone.
fn shaped(text: &str, capital: bool) -> Word {
    if capital {
        let class = match text {
            _ if text.ends_with('.') => class::ABBREVIATION,
            _ if text.len() > 1 && text.bytes().all(|b| b.is_ascii_uppercase()) => class::ACRONYM,
            _ => class::NAME,
        };
        return shape(class, Part::Name);
    }
    let suffix = SUFFIXES.iter().position(|s| text.ends_with(s)).unwrap_or(SUFFIXES.len());
    let part = if suffix == 2 { Part::Adverb } else { Part::Other };
    shape(class::SHAPE + suffix as u16, part)
}

/// The table's entry for a word in any case; contractions by their first half.
fn known(text: &str) -> Option<Word> {
    let mut buffer = [0u8; 24];
    let mut length = 0;
    for c in text.chars() {
        let c = if c == '’' { '\'' } else { c.to_ascii_lowercase() };
        if length + c.len_utf8() > buffer.len() {
            return None;
        }
        length += c.encode_utf8(&mut buffer[length..]).len();
    }
    let lower = std::str::from_utf8(&buffer[..length]).ok()?;
    TABLE.get(lower).or_else(|| TABLE.get(lower.split_once('\'')?.0)).copied()
}

/// The class of a closed-class word; 0 for any other.
pub fn class_of(word: &str) -> u16 {
    TABLE.get(word).map_or(0, |found| found.class)
}

/// The class of "by".
pub fn by_class() -> u16 {
    static BY: LazyLock<u16> = LazyLock::new(|| class_of("by"));
    *BY
}
