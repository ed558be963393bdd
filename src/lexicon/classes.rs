//! The classes of words that the lists tell apart, as sets of bits. Not for which word has which.

use std::ops::BitOr;

/// A set of word classes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Classes(pub(super) u32);

macro_rules! classes {
    ($($(#[$doc:meta])* $name:ident = $bit:literal),* $(,)?) => {
        impl Classes {
            $($(#[$doc])* pub const $name: Classes = Classes(1 << $bit);)*
        }
    };
}

classes! {
    /// Given name: "mary".
    GIVEN = 0,
    /// One of the 10,000 most frequent surnames, or a well-known foreign one.
    SURNAME = 1,
    /// Any other surname of the census.
    SURNAME_RARE = 2,
    /// Stands before a name: "gov", "prof", "president".
    TITLE = 3,
    /// Part of a longer title: "majority" of "Senate Majority Leader".
    TITLE_PART = 4,
    /// Role noun, singular: "spokesman". To be asked of lower-case words only.
    ROLE = 5,
    /// Role noun, plural: "officials".
    ROLES = 6,
    /// Adjective or noun of nationality.
    NATIONALITY = 7,
    /// Country or dependent territory.
    COUNTRY = 8,
    /// State, province, county.
    REGION = 9,
    /// City of 150,000 people and more.
    CITY_LARGE = 10,
    /// Town of 15,000 people and more.
    CITY = 11,
    /// Other place: river, quarter, sight, part of the world.
    PLACE = 12,
    /// Makes a name a place's: "river", "street".
    PLACE_WORD = 13,
    /// "calif", "u.s".
    PLACE_SHORT = 14,
    /// Well-known organisation.
    ORGANISATION = 15,
    /// "inc", "ltd".
    ORG_SUFFIX = 16,
    /// Makes a name an organisation's: "ministry", "bank".
    ORG_HEAD = 17,
    /// Party, or its members.
    PARTY = 18,
    /// Sports team.
    TEAM = 19,
    /// Determiner, pronoun, preposition, conjunction, auxiliary.
    FUNCTION = 20,
    /// Weekday or month.
    CALENDAR = 21,
    /// One of the commonest words, written in lower case.
    COMMON = 22,
    /// Any other lower-case word.
    WORD = 23,
    /// Word that is written with a capital.
    PROPER = 24,
    /// Form of a reporting verb; see `Lexicon::cues`.
    CUE_VERB = 25,
    /// Noun of speech: "statement".
    CUE_NOUN = 26,
    /// Given name of the world that the census does not know.
    GIVEN_WORLD = 28,
    /// Surname of the world that the census does not know.
    SURNAME_WORLD = 29,
    /// Longer entries begin with this.
    BEGINS = 31,
}

impl Classes {
    /// The set of all classes of these sets.
    pub const fn of(sets: &[Classes]) -> Classes {
        let (mut all, mut i) = (0, 0);
        while i < sets.len() {
            all |= sets[i].0;
            i += 1;
        }
        Classes(all)
    }

    /// Whether the two sets share a class.
    pub fn any(self, of: Classes) -> bool {
        self.0 & of.0 != 0
    }

    /// Whether no list has the word.
    pub fn is_empty(self) -> bool {
        self.0 & !Self::BEGINS.0 == 0
    }

    /// One bit a class.
    pub const fn bits(self) -> u32 {
        self.0
    }
}

impl BitOr for Classes {
    type Output = Classes;
    fn bitor(self, other: Classes) -> Classes {
        Classes(self.0 | other.0)
    }
}
