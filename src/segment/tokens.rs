//! The tokeniser: words, numbers and single punctuation characters. It cuts characters, it knows
//! no grammar: whether the stop of "U.S." also ends a sentence is for `annotate` to say.
//!
//! One pass, every byte looked at a bounded number of times, so the time is linear on any input.

use crate::text::{Span, plain_run};

/// What a token is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Letters, with inner apostrophes, hyphens and full stops ("O'Brien", "Jean-Luc", "U.S.").
    Word,
    /// Starts with a digit: "1,000", "3.5", "90s", "7th".
    Number,
    /// One quotation mark; `''` and two backticks are one token.
    Quote,
    /// Any other character that is not white space.
    Punctuation,
}

/// One token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Where it stands.
    pub span: Span,
    /// What it is made of.
    pub kind: TokenKind,
}

/// The tokens of one paragraph of `text`, appended to `tokens`.
///
/// A possessive ending is a token of its own ("Kirby" + "'s"), and so is the full stop that ends
/// a sentence; the stop of an initial or an abbreviation ("J.", "Gov.", "U.S.") belongs to its word.
/// Text that was tokenised before ("Kirby 's plan , he said") gives the same tokens again.
/// Runs of ideographs, hiragana and katakana are words apart, since no space parts them.
pub fn tokenize(text: &str, paragraph: Span, tokens: &mut Vec<Token>) {
    let cut = Cutter { text: &text[..paragraph.end()], start: paragraph.start() };
    tokens.reserve(paragraph.len() / 5);
    let mut at = paragraph.start();
    while at < paragraph.end() {
        let byte = text.as_bytes()[at];
        if CLASS[byte as usize] == SPACE {
            at += 1;
            continue;
        }
        let (end, kind) = match CLASS[byte as usize] {
            LETTER => (cut.word(at), Some(TokenKind::Word)),
            DIGIT => (cut.number(at), Some(TokenKind::Number)),
            MARK => cut.mark(at),
            OTHER => (at + 1, Some(TokenKind::Punctuation)),
            _ => cut.wide(at),
        };
        if let Some(kind) = kind {
            tokens.push(Token { span: Span::new(at, end), kind });
        }
        at = end;
    }
}

const SPACE: u8 = 0;
const LETTER: u8 = 1;
const DIGIT: u8 = 2;
const MARK: u8 = 3;
const OTHER: u8 = 4;
const WIDE: u8 = 5;

/// The class of every byte; bytes of characters beyond ASCII are `WIDE`.
const CLASS: [u8; 256] = {
    let mut class = [OTHER; 256];
    let mut b = 0;
    while b < 256 {
        class[b] = match b as u8 {
            b'a'..=b'z' | b'A'..=b'Z' => LETTER,
            b'0'..=b'9' => DIGIT,
            b'"' | b'\'' | b'`' => MARK,
            b' ' | b'\t'..=b'\r' => SPACE,
            0x80.. => WIDE,
            _ => OTHER,
        };
        b += 1;
    }
    class
};

/// Words whose full stop belongs to them, first letter a capital.
const ABBREVIATIONS: &str = " Adm Ala Amb Apr Ariz Ark Assn Asst Atty Aug Ave Blvd Bros Brig Calif Capt Cdr Cmdr Co \
    Col Colo Comdr Conn Corp Cpl Cpt Dec Del Dept Det Dist Dr Drs Esq Feb Fla Fr Ft Ga Gen Gov Hon Inc Ind Insp \
    Jan Jr Jul Jun Kan Ky La Lt Ltd Maj Mass Md Messrs Mfg Mgr Mich Minn Mlle Mme Mmes Mo Mont Mr Mrs Ms Msgr Mt \
    Neb Nev Nov Oct Okla Ont Ore Pa Pfc Ph Pres Prof Pte Pty Pvt Que Rep Reps Rev Sen Sens Sep Sept Sgt Spc Sr \
    St Ste Supt Tenn Tex Univ Va Vol Vt Wis Wyo ";

/// Lower-case words whose full stop belongs to them.
const SMALL_ABBREVIATIONS: &str = " al approx ca cf dept est etc gen max min pp vs ";

/// Abbreviations only when a number or a capital follows, for they are plain words too.
const UNSURE_ABBREVIATIONS: &str = " Art Fig Ill Miss No Nos Sat Sun Wash ";

struct Cutter<'a> {
    /// The text up to the end of the paragraph.
    text: &'a str,
    /// Where the paragraph starts.
    start: usize,
}

