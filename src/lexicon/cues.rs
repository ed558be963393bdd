//! What the list of reporting words says of each: its class, and which forms of its verb it can be.

use std::ops::BitOr;

/// Classes of reporting words; the verbs roughly by how surely they report speech.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CueClass {
    /// say
    Say,
    /// tell, inform, warn: the hearer comes first
    Tell,
    /// add, continue
    Add,
    /// ask, wonder
    Ask,
    /// reply, respond
    Answer,
    /// announce, claim, admit …
    State,
    /// write, tweet …
    Write,
    /// shout, whisper, laugh …
    Voice,
    /// speak, discuss …
    Talk,
    /// criticise, praise …
    Judge,
    /// believe, hope, know …
    Think,
    /// show, find: documents do
    Show,
    /// begin, point, go: cues only beside a quotation
    Weak,
    /// statement, letter, claim …
    Noun,
}

/// The names of the classes in the list.
pub(super) const CUE_CLASSES: [(&str, CueClass); 14] = [
    ("say", CueClass::Say),
    ("tell", CueClass::Tell),
    ("add", CueClass::Add),
    ("ask", CueClass::Ask),
    ("answer", CueClass::Answer),
    ("state", CueClass::State),
    ("write", CueClass::Write),
    ("voice", CueClass::Voice),
    ("talk", CueClass::Talk),
    ("judge", CueClass::Judge),
    ("think", CueClass::Think),
    ("show", CueClass::Show),
    ("weak", CueClass::Weak),
    ("noun", CueClass::Noun),
];

/// The forms a word can be of its verb or noun, as bits: "said" is past and participle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Forms(u8);

impl Forms {
    /// "say"; singular of a noun.
    pub const BASE: Forms = Forms(1);
    /// "says"; plural of a noun.
    pub const THIRD: Forms = Forms(2);
    /// "wrote".
    pub const PAST: Forms = Forms(4);
    /// "written".
    pub const PARTICIPLE: Forms = Forms(8);
    /// "writing".
    pub const GERUND: Forms = Forms(16);

    /// Whether the two sets share a form.
    pub fn any(self, of: Forms) -> bool {
        self.0 & of.0 != 0
    }
}

impl BitOr for Forms {
    type Output = Forms;
    fn bitor(self, other: Forms) -> Forms {
        Forms(self.0 | other.0)
    }
}

/// One reading of a word as a reporting verb or noun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cue {
    /// Class of the verb, or `Noun`.
    pub class: CueClass,
    /// Which forms of it the word can be.
    pub forms: Forms,
}
