//! The small lexicons of the cast: titles, given names by gender, nouns that head the words for a
//! speaker, and closed classes of words. Looked up only; what follows from them is decided elsewhere.

use std::sync::LazyLock;

use compact_str::CompactString;
use rustc_hash::FxHashSet;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::article::Gender;
use crate::lexicon::{self, Classes, SpeakerNoun};

/// Lower case, without diacritics, apostrophes and final stop: equal for spellings of one name.
pub fn fold(word: &str) -> CompactString {
    plainly_folded(word).unwrap_or_else(|| folded(word.trim_end_matches('.')))
}

/// The same of a word of nothing but ASCII letters and the like, as most are: all of its bytes at a time, as
/// many as there could be, for how many there are cannot be guessed.
fn plainly_folded(word: &str) -> Option<CompactString> {
    let mut bytes = [0; size_of::<CompactString>()];
    bytes.get_mut(..word.len())?.copy_from_slice(word.as_bytes());
    let is_odd = |byte: u8| (byte >= 0x80) | (byte == b'\'');
    if bytes.iter().fold(false, |odd, &byte| odd | is_odd(byte)) {
        return None;
    }
    bytes.make_ascii_lowercase();
    let mut folded = &bytes[..word.len()];
    while let [rest @ .., b'.'] = folded {
        folded = rest;
    }
    CompactString::from_utf8(folded).ok()
}

fn folded(word: &str) -> CompactString {
    let mut folded = CompactString::default();
    for c in word.nfkd().filter(|&c| !is_combining_mark(c)).flat_map(char::to_lowercase) {
        match c {
            '\'' | '’' | '‘' | 'ʼ' | '`' | '´' | '\u{307}' => {}
            'ł' => folded.push('l'),
            'ø' => folded.push('o'),
            'đ' | 'ð' => folded.push('d'),
            'ı' => folded.push('i'),
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            '‐' | '‑' | '–' => folded.push('-'),
            c => folded.push(c),
        }
    }
    folded
}

/// What titles and head nouns have of a word as it stands in a text, whatever its capitals and marks.
#[derive(Clone, Copy, Debug)]
pub struct Told {
    /// It is a title or part of one.
    pub title: bool,
    /// What it says as a head noun.
    pub noun: Option<SpeakerNoun>,
    /// The gender it tells as a title or role noun.
    pub gender: Option<Gender>,
}

impl Told {
    /// Looks a word up.
    pub fn of(word: &str) -> Told {
        let folded = fold(word);
        Told { title: is_title(&folded), noun: noun(&folded), gender: title_gender(&folded) }
    }
}

/// The gender a given name tells; of a double name ("Jean-Marie") the first part decides.
pub fn given_gender(folded: &str) -> Option<Gender> {
    let first = || lexicon::get().gender(folded.split_once('-')?.0);
    lexicon::get().gender(folded).or_else(first)
}

/// Whether this word is a title or part of one.
pub fn is_title(folded: &str) -> bool {
    let classes = lexicon::get().classes(folded);
    classes.any(Classes::TITLE | Classes::TITLE_PART)
}

/// The gender that a title or role noun tells.
pub fn title_gender(folded: &str) -> Option<Gender> {
    match folded {
        "mr" | "sir" | "lord" | "herr" | "monsieur" | "king" | "prince" | "pope" | "father" => {
            Some(Gender::Male)
        }
        "mrs" | "ms" | "miss" | "dame" | "lady" | "frau" | "madame" | "mme" | "mlle" | "madam"
        | "queen" | "princess" | "senora" | "signora" => Some(Gender::Female),
        "senor" | "signor" | "don" | "sheikh" | "imam" | "ayatollah" | "cardinal" => {
            Some(Gender::Male)
        }
        _ => lexicon::get().role_gender(folded),
    }
}

/// "Mr.", "Frau" and the like: honorifics, which are no role.
pub fn is_honorific(folded: &str) -> bool {
    const HONORIFICS: &[&str] = &[
        "mr", "mrs", "ms", "miss", "mx", "sir", "dame", "lady", "lord", "madam", "madame", "mme",
        "mlle", "monsieur", "m", "herr", "frau", "señor", "señora", "senor", "senora", "messrs",
    ];
    HONORIFICS.contains(&folded)
}

