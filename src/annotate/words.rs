//! The word class: what a token is to somebody who knows grammar and our lexicons, but no topic.
//!
//! Function words, punctuation and reporting verbs stay themselves; every other word is reduced to
//! what it is for (role, title, given name …), to its capital, or to its ending. Models look at
//! these classes only, so no weight ever names a word of the text it was fitted on.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::glossary::Known;
use crate::lexicon::{self, Classes, CueClass, Forms, Key};
use crate::segment::TokenKind;

/// The class of a token. `fine` tells function words and verbs apart, `group` only their families.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Class {
    /// Number of the word, the punctuation character or the kind; stable for one set of lexicons.
    pub fine: u16,
    /// Its family.
    pub group: Group,
}

/// Families of classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
#[repr(u8)]
pub enum Group {
    /// Nothing: before the start or behind the end.
    #[default]
    None,
    /// the, a, this, some
    Determiner,
    /// his, their
    Possessive,
    /// he, it, they
    Pronoun,
    /// who, which, what
    Relative,
    /// of, in, according
    Preposition,
    /// and, or, but
    Conjunction,
    /// that, because, if, while
    Subordinator,
    /// is, has, would
    Auxiliary,
    /// n't, not, never
    Negation,
    /// also, then, later
    Adverb,
    /// Monday, September
    Calendar,
    /// "'s"
    Genitive,
    /// Digits and number words
    Number,
    /// A comma
    Comma,
    /// . ? ! …
    Stop,
    /// :
    Colon,
    /// ;
    Semicolon,
    /// - – —
    Dash,
    /// ( [
    Open,
    /// ) ]
    Close,
    /// A quotation mark
    Mark,
    /// Any other punctuation
    Sign,
    /// A verb that nearly always reports
    CueSure,
    /// A verb that often reports
    CueLikely,
    /// A verb that sometimes reports
    CueMaybe,
    /// Mr, Sen., Dr
    Title,
    /// A noun for what somebody is: spokesman, mayor
    Role,
    /// A noun for something that says something: report, statement
    Document,
    /// A capitalised given name
    Given,
    /// Another capitalised word
    Capital,
    /// A word all in capitals
    Acronym,
    /// A lower-case word ending in -s
    Plural,
    /// A lower-case word ending in -ed
    Past,
    /// A lower-case word ending in -ing
    Gerund,
    /// A lower-case word ending in -ly
    Manner,
    /// Another lower-case word
    Lower,
}

/// Families and their words. The order is the number of the class: append only.
const CLOSED: &[(Group, &str)] = &[
    (
        Group::Determiner,
        "the a an this that these those each every no any some all both another such many several few most much more other others half",
    ),
    (Group::Possessive, "his her their its my our your whose"),
    (
        Group::Pronoun,
        "he she they it we you i him them us me himself herself themselves itself one everyone someone anyone nobody everybody somebody nothing something anything there",
    ),
    (Group::Relative, "who which what when where why how whom whether whoever whatever"),
    (
        Group::Preposition,
        "of in on at by for with from to into about after before during against between under over through without within among toward towards around near amid per via since until despite upon off out up down across behind beyond except regarding following than as like",
    ),
    (Group::Conjunction, "and or but nor yet & plus"),
    (Group::Subordinator, "because although though while if unless so whereas once"),
    (
        Group::Auxiliary,
        "is are was were be been being am has have had having do does did will would can could may might must shall should 'll 'd 've 're 'm let",
    ),
    (Group::Negation, "not n't never"),
    (
        Group::Adverb,
        "also then now here still just only even again later earlier too very ever already however meanwhile instead recently today yesterday tomorrow thus perhaps rather away back together apparently simply often soon ago further yes first last next same own about-face",
    ),
    (
        Group::Calendar,
        "monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october november december sept. oct. nov. dec. jan. feb. aug. week month year day morning afternoon evening night time weekend",
    ),
    (
        Group::Number,
        "two three four five six seven eight nine ten eleven twelve dozen dozens hundred hundreds thousand thousands million millions billion percent",
    ),
    (Group::Genitive, "'s"),
    (Group::Conjunction, "according"),
    (Group::Preposition, "per"),
    // What names a name or a work: what stands in marks beside them is mostly no speech.
    (Group::Past, "titled entitled nicknamed subtitled"),
    (
        Group::Lower,
        "nickname film movie documentary show program programme anthem phrase term word words novel essay album episode radio tour initiative",
    ),
    (
        Group::Document,
        "book books song series poster banner headline slogan motto chapter article column",
    ),
];

