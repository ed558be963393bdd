//! A person's name taken apart, and when two names can be one person's. Knows no text around it.

use compact_str::CompactString;
use smallvec::SmallVec;

use super::words::{fold, is_particle, is_suffix, short_form};

/// A person's name without title: folded words, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// Given names, initials and surname; never empty.
    pub words: SmallVec<[CompactString; 3]>,
    /// "jr", "iii".
    pub suffix: Option<CompactString>,
}

impl Name {
    /// Reads the words of a name; `None` when nothing but suffixes is left.
    pub fn parse<'a>(words: impl Iterator<Item = &'a str>) -> Option<Name> {
        let mut name = Name { words: SmallVec::new(), suffix: None };
        for word in words.map(fold) {
            if is_suffix(&word) && !name.words.is_empty() {
                name.suffix = Some(word);
            } else if word.chars().any(char::is_alphanumeric) {
                name.words.push(word);
            }
        }
        (!name.words.is_empty()).then_some(name)
    }

    /// The last word: the surname, or the only name.
    pub fn last(&self) -> &str {
        self.words.last().expect("a name has a word")
    }

    /// The first word.
    pub fn first(&self) -> &str {
        &self.words[0]
    }

    /// Whether there is more than a surname: "de Blasio" is none, "Bill de Blasio" is one.
    pub fn is_full(&self) -> bool {
        self.words.len() > 1 && !is_particle(self.first())
    }

    /// The given name as far as it is written out.
    pub fn given(&self) -> Option<&str> {
        let forenames = &self.words[..self.words.len() - 1];
        forenames.iter().map(CompactString::as_str).find(|w| !is_initials(w))
    }

    /// Whether both can be one person's full name. Surnames are compared, too.
    pub fn agrees(&self, other: &Name) -> bool {
        if generation(self) != generation(other) {
            return false;
        }
        let (a, b) = (&self.words[..self.words.len() - 1], &other.words[..other.words.len() - 1]);
        let (Some(first), Some(second)) = (a.first(), b.first()) else {
            return alike(self.last(), other.last());
        };
        let exact = self.last() == other.last();
        let surnames = exact || alike(first, second) && alike(self.last(), other.last());
        surnames
            && (same_given(first, second) || b.contains(first) || a.contains(second))
            && !middle_initials_differ(a, b)
    }

    /// Whether `other` is this name's end: "wasserman schultz" of "debbie wasserman schultz".
    pub fn ends_with(&self, other: &Name) -> bool {
        self.words.len() > other.words.len() && self.words.ends_with(&other.words)
    }

    /// Lower-case name that is equal across articles: middle initials are left out.
    pub fn key(&self) -> CompactString {
        let last = self.words.len() - 1;
        let mut key = CompactString::default();
        for (i, word) in self.words.iter().enumerate() {
            let initial = is_initials(word) && word.chars().count() == 1;
            if initial && i > 0 && i < last {
                continue;
            }
            if !key.is_empty() {
                key.push(' ');
            }
            key.extend(word.chars().filter(|&c| c != '.'));
        }
        if let Some(suffix) = &self.suffix {
            key.push(' ');
            key.push_str(suffix);
        }
        key
    }

    /// All words, middle initials too: what parts two persons whose keys would be equal.
    pub fn long_key(&self) -> String {
        let mut key = self.words.join(" ").replace('.', "");
        if let Some(suffix) = &self.suffix {
            key.push(' ');
            key.push_str(suffix);
        }
        key
    }
}

/// Junior is told apart from everybody; "III" is often left out, and so are "Sr." and "MD".
fn generation(name: &Name) -> bool {
    name.suffix.as_deref() == Some("jr")
}

/// "j", "j.k", "h.w": initials, stops inside.
pub fn is_initials(word: &str) -> bool {
    word.split('.').all(|part| part.chars().count() == 1)
}

fn middle_initials_differ(a: &[CompactString], b: &[CompactString]) -> bool {
    let middle = |names: &[CompactString]| names.iter().skip(1).find(|w| is_initials(w)).cloned();
    matches!((middle(a), middle(b)), (Some(x), Some(y)) if x != y)
}

fn same_given(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    if is_initials(a) || is_initials(b) {
        return a.chars().next() == b.chars().next();
    }
    let prefix = a.len().min(b.len()) >= 3 && (a.starts_with(b) || b.starts_with(a));
    prefix || short_form(a, b) || alike(a, b)
}

/// Whether two words are spellings of one: equal, or a letter or two apart in a long word.
pub fn alike(a: &str, b: &str) -> bool {
    let longest = a.len().max(b.len());
    if a == b {
        return true;
    }
    let allowed = match longest {
        0..=5 => return false,
        6..=7 => 1,
        _ => 2,
    };
    a.chars().next() == b.chars().next()
        && a.len().abs_diff(b.len()) <= allowed
        && strsim::osa_distance(a, b) <= allowed
}

/// Consonants of the first and the last word, doubled letters once: equal for most misspellings.
pub fn skeleton(name: &Name) -> CompactString {
    let mut skeleton = CompactString::default();
    for word in [name.first(), name.last()] {
        let mut before = ' ';
        for (i, c) in word.chars().enumerate() {
            let c = if c == 'k' { 'c' } else { c };
            if (i == 0 || !"aeiouyhw-".contains(c)) && c != before {
                skeleton.push(c);
            }
            before = c;
        }
        skeleton.push(' ');
    }
    skeleton
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Name {
        Name::parse(text.split(' ')).expect("a name")
    }

    #[test]
    fn one_person_in_several_spellings() {
        for (a, b) in [
            ("Antony J. Blinken", "Antony Blinken"),
            ("Bill Harker", "William Harker"),
            ("J. Harker", "Joanne Harker"),
            ("Volodomyr Zelensky", "Volodymyr Zelenskyy"),
            ("José Muñoz", "Jose Munoz"),
            ("Debbie Wasserman Schultz", "Debbie Schultz"),
        ] {
            assert!(name(a).agrees(&name(b)), "{a} / {b}");
        }
    }

    #[test]
    fn two_persons_of_one_surname() {
        for (a, b) in [
            ("Bill Clinton", "Hillary Clinton"),
            ("George W. Bush", "George H.W. Bush"),
            ("John Adams Sr.", "John Adams Jr."),
            ("Mary Stone", "Mark Stone"),
        ] {
            assert!(!name(a).agrees(&name(b)), "{a} / {b}");
        }
    }

    #[test]
    fn keys_leave_out_middle_initials_and_marks() {
        for (text, key) in [
            ("Antony J. Blinken", "antony blinken"),
            ("Zoë O’Neill", "zoe oneill"),
            ("J. K. Moss", "j moss"),
            ("Donald Reed Jr.", "donald reed jr"),
            ("George H.W. Bush", "george hw bush"),
        ] {
            assert_eq!(name(text).key(), key);
        }
    }

    #[test]
    fn surname_with_particle_is_no_full_name() {
        assert!(!name("de Blasio").is_full());
        assert!(name("Bill de Blasio").is_full());
        assert!(name("Bill de Blasio").ends_with(&name("de Blasio")));
    }
}