/// What a head noun says; of a compound ("co-founder") the last part decides.
pub fn noun(folded: &str) -> Option<SpeakerNoun> {
    let last = || lexicon::get().speaker_noun(folded.rsplit_once('-')?.1);
    lexicon::get().speaker_noun(folded).or_else(last)
}

/// Whether `folded` is a noun for one human being.
pub fn is_person_noun(folded: &str) -> bool {
    noun(folded) == Some(SpeakerNoun::Person)
}

/// "Jr.", "III": part of a name, but never the surname.
pub fn is_suffix(folded: &str) -> bool {
    matches!(folded, "jr" | "sr" | "ii" | "iii" | "iv" | "esq" | "phd" | "ph.d" | "md")
}

/// "de", "van", "bin": opens a surname of several words.
pub fn is_particle(folded: &str) -> bool {
    const PARTICLES: &[&str] = &[
        "de", "del", "della", "di", "da", "dos", "das", "du", "la", "le", "van", "von", "der",
        "den", "ter", "ten", "bin", "ibn", "al", "el", "abu", "st", "san", "zu", "af", "mac",
        "ben",
    ];
    PARTICLES.contains(&folded)
}

/// Pairs of given names that are one: the short form first.
const SHORT_FORMS: &[(&str, &str)] = &[
    ("abe", "abraham"),
    ("al", "albert"),
    ("alex", "alexander"),
    ("alex", "aleksandr"),
    ("andy", "andrew"),
    ("art", "arthur"),
    ("barb", "barbara"),
    ("ben", "benjamin"),
    ("bernie", "bernard"),
    ("bert", "albert"),
    ("beth", "elizabeth"),
    ("betsy", "elizabeth"),
    ("betty", "elizabeth"),
    ("bill", "william"),
    ("billy", "william"),
    ("bob", "robert"),
    ("bobby", "robert"),
    ("cathy", "catherine"),
    ("charlie", "charles"),
    ("chuck", "charles"),
    ("chris", "christopher"),
    ("cindy", "cynthia"),
    ("dan", "daniel"),
    ("danny", "daniel"),
    ("dave", "david"),
    ("debbie", "deborah"),
    ("dick", "richard"),
    ("don", "donald"),
    ("doug", "douglas"),
    ("ed", "edward"),
    ("eddie", "edward"),
    ("frank", "francis"),
    ("fred", "frederick"),
    ("gabe", "gabriel"),
    ("gene", "eugene"),
    ("greg", "gregory"),
    ("hank", "henry"),
    ("harry", "harold"),
    ("jack", "john"),
    ("jake", "jacob"),
    ("jeff", "jeffrey"),
    ("jen", "jennifer"),
    ("jenny", "jennifer"),
    ("jerry", "gerald"),
    ("jerry", "jerome"),
    ("jim", "james"),
    ("jimmy", "james"),
    ("joe", "joseph"),
    ("johnny", "john"),
    ("jon", "jonathan"),
    ("josh", "joshua"),
    ("kate", "katherine"),
    ("kathy", "katherine"),
    ("kathy", "kathleen"),
    ("katie", "katherine"),
    ("ken", "kenneth"),
    ("larry", "lawrence"),
    ("liz", "elizabeth"),
    ("maggie", "margaret"),
    ("marty", "martin"),
    ("matt", "matthew"),
    ("max", "maximilian"),
    ("meg", "margaret"),
    ("mick", "michael"),
    ("mike", "michael"),
    ("mitch", "mitchell"),
    ("nancy", "ann"),
    ("nate", "nathan"),
    ("nick", "nicholas"),
    ("pam", "pamela"),
    ("pat", "patricia"),
    ("pat", "patrick"),
    ("peggy", "margaret"),
    ("pete", "peter"),
    ("phil", "philip"),
    ("phil", "phillip"),
    ("ray", "raymond"),
    ("rick", "richard"),
    ("rob", "robert"),
    ("ron", "ronald"),
    ("sam", "samuel"),
    ("sandy", "sandra"),
    ("steve", "steven"),
    ("steve", "stephen"),
    ("stu", "stuart"),
    ("sue", "susan"),
    ("ted", "theodore"),
    ("ted", "edward"),
    ("terry", "terence"),
    ("tim", "timothy"),
    ("tom", "thomas"),
    ("tommy", "thomas"),
    ("tony", "anthony"),
    ("tony", "antony"),
    ("vicky", "victoria"),
    ("will", "william"),
    ("zach", "zachary"),
];