/// Nouns for texts and other things that say something.
const DOCUMENTS: &str = "report reports statement statements article articles document documents memo memos letter letters email emails e-mail e-mails tweet tweets post posts study studies survey surveys poll polls book books ad ads advertisement website site page newspaper newspapers magazine magazines paper papers outlet transcript transcripts filing filings lawsuit lawsuits complaint indictment affidavit ruling decision opinion order law bill amendment constitution resolution petition editorial editorials column headline headlines caption sign signs placard banner slogan press release note notes message messages text texts blog speech speeches remarks testimony video videos clip commercial series story stories account accounts release releases analysis review audit data figures records result results findings chart table map guide policy platform rule rules guidelines website's motto poster billboard inscription song lyrics prayer verse scripture interview interviews brief briefs ruling rulings finding findings bylaws suit suits motion piece op-ed ad-lib charter treaty dossier";

/// First number of the classes of kinds.
const KINDS: u16 = 512;
/// First number of the classes of punctuation characters.
const SIGNS: u16 = 640;
/// The one class of foreign reporting verbs.
const FOREIGN: u16 = 700;
/// First number of the classes of capitalised words, by what lists have them.
const NAMES: u16 = 1024;
/// First number of the classes of reporting verbs, a number a form.
const VERBS: u16 = 4096;

impl Class {
    /// The class that stands for nothing at all.
    pub const NONE: Class = Class { fine: 0, group: Group::None };

    const fn kind(group: Group) -> Class {
        Class { fine: KINDS + group as u16, group }
    }

    /// Whether it is a verb of the lexicon of reporting verbs.
    pub fn is_cue(self) -> bool {
        matches!(self.group, Group::CueSure | Group::CueLikely | Group::CueMaybe)
    }

    /// Whether it is a verb of speech in a language other than English.
    pub fn is_foreign_cue(self) -> bool {
        self.fine == FOREIGN
    }

    /// Whether it is written with a capital and no function word.
    pub fn is_name(self) -> bool {
        matches!(self.group, Group::Given | Group::Capital | Group::Acronym)
    }

    /// Whether it is a word of a noun phrase: a name, a noun, or what stands before one.
    pub fn is_nominal(self) -> bool {
        let leads = matches!(self.group, Group::Determiner | Group::Possessive | Group::Genitive);
        self.is_name() || self.is_noun() || leads
    }

    /// Whether it is a lower-case word that may stand in a noun phrase.
    pub fn is_noun(self) -> bool {
        matches!(
            self.group,
            Group::Role | Group::Document | Group::Plural | Group::Lower | Group::Past
        )
    }
}

/// What the own lists know of a word.
type Table = FxHashMap<Key, Class>;

/// The number of a function word; 0 for any other.
pub fn number_of(word: &str) -> u16 {
    table().get(&Key::of(word)).filter(|c| c.fine < KINDS).map_or(0, |c| c.fine)
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = Table::default();
        let mut number = 1;
        for &(group, words) in CLOSED {
            for word in words.split(' ') {
                table.entry(Key::of(word)).or_insert(Class { fine: number, group });
                number += 1;
            }
        }
        for word in lexicon::FOREIGN_CUES.lines().filter(|l| !l.starts_with('#')) {
            let class = Class { fine: FOREIGN, group: Group::CueSure };
            table.entry(Key::of(word)).or_insert(class);
        }
        for word in DOCUMENTS.split(' ') {
            table.entry(Key::of(word)).or_insert(Class::kind(Group::Document));
        }
        table
    })
}