impl Cutter<'_> {
    fn byte(&self, at: usize) -> u8 {
        self.text.as_bytes().get(at).copied().unwrap_or(b' ')
    }

    fn char(&self, at: usize) -> char {
        let byte = self.byte(at);
        if byte < 0x80 {
            return byte as char;
        }
        self.text[at..].chars().next().unwrap_or(' ')
    }

    fn before(&self, at: usize) -> char {
        self.text[self.start..at].chars().next_back().unwrap_or(' ')
    }

    /// End of the word that starts at `start`.
    fn word(&self, start: usize) -> usize {
        let mut at = start;
        let mut dots = Dots { segment: start, seen: false, short: true };
        loop {
            at = self.plain(at);
            match self.byte(at) {
                b' ' | b',' => return at,
                b'.' if self.joins_dot(start, at, &mut dots) => at += 1,
                b'.' if self.keeps_dot(start, at, &dots) => {
                    at += 1;
                    // "U.S.-led"
                    if !(self.byte(at) == b'-' && is_letter(self.char(at + 1))) {
                        return at;
                    }
                    at += 1;
                }
                _ => match self.joiner(at) {
                    0 => return at,
                    length => at += length,
                },
            }
        }
    }

    /// End of the number that starts at `start`.
    fn number(&self, start: usize) -> usize {
        let mut at = start;
        loop {
            at = self.plain(at);
            let inner = matches!(self.byte(at), b'.' | b',' | b':')
                && self.byte(at - 1).is_ascii_digit()
                && self.byte(at + 1).is_ascii_digit();
            match if inner { 1 } else { self.joiner(at) } {
                0 => return at,
                length => at += length,
            }
        }
    }

    /// Past the letters and digits at `at`, as long as they are of one script.
    fn plain(&self, mut at: usize) -> usize {
        loop {
            (at, _) = plain_run(self.text.as_bytes(), at);
            if CLASS[self.byte(at) as usize] != WIDE {
                return at;
            }
            let c = self.char(at);
            if !continues_word(c) || script(c) != Script::Spaced {
                return at;
            }
            at += c.len_utf8();
        }
    }

    /// Bytes of the character at `at` if it holds the word before it and the one behind together.
    fn joiner(&self, at: usize) -> usize {
        let c = self.char(at);
        let next = self.char(at + c.len_utf8());
        let joins = match c {
            '\'' | '’' => is_letter(next) && self.possessive(at).is_none(),
            '-' | '\u{2010}' | '\u{2011}' => {
                next.is_alphanumeric() && script(next) == Script::Spaced
            }
            '_' => next.is_ascii_alphanumeric(),
            '&' => next.is_ascii_uppercase() && self.byte(at.max(1) - 1).is_ascii_uppercase(),
            _ => false,
        };
        if joins { c.len_utf8() } else { 0 }
    }

    /// Whether the stop at `at` stands inside a word: "U.S", "Ph.D", "example.com", but not "end.Then".
    fn joins_dot(&self, start: usize, at: usize, dots: &mut Dots) -> bool {
        let next = self.char(at + 1);
        let joins = if next.is_ascii_digit() {
            self.byte(at.max(1) - 1).is_ascii_digit()
        } else if next.is_uppercase() {
            at - dots.segment <= 2 && !is_letter(self.char(at + 1 + next.len_utf8()))
        } else {
            is_letter(next) && script(next) == Script::Spaced
        };
        if joins {
            dots.short &= self.text[dots.segment.max(start)..at].chars().count() <= 2;
            dots.seen = true;
            dots.segment = at + 1;
        }
        joins
    }

    /// Whether the stop at `at` is that of an initial or an abbreviation.
    fn keeps_dot(&self, start: usize, at: usize, dots: &Dots) -> bool {
        if self.byte(at + 1) == b'.' {
            return false;
        }
        let last = &self.text[dots.segment..at];
        let first = self.char(start);
        if dots.seen {
            return dots.short && last.len() <= 2;
        }
        if last.len() == first.len_utf8() {
            return first.is_uppercase();
        }
        let one_of = |list: &str| last.len() <= 6 && contains_word(list, last);
        match first.is_uppercase() {
            true => {
                one_of(ABBREVIATIONS)
                    || (self.number_or_name(at + 1) && one_of(UNSURE_ABBREVIATIONS))
            }
            false => one_of(SMALL_ABBREVIATIONS),
        }
    }

    fn number_or_name(&self, at: usize) -> bool {
        self.byte(at) == b' '
            && matches!(self.char(at + 1), c if c.is_ascii_digit() || c.is_uppercase())
    }

    /// End of the ending that the apostrophe at `at` opens: "'s", or in tokenised text also "'re".
    fn possessive(&self, at: usize) -> Option<usize> {
        let letters = at + self.char(at).len_utf8();
        let rest = &self.text.as_bytes()[letters.min(self.text.len())..];
        let length = match rest {
            [b's' | b'S' | b'd' | b'm', ..] => 1,
            [b'r' | b'v', b'e', ..] | [b'l', b'l', ..] => 2,
            _ => return None,
        };
        let behind = self.char(letters + length);
        let before = self.before(at);
        let ends_word = !is_letter(behind) && !behind.is_ascii_digit();
        let fits = match (before.is_whitespace(), rest[0]) {
            (false, b's' | b'S') => true,
            (false, _) => false,
            (true, _) => behind.is_whitespace() || behind.is_ascii_punctuation() && behind != '\'',
        };
        (ends_word && fits).then_some(letters + length)
    }

    /// An ASCII quotation mark, an apostrophe, or the ending an apostrophe opens.
    fn mark(&self, at: usize) -> (usize, Option<TokenKind>) {
        let byte = self.byte(at);
        if byte != b'"' && self.byte(at + 1) == byte {
            return (at + 2, Some(TokenKind::Quote));
        }
        match self.possessive(at) {
            Some(end) if byte == b'\'' => (end, Some(TokenKind::Word)),
            _ => (at + 1, Some(TokenKind::Quote)),
        }
    }

    /// A token that starts with a character beyond ASCII; white space gives none.
    fn wide(&self, at: usize) -> (usize, Option<TokenKind>) {
        let c = self.char(at);
        let end = at + c.len_utf8();
        if c.is_whitespace() || matches!(c, '\u{200b}' | '\u{2060}' | '\u{feff}') {
            return (end, None);
        }
        if is_mark(c) {
            return match self.possessive(at) {
                Some(end) if c == '’' => (end, Some(TokenKind::Word)),
                _ => (end, Some(TokenKind::Quote)),
            };
        }
        match script(c) {
            Script::Spaced if c.is_alphabetic() => (self.word(at), Some(TokenKind::Word)),
            Script::Spaced if c.is_numeric() => (self.number(at), Some(TokenKind::Number)),
            Script::Spaced => (end, Some(TokenKind::Punctuation)),
            unspaced => (self.run(at, unspaced), Some(TokenKind::Word)),
        }
    }

    /// End of the run of characters of one script without spaces.
    fn run(&self, at: usize, of: Script) -> usize {
        let run = self.text[at..].chars().take_while(|&c| script(c) == of);
        at + run.map(char::len_utf8).sum::<usize>()
    }
}