/// Whether one given name is the short form of the other.
pub fn short_form(a: &str, b: &str) -> bool {
    SHORT_FORMS.iter().any(|&(short, long)| (a, b) == (short, long) || (b, a) == (short, long))
}

/// Lower-case words that may stand inside a role before its noun: "senior", "national security".
pub fn is_role_modifier(folded: &str) -> bool {
    const MODIFIERS: &str = "acting activist aerospace african agriculture agricultural air aircraft ambassador-designate anti \
        appeals appellate armed army art arts assistant associate athletic attorney award-winning baseball basketball \
        best-selling bestselling board book border british budget building bureau business cabinet campaign career celebrity \
        central chief child church city civic civil climate club coalition co college communications community company computer \
        congressional conservative constitutional consumer corporate council counter-terrorism county court crime criminal \
        cultural culture current data defence defense democratic deputy development digital diplomatic district doctoral \
        domestic economic economics economy editorial education election emergency energy engineering entertainment \
        environment environmental european evangelical ex executive faculty family far-right farm fashion federal fellow field film \
        finance financial fire firm first fiscal folk football foreign former founding frequent freelance friend frontline fund-raising fundraising \
        gay general global government graduate grass-roots grassroots group head health high-ranking high-school history hockey homeland hospital \
        house housing human immigration independent industrial industry influential information infrastructure insurance \
        intelligence interim interior international internet investigative investment investor judicial junior justice labor \
        labour land late law lead leading league left-wing legal legendary legislative liberal libertarian lifelong local longtime \
        long-time majority male female management managing marine market marketing media medical mental military minority moderate music \
        national native naval navy network new news newspaper night nuclear oil one-time onetime operations opposition outgoing outspoken parliamentary part-time \
        party personal plant police policy political pop popular president presidential press prime primary prison private pro-european \
        privacy product production professional program project prominent property provincial public radio railway \
        ranking real-estate regional religious renewable research retail retired right-wing river road rock royal rural \
        safety sales school science scientific second secret security senate senior service services sexual small social soccer social-media software solar space special \
        sports staff state steel strategic street student studies subway super superior supreme swing tax team tech technical technology \
        television tennis third top trade traffic training transit transition transport transportation travel treasury trial tribal tv \
        undergraduate undecided union university utility vaccine veteran vice video village visiting vocal volunteer war water weather welfare western white wildlife women's workers \
        world young youth youth-league";
    static KNOWN: LazyLock<FxHashSet<&str>> =
        LazyLock::new(|| MODIFIERS.split_whitespace().collect());
    let hyphened = folded.contains('-') && !folded.ends_with("-");
    let ends = |s: &str| folded.ends_with(s) && folded.len() > s.len() + 2;
    hyphened || KNOWN.contains(folded) || ends("al") || ends("ic") || ends("ist") || ends("ive")
}

#[cfg(test)]
mod tests {
    use super::{fold, folded};

    #[test]
    fn plain_words_are_folded_like_all_others() {
        let long = "Aa-".repeat(30);
        let words =
            ["", ".", "...", "a", "Mr.", "U.S.", "O'Neill", "'s", "JR..", "Co-Founder", "4x4"];
        let lengths = (0..long.len()).map(|end| &long[..end]);
        for word in words.into_iter().chain(lengths) {
            let slowly = folded(word.trim_end_matches('.'));
            assert_eq!(fold(word), slowly, "{word}");
        }
        assert_eq!(fold("Müller’s."), "mullers");
    }
}
