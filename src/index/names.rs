//! Finding people and things by name: by full name, surname or key, whatever the case and
//! accents, and in spite of a typo. The rule is written once, here; what a name is asked of is not
//! known.

use std::borrow::Cow;

use strsim::osa_distance;
use twox_hash::XxHash3_64;

use super::words::{folded, words};
use crate::article::{EntityKind, SpeakerKind};

/// What somebody typed to mean a name.
#[derive(Clone, Debug)]
pub struct NameQuery {
    folded: String,
    words: Vec<String>,
    key: Option<String>,
}

/// How well a name fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// Every word as it was typed.
    Exact,
    /// With typos.
    Similar,
}

impl NameQuery {
    /// A name or a key such as `person:john kirby`.
    pub fn new(typed: &str) -> Self {
        let key = typed.split_once(':').filter(|(kind, _)| kind_of(kind).is_some());
        let words = words(key.map_or(typed, |(_, name)| name));
        let key = key.map(|(kind, name)| format!("{kind}:{}", name.trim()));
        NameQuery { folded: words.join(" "), words, key }
    }

    /// How well a name with this key fits; `None`: not at all. Every word must be found.
    pub fn fit(&self, key: &str, name: &str) -> Option<Fit> {
        if let Some(wanted) = &self.key {
            return (wanted == key).then_some(Fit::Exact);
        }
        let mut left = words(name);
        let mut fit = Fit::Exact;
        // Exact words take their places first, so that no typo can stand in for them.
        let mut misspelt = Vec::new();
        for word in &self.words {
            match left.iter().position(|other| other == word) {
                Some(at) => drop(left.swap_remove(at)),
                None => misspelt.push(word),
            }
        }
        for word in misspelt {
            let at = left.iter().position(|other| similar(word, other))?;
            left.swap_remove(at);
            fit = Fit::Similar;
        }
        (!self.words.is_empty()).then_some(fit)
    }

    /// Its words; all must be found.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// The key it is, if it is one.
    pub fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// Whether it is worth a closer look whether a term or column value fits: few do, and this is
    /// fast. `typos`: misspelt words count.
    pub fn may_fit(&self, value: &str, typos: bool) -> bool {
        if let Some(key) = &self.key {
            return value.starts_with(key.as_str());
        }
        // What accents become, and where contractions end, is left to the closer look.
        let plain = |text: &str| text.is_ascii() && !text.as_bytes().contains(&b'\'');
        !plain(value)
            || self.words.iter().all(|word| {
                let allowed = if typos { typos_allowed(word.len()) } else { 0 };
                !plain(word) || has_alike(value.as_bytes(), word.as_bytes(), allowed)
            })
    }

    /// Whether a name with this key is this one with a typo, or a person's with this surname.
    pub fn nearly(&self, key: &str, name: &str) -> bool {
        let as_long = words(name).len() == self.words.len();
        (as_long || key.starts_with("person:")) && self.fit(key, name).is_some()
    }

    /// Whether a name with this key is meant by its full name or key; of a person the surname
    /// is enough.
    pub fn means(&self, key: &str, name: &str) -> bool {
        if let Some(wanted) = &self.key {
            return wanted == key;
        }
        let fits = |full: &str, is_person: bool| {
            full.strip_suffix(self.folded.as_str())
                .is_some_and(|before| before.is_empty() || is_person && before.ends_with(' '))
        };
        let (kind, tail) = key.split_once(':').unwrap_or(("", key));
        let is_person = kind == "person";
        !self.folded.is_empty() && (fits(tail, is_person) || fits(&folded(name), is_person))
    }
}

/// Whether two words are the same but for a typo. Typos seldom hit the first letter, and short
/// words have too many neighbours to allow any.
pub fn similar(typed: &str, word: &str) -> bool {
    let letters = typed.chars().count();
    let allowed = typos_allowed(letters);
    typed == word
        || allowed > 0
            && typed.chars().next() == word.chars().next()
            && letters.abs_diff(word.chars().count()) <= allowed
            && osa_distance(typed, word) <= allowed
}

/// Typos that may be in a word of so many letters.
fn typos_allowed(letters: usize) -> usize {
    match letters {
        0..=4 => 0,
        5..=8 => 1,
        _ => 2,
    }
}

/// Whether a plain text has a run of letters and digits that may be a word with so many typos, by
/// its first letter and its length.
fn has_alike(text: &[u8], word: &[u8], typos: usize) -> bool {
    let Some(&first) = word.first() else { return false };
    let mut start = 0;
    while start < text.len() {
        let begins = text[start].eq_ignore_ascii_case(&first);
        let rest = &text[start..];
        let length = rest.iter().position(|byte| !byte.is_ascii_alphanumeric());
        let run = &rest[..length.unwrap_or(rest.len())];
        let alike = match typos {
            0 => run.eq_ignore_ascii_case(word),
            _ => begins && run.len().abs_diff(word.len()) <= typos,
        };
        if begins && alike {
            return true;
        }
        start += run.len() + 1;
    }
    false
}

/// Splits a key from the printed name behind it in `speaker` and `entities`.
const KEY_END: char = '\u{1f}';

/// Key and name as a term or column value. A name that the key tells is left out: most do.
pub fn value_of<'a>(key: &'a str, name: &str) -> Cow<'a, str> {
    let value = match is_titled(key, name) {
        true => Cow::Borrowed(key),
        false => Cow::Owned(format!("{key}{KEY_END}{name}")),
    };
    if value.contains('\n') { Cow::Owned(value.replace('\n', " ")) } else { value }
}

/// Bits of the number of a value: of millions, no two are likely to share one, and they are all that
/// a dictionary of such numbers has to hold.
const NUMBER_BITS: u32 = 48;