/// The class of a token as far as it can be told without the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// Always this one.
    Fixed(Class),
    /// A reporting verb that may be a noun: which forms of the verb it can be.
    VerbOrNoun { verb: Class, noun: Class, forms: Forms },
    /// A capital means more within a sentence than where one opens.
    Capital { opens: Class, within: Class },
}

impl Reading {
    /// The class behind a token of class `before`.
    fn behind(self, before: Class) -> Class {
        match self {
            Reading::Fixed(class) => class,
            Reading::VerbOrNoun { verb, noun, forms } => {
                if stands_as_noun(forms, verb, before) {
                    noun
                } else {
                    verb
                }
            }
            Reading::Capital { opens, within } => {
                if opens_sentence(before) {
                    opens
                } else {
                    within
                }
            }
        }
    }
}

/// The classes of all tokens.
pub(crate) fn classes<'a>(known: impl Iterator<Item = &'a Known>) -> Vec<Class> {
    let next = |before: &mut Class, known: &Known| {
        *before = known.reading.behind(*before);
        Some(*before)
    };
    known.scan(Class::NONE, next).collect()
}

/// What can be told of the class of one token.
pub(crate) fn reading(word: &str, kind: TokenKind, key: Key) -> Reading {
    match kind {
        TokenKind::Quote => Reading::Fixed(Class::kind(Group::Mark)),
        TokenKind::Punctuation => Reading::Fixed(sign(word)),
        TokenKind::Number => Reading::Fixed(Class::kind(Group::Number)),
        TokenKind::Word => word_reading(word, key),
    }
}

fn sign(word: &str) -> Class {
    let group = match word {
        "," | "，" | "、" => Group::Comma,
        "." | "?" | "!" | "…" | "。" | "！" | "？" => Group::Stop,
        ":" | "：" => Group::Colon,
        ";" | "；" => Group::Semicolon,
        "-" | "–" | "—" | "―" | "--" => Group::Dash,
        "(" | "[" | "{" => Group::Open,
        ")" | "]" | "}" => Group::Close,
        _ => Group::Sign,
    };
    let own = match word {
        "?" => 1,
        "!" => 2,
        "…" => 3,
        "/" => 4,
        "@" => 5,
        "#" => 6,
        "$" => 7,
        "%" => 8,
        _ => return Class::kind(group),
    };
    Class { fine: SIGNS + own, group }
}

fn word_reading(word: &str, key: Key) -> Reading {
    let own = table().get(&key).copied();
    let mut letters = word.chars();
    let first = letters.next().unwrap_or(' ');
    if !first.is_uppercase() {
        return match own {
            Some(class) if class.group != Group::Document => Reading::Fixed(class),
            _ if first.is_lowercase() => lower_case(word, key, own),
            // A script without capitals.
            _ if first.is_alphabetic() => Reading::Fixed(Class::kind(Group::Capital)),
            _ => Reading::Fixed(Class::kind(Group::Sign)),
        };
    }
    let all_capitals = letters.all(|c| !c.is_lowercase());
    if all_capitals && word.len() > 1 && first != 'I' {
        // US, IT, WHO are names; a text in capitals is not worth more.
        return Reading::Fixed(Class::kind(Group::Acronym));
    }
    let [opens, within] = [true, false].map(|opens| capitalised(key, own, opens));
    Reading::Capital { opens, within }
}

/// Whether the next word begins a sentence or a quotation.
fn opens_sentence(before: Class) -> bool {
    matches!(
        before.group,
        Group::None
            | Group::Stop
            | Group::Colon
            | Group::Mark
            | Group::Dash
            | Group::Open
            | Group::Semicolon
    )
}