/// What the stops inside a word looked like so far.
struct Dots {
    /// Where the part behind the last stop starts.
    segment: usize,
    seen: bool,
    /// Every part has one or two letters, as in "U.S" and "Ph.D".
    short: bool,
}

/// Whether `word` is one of the words of `list`, which are parted by single spaces.
fn contains_word(list: &str, word: &str) -> bool {
    memchr::memmem::find_iter(list.as_bytes(), word.as_bytes()).any(|at| {
        list.as_bytes()[at - 1] == b' ' && list.as_bytes().get(at + word.len()) == Some(&b' ')
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Spaced,
    Han,
    Hiragana,
    Katakana,
}

fn script(c: char) -> Script {
    match c {
        ..'\u{2e80}' => Script::Spaced,
        '\u{3041}'..='\u{309f}' => Script::Hiragana,
        '\u{30a1}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{ff66}'..='\u{ff9f}' => {
            Script::Katakana
        }
        '\u{2e80}'..='\u{2fdf}'
        | '\u{3005}'..='\u{3007}'
        | '\u{3400}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}' => Script::Han,
        _ => Script::Spaced,
    }
}

fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || !c.is_ascii() && c.is_alphabetic()
}

/// Letters, digits, and marks that belong to the letter before them.
fn continues_word(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(c, '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{20d0}'..='\u{20ff}')
        // Signs of the Indic scripts that are no letters of their own, stops left out.
        || matches!(c, '\u{900}'..='\u{dff}' | '\u{e31}'..='\u{e4e}' if c != '\u{964}' && c != '\u{965}')
}

fn is_mark(c: char) -> bool {
    matches!(
        c,
        '“' | '”'
            | '„'
            | '‟'
            | '‘'
            | '’'
            | '‚'
            | '‛'
            | '«'
            | '»'
            | '‹'
            | '›'
            | '´'
            | '「'
            | '」'
            | '『'
            | '』'
            | '〝'
            | '〞'
            | '〟'
            | '＂'
            | '＇'
            | '｢'
            | '｣'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        let mut tokens = Vec::new();
        tokenize(text, Span::new(0, text.len()), &mut tokens);
        tokens.iter().map(|t| t.span.of(text)).collect()
    }

    fn kinds(text: &str) -> String {
        let mut tokens = Vec::new();
        tokenize(text, Span::new(0, text.len()), &mut tokens);
        let letter = |t: &Token| match t.kind {
            TokenKind::Word => 'w',
            TokenKind::Number => 'n',
            TokenKind::Quote => 'q',
            TokenKind::Punctuation => 'p',
        };
        tokens.iter().map(letter).collect()
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(words(text).join("|"), expected);
    }

    #[test]
    fn plain_sentence() {
        check("He said, “We won’t go.”", "He|said|,|“|We|won’t|go|.|”");
        assert_eq!(kinds("He said, “We won’t go 3 times.”"), "wwpqwwwnwpq");
    }

    #[test]
    fn possessives_are_apart() {
        check("Kirby's plan, Kirby’s idea", "Kirby|'s|plan|,|Kirby|’s|idea");
        check("KIRBY'S students' Yahoo!'s", "KIRBY|'S|students|'|Yahoo|!|'s");
        assert_eq!(kinds("Kirby's"), "ww");
        check("the letter 'S' here", "the|letter|'|S|'|here");
    }

    #[test]
    fn abbreviations_keep_their_stop() {
        check(
            "J. Edgar met Gov. Lopez in the U.S. today.",
            "J.|Edgar|met|Gov.|Lopez|in|the|U.S.|today|.",
        );
        check(
            "Lt. Col. Roe, D-Del., the Rev. A.B. Poe",
            "Lt.|Col.|Roe|,|D-Del|.|,|the|Rev.|A.B.|Poe",
        );
        check(
            "at 9 a.m. in Wilmington, Del. with a Ph.D.",
            "at|9|a.m.|in|Wilmington|,|Del.|with|a|Ph.D.",
        );
        check(
            "No. 5 won. No. He left. U.S.-led J...",
            "No.|5|won|.|No.|He|left|.|U.S.-led|J|.|.|.",
        );
        check("It fell ill. Miss. Jones", "It|fell|ill|.|Miss.|Jones");
        check("“To London.” No.”", "“|To|London|.|”|No|.|”");
    }

    #[test]
    fn stops_inside_words() {
        check("See example.com. The end.Then", "See|example.com|.|The|end|.|Then");
        check("version v1.2 of G20, COVID-19", "version|v1.2|of|G20|,|COVID-19");
    }

    #[test]
    fn numbers() {
        check("1,000 or 3.5, the 90s, 7th, 10:30.", "1,000|or|3.5|,|the|90s|,|7th|,|10:30|.");
        check("$5.6bn, 19-year-old, 5%", "$|5.6bn|,|19-year-old|,|5|%");
    }

    #[test]
    fn joined_words() {
        check("O'Brien and Jean-Luc of AT&T--yes", "O'Brien|and|Jean-Luc|of|AT&T|-|-|yes");
        check("and/or @some_one R & D", "and|/|or|@|some_one|R|&|D");
    }

    #[test]
    fn marks() {
        check("``Yes,'' he said. 'No'", "``|Yes|,|''|he|said|.|'|No|'");
        assert_eq!(kinds("``Yes,'' «a» 「b」"), "qwpqqwqqwq");
    }

    #[test]
    fn text_tokenised_before() {
        check("finger , \" the man 's wo n't they 're", "finger|,|\"|the|man|'s|wo|n't|they|'re");
    }

    #[test]
    fn scripts_without_spaces() {
        check("東京タワーです。Tokyo駅", "東京|タワー|です|。|Tokyo|駅");
        check("हिन्दी में।", "हिन्दी|में|।");
        check("Genève, Škoda", "Genève|,|Škoda");
    }

    #[test]
    fn only_the_paragraph_is_cut() {
        let mut tokens = Vec::new();
        tokenize("One's two.\n\nThree", Span::new(3, 10), &mut tokens);
        let spans: Vec<_> = tokens.iter().map(|t| (t.span.start(), t.span.end())).collect();
        assert_eq!(spans, [(3, 5), (6, 9), (9, 10)]);
    }
}