/// The number that stands for a value where it need not be read back.
pub fn number_of(value: &str) -> u64 {
    XxHash3_64::oneshot(value.as_bytes()) >> (u64::BITS - NUMBER_BITS)
}

/// The text of a term or column value; none where an index is damaged.
pub fn text(value: &[u8]) -> &str {
    std::str::from_utf8(value).unwrap_or_default()
}

/// Key of a term or column value, and the name where the key does not tell it.
pub fn key_and_printed(value: &str) -> (&str, Option<&str>) {
    match value.split_once(KEY_END) {
        Some((key, name)) => (key, Some(name)),
        None => (value, None),
    }
}

/// Key and name of a term or column value.
pub fn key_and_name(value: &str) -> (&str, Cow<'_, str>) {
    let (key, printed) = key_and_printed(value);
    (key, printed.map_or_else(|| Cow::Owned(titled(value)), Cow::Borrowed))
}

/// The name in a key as it stands there.
pub fn name_in(key: &str) -> &str {
    key.split_once(':').map_or(key, |(_, name)| name)
}

/// Whether `titled` gives this name; without making it where both are plain.
fn is_titled(key: &str, name: &str) -> bool {
    let lower = name_in(key);
    if !lower.is_ascii() || !name.is_ascii() {
        return titled(key) == name;
    }
    let mut first = true;
    lower.len() == name.len()
        && lower.bytes().zip(name.bytes()).all(|(byte, wanted)| {
            let byte = if first { byte.to_ascii_uppercase() } else { byte };
            first = byte == b' ';
            byte == wanted
        })
}

/// The name in a key, its words with capitals.
pub fn titled(key: &str) -> String {
    let name = name_in(key);
    let mut titled = String::with_capacity(name.len());
    let mut first = true;
    for c in name.chars() {
        if first {
            titled.extend(c.to_uppercase())
        } else {
            titled.push(c)
        }
        first = c == ' ';
    }
    titled
}

/// What an entity is as a speaker.
pub fn speaker_kind(kind: EntityKind) -> SpeakerKind {
    match kind {
        EntityKind::Person => SpeakerKind::Person,
        EntityKind::Organisation => SpeakerKind::Organisation,
        EntityKind::Place => SpeakerKind::Place,
    }
}

/// What the keys of a kind begin with.
pub fn key_start(kind: SpeakerKind) -> &'static str {
    match kind {
        SpeakerKind::Person => "person:",
        SpeakerKind::Organisation => "organisation:",
        SpeakerKind::Place => "place:",
        SpeakerKind::Group => "group:",
        SpeakerKind::Document => "document:",
    }
}

/// The kind that a key begins with.
pub fn kind_of(kind: &str) -> Option<SpeakerKind> {
    match kind {
        "person" => Some(SpeakerKind::Person),
        "organisation" => Some(SpeakerKind::Organisation),
        "place" => Some(SpeakerKind::Place),
        "group" => Some(SpeakerKind::Group),
        "document" => Some(SpeakerKind::Document),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Fit, NameQuery, key_and_name, value_of};

    #[test]
    fn keys_and_names_come_back() {
        let pairs = [
            ("person:john kirby", "John Kirby", true),
            ("organisation:nato", "NATO", false),
            ("place:zürich", "Zürich", true),
            ("group:residents", "residents", false),
            ("odd", "Odd", true),
            ("", "", true),
        ];
        for (key, name, short) in pairs {
            let value = value_of(key, name);
            let (found_key, found_name) = key_and_name(&value);
            assert_eq!((found_key, found_name.as_ref()), (key, name));
            assert_eq!(value == key, short, "{key}");
        }
    }

    #[test]
    fn fits() {
        let (exact, similar) = (Some(Fit::Exact), Some(Fit::Similar));
        let cases = [
            ("kirby", "John Kirby", exact),
            ("KIRBY", "John Kirby", exact),
            ("John Kirby", "John Kirby", exact),
            ("John Kirby", "John F. Kirby", exact),
            ("John Kirby", "Kirby", None),
            ("Volodymyr Zelenskyy", "Volodomyr Zelensky", similar),
            ("zelensky", "Volodymyr Zelenskyy", similar),
            ("Erdogan", "Recep Tayyip Erdoğan", exact),
            ("Erdoğan", "Recep Tayyip Erdogan", exact),
            ("smith smith", "John Smith", None),
            ("lee", "Leo", None),
            ("biden", "Aiden", None),
            ("person:john kirby", "John Kirby", exact),
            ("person:kirby", "John Kirby", None),
            ("", "John Kirby", None),
        ];
        for (typed, name, expected) in cases {
            let key = format!("person:{}", name.to_lowercase());
            let query = NameQuery::new(typed);
            assert_eq!(query.fit(&key, name), expected, "{typed} / {name}");
            let may = query.may_fit(&value_of(&key, name), true);
            assert!(may || expected.is_none(), "{typed} / {name}");
        }
    }

    #[test]
    fn means() {
        let cases = [
            ("Bank of England", "organisation:bank of england", "Bank of England", true),
            ("england", "organisation:bank of england", "Bank of England", false),
            ("kirby", "person:john kirby", "John Kirby", true),
            ("john", "person:john kirby", "John Kirby", false),
            ("irby", "person:john kirby", "John Kirby", false),
            ("person:john kirby", "person:john kirby", "John Kirby", true),
            ("S&P", "organisation:s&p", "S&P", true),
        ];
        for (typed, key, name, expected) in cases {
            let query = NameQuery::new(typed);
            assert_eq!(query.means(key, name), expected, "{typed} / {key}");
            assert!(query.may_fit(&value_of(key, name), false) || !expected, "{typed} / {key}");
        }
    }
}