fn capitalised(key: Key, own: Option<Class>, opens: bool) -> Class {
    let known = lexicon::get().classes_of(key);
    match own {
        // Will Hurd, May: a capital in mid-sentence.
        Some(class) if class.group == Group::Auxiliary && !opens => {}
        Some(class) if class.group != Group::Document => return class,
        _ => {}
    }
    if opens
        && known.any(Classes::CUE_VERB)
        && !known.any(Classes::GIVEN)
        && let Some(class) = verb(key)
    {
        return class;
    }
    if known.any(Classes::TITLE) {
        return Class::kind(Group::Title);
    }
    let place = Classes::COUNTRY | Classes::REGION | Classes::CITY_LARGE | Classes::PLACE;
    let flags = [
        Classes::GIVEN,
        Classes::SURNAME,
        place | Classes::PLACE_SHORT,
        Classes::ORG_HEAD | Classes::ORG_SUFFIX | Classes::ORGANISATION,
        Classes::NATIONALITY,
        Classes::PARTY,
    ];
    let mask = flags
        .iter()
        .enumerate()
        .fold(0, |mask, (bit, &class)| mask | u16::from(known.any(class)) << bit);
    let given = mask & 1 != 0 && mask & 4 == 0;
    let group = if given { Group::Given } else { Group::Capital };
    Class { fine: NAMES + mask, group }
}

fn lower_case(word: &str, key: Key, own: Option<Class>) -> Reading {
    let known = lexicon::get().classes_of(key);
    let noun = if own.is_some() || known.any(Classes::CUE_NOUN) {
        Some(Group::Document)
    } else if known.any(Classes::ROLE | Classes::ROLES) {
        Some(Group::Role)
    } else {
        None
    };
    let verb = if known.any(Classes::CUE_VERB) { verb(key) } else { None };
    match (verb, noun) {
        (Some(verb), Some(noun)) => {
            let forms = lexicon::get().cues_of(key).first().map_or(Forms::BASE, |cue| cue.forms);
            Reading::VerbOrNoun { verb, noun: Class::kind(noun), forms }
        }
        (Some(verb), None) => Reading::Fixed(verb),
        (None, Some(noun)) => Reading::Fixed(Class::kind(noun)),
        (None, None) => Reading::Fixed(Class::kind(ending(word))),
    }
}

/// Whether a word that is verb and noun is the noun here: "the report", not "they report".
fn stands_as_noun(forms: Forms, verb: Class, before: Class) -> bool {
    let bare = forms.any(Forms::BASE | Forms::THIRD);
    let nominal = match before.group {
        // "the ruling", whatever form of a verb it looks like.
        Group::Determiner | Group::Possessive | Group::Genitive => return true,
        Group::Number => true,
        // "an Oversight Office report": the verb would be "reports".
        Group::Capital | Group::Given | Group::Acronym => !forms.any(Forms::THIRD),
        Group::Preposition => before.fine != to(),
        Group::Auxiliary | Group::Pronoun => false,
        _ => verb.group == Group::CueMaybe,
    };
    bare && nominal
}

/// The number of "to".
fn to() -> u16 {
    static TO: OnceLock<u16> = OnceLock::new();
    *TO.get_or_init(|| number_of("to"))
}

/// The class of a form of a reporting verb.
fn verb(key: Key) -> Option<Class> {
    let cue = lexicon::get().cues_of(key).first()?;
    let group = match cue.class {
        CueClass::Say
        | CueClass::Tell
        | CueClass::Add
        | CueClass::Ask
        | CueClass::Answer
        | CueClass::State
        | CueClass::Write => Group::CueSure,
        CueClass::Voice | CueClass::Talk | CueClass::Judge | CueClass::Think | CueClass::Show => {
            Group::CueLikely
        }
        CueClass::Weak => Group::CueMaybe,
        CueClass::Noun => return None,
    };
    Some(Class { fine: VERBS + (key.hash() >> 48) as u16 % (u16::MAX - VERBS), group })
}

/// Forms a word of a reporting verb can be.
pub fn forms(word: &str) -> Forms {
    lexicon::get().cues(word).first().map_or(Forms::default(), |cue| cue.forms)
}

/// The family of a lower-case word that no list knows, by its ending.
fn ending(word: &str) -> Group {
    if word.ends_with("ed") {
        Group::Past
    } else if word.ends_with("ing") {
        Group::Gerund
    } else if word.ends_with("ly") {
        Group::Manner
    } else if word.ends_with('s') && !word.ends_with("ss") {
        Group::Plural
    } else {
        Group::Lower
    }
}
