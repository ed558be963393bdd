//! Reads the dates that articles carry, in the many ways they are written. Times with a zone
//! become UTC; where there is a day only, midnight stands.

use jiff::civil::{Date, DateTime, Time};
use jiff::{Span, Timestamp, tz::TimeZone};

/// A date found in a piece of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// The date.
    pub date: DateTime,
    /// Whether the text holds nothing else: besides weekday, zone and words such as "published".
    pub alone: bool,
    /// Whether the text holds nothing else but a place before it: "Harbor City, March 3, 2024".
    pub after_place: bool,
}

/// The date that a metadata field gives.
pub fn parse(text: &str) -> Option<DateTime> {
    let text = text.trim();
    let is_number = text.len() >= 9 && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if let (true, Ok(number)) = (is_number, text.parse()) {
        return from_epoch(number);
    }
    find(text).map(|found| found.date)
}

/// Seconds, milliseconds or microseconds since 1970.
pub fn from_epoch(number: f64) -> Option<DateTime> {
    let seconds = match number.abs() {
        n if n < 1e8 => return None,
        n if n < 1e11 => number,
        n if n < 1e14 => number / 1e3,
        _ => number / 1e6,
    };
    let stamp = Timestamp::from_millisecond((seconds * 1e3) as i64).ok()?;
    sane(TimeZone::UTC.to_datetime(stamp)).map(without_fraction)
}

/// The first date in a piece of text, which should be short.
pub fn find(text: &str) -> Option<Found> {
    let cut = text.char_indices().nth(120).map_or(text.len(), |(i, _)| i);
    let tokens = tokens(&text[..cut]);
    (0..tokens.len()).find_map(|at| {
        let (date, used) = day(&tokens[at..])?;
        let after = &tokens[at + used..];
        let (time, zone, used_time) = time_of_day(after);
        let local = date.to_datetime(time.unwrap_or(Time::midnight()));
        let given = local.checked_sub(Span::new().try_minutes(zone.unwrap_or(0)).ok()?).ok()?;
        let rest = tokens[..at].iter().chain(&after[used_time..]);
        let labelled = matches!(tokens[0], Token::Word(word) if is_label(word));
        let is_number = |token: &Token| labelled && matches!(token, Token::Number { .. });
        let alone = cut == text.len() && { rest }.all(|token| token.is_small() || is_number(token));
        let after_place = cut == text.len()
            && at <= 6
            && tokens[..at].iter().all(Token::is_place)
            && after[used_time..].iter().all(Token::is_small);
        Some(Found { date: sane(without_fraction(given))?, alone, after_place })
    })
}

/// A month and a day, with or without a year: "PORT ELLERY, March 3".
pub fn month_and_day(text: &str) -> Option<(u32, u32)> {
    let tokens = tokens(text);
    (0..tokens.len()).find_map(|at| {
        let Token::Word(word) = tokens[at] else { return None };
        let (month, next) = (month(word)?, skip(&tokens, at + 1, &["."]));
        let before = || number(&tokens, at.checked_sub(1)?, 1..=2);
        Some((month, number(&tokens, next, 1..=2).or_else(before)?))
    })
}

fn without_fraction(date: DateTime) -> DateTime {
    date.with().subsec_nanosecond(0).build().unwrap_or(date)
}

/// Years in which there were newspapers.
fn sane(date: DateTime) -> Option<DateTime> {
    (1600..=2200).contains(&date.year()).then_some(date)
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Token<'a> {
    Number { value: u32, digits: usize },
    Word(&'a str),
    Mark(char),
}

impl Token<'_> {
    /// Whether it may stand beside a date on a line that is for the date only.
    fn is_small(&self) -> bool {
        const SMALL: [&str; 50] = [
            "published",
            "updated",
            "posted",
            "date",
            "dated",
            "on",
            "at",
            "first",
            "last",
            "modified",
            "created",
            "original",
            "the",
            "of",
            "and",
            "issued",
            "release",
            "released",
            "st",
            "nd",
            "rd",
            "th",
            "am",
            "pm",
            "a",
            "p",
            "m",
            "et",
            "est",
            "edt",
            "pt",
            "pst",
            "pdt",
            "ct",
            "mt",
            "gmt",
            "utc",
            "bst",
            "cet",
            "cest",
            "ist",
            "z",
            "t",
            "online",
            "le",
            "el",
            "il",
            "den",
            "uhr",
            "vom",
        ];
        match self {
            Token::Mark(c) => !matches!(c, '"' | '“' | '”'),
            Token::Word(word) => {
                SMALL.iter().any(|small| word.eq_ignore_ascii_case(small)) || is_weekday(word)
            }
            Token::Number { .. } => false,
        }
    }
}

impl Token<'_> {
    /// Whether it may be part of the name of a place.
    fn is_place(&self) -> bool {
        match self {
            Token::Word(word) => word.starts_with(char::is_uppercase),
            Token::Mark(c) => matches!(c, ',' | '.' | '-' | '\'' | '’' | '(' | ')'),
            Token::Number { .. } => false,
        }
    }
}

fn is_label(word: &str) -> bool {
    ["published", "updated", "posted"].iter().any(|label| label.eq_ignore_ascii_case(word))
}

fn is_weekday(word: &str) -> bool {
    const DAYS: [&str; 7] =
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let lower = word.to_ascii_lowercase();
    lower.len() >= 3 && DAYS.iter().any(|day| day.starts_with(&lower))
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(c) = rest.chars().next() {
        let kind = |d: char| (d.is_ascii_digit(), d.is_alphabetic());
        let length = match kind(c) {
            (false, false) => c.len_utf8(),
            wanted => rest.find(|d| kind(d) != wanted).unwrap_or(rest.len()),
        };
        let word = &rest[..length];
        tokens.push(match kind(c) {
            (true, _) => Token::Number { value: word.parse().unwrap_or(u32::MAX), digits: length },
            (_, true) => Token::Word(word),
            _ => Token::Mark(c),
        });
        rest = rest[length..].trim_start();
    }
    tokens
}

/// A day at the start of the tokens, and how many tokens it takes.
fn day(tokens: &[Token]) -> Option<(Date, usize)> {
    compact(tokens).or_else(|| numeric(tokens)).or_else(|| cjk(tokens)).or_else(|| named(tokens))
}

fn number(tokens: &[Token], at: usize, digits: std::ops::RangeInclusive<usize>) -> Option<u32> {
    match tokens.get(at) {
        Some(&Token::Number { value, digits: n }) if digits.contains(&n) => Some(value),
        _ => None,
    }
}

fn date(year: u32, month: u32, day: u32) -> Option<Date> {
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// Two digits of a year: news is rarely from the future.
fn full_year(value: u32) -> u32 {
    match value {
        0..70 => 2000 + value,
        70..100 => 1900 + value,
        _ => value,
    }
}

fn compact(tokens: &[Token]) -> Option<(Date, usize)> {
    let value = number(tokens, 0, 8..=8)?;
    (1900..2100).contains(&(value / 10_000)).then_some(())?;
    Some((date(value / 10_000, value / 100 % 100, value % 100)?, 1))
}

/// 2024-03-03, 3/31/2024, 31/3/2024, 31.3.2024: with a slash the month comes first, if it can.
fn numeric(tokens: &[Token]) -> Option<(Date, usize)> {
    let (Some(Token::Mark(mark)), Some(second)) = (tokens.get(1), tokens.get(3)) else {
        return None;
    };
    (matches!(mark, '-' | '/' | '.') && second == &Token::Mark(*mark)).then_some(())?;
    if let Some(year) = number(tokens, 0, 4..=4) {
        return Some((date(year, number(tokens, 2, 1..=2)?, number(tokens, 4, 1..=2)?)?, 5));
    }
    let (first, second) = (number(tokens, 0, 1..=2)?, number(tokens, 2, 1..=2)?);
    let year = full_year(number(tokens, 4, 2..=2).or_else(|| number(tokens, 4, 4..=4))?);
    let month_first = || date(year, first, second);
    let day_first = || date(year, second, first);
    let found = match mark {
        '/' => month_first().or_else(day_first),
        _ => day_first().or_else(month_first),
    };
    Some((found?, 5))
}

/// 2024年3月3日.
fn cjk(tokens: &[Token]) -> Option<(Date, usize)> {
    let year = number(tokens, 0, 4..=4)?;
    let signs = [(1, "年"), (3, "月"), (5, "日")];
    let fits =
        |&(at, sign): &(usize, &str)| matches!(tokens.get(at), Some(Token::Word(w)) if *w == sign);
    signs.iter().all(fits).then_some(())?;
    Some((date(year, number(tokens, 2, 1..=2)?, number(tokens, 4, 1..=2)?)?, 6))
}

/// March 3, 2024; 3 March 2024; 3rd of March, 2024; 3-MAR-87; 3. März 2024; 3 de marzo de 2024.
fn named(tokens: &[Token]) -> Option<(Date, usize)> {
    if let Some(Token::Word(word)) = tokens.first() {
        let month = month(word)?;
        let at = skip(tokens, 1, &["."]);
        let day = number(tokens, at, 1..=2)?;
        let at = skip(tokens, at + 1, &["st", "nd", "rd", "th", ",", "."]);
        return Some((date(number(tokens, at, 4..=4)?, month, day)?, at + 1));
    }
    let day = number(tokens, 0, 1..=2)?;
    let at = skip(tokens, 1, &["st", "nd", "rd", "th", "er", ".", "º", "de", "of", "-", " "]);
    let Some(Token::Word(word)) = tokens.get(at) else { return None };
    let month = month(word)?;
    let at = skip(tokens, at + 1, &[".", ",", "de", "del", "of", "-"]);
    let year = number(tokens, at, 4..=4).or_else(|| number(tokens, at, 2..=2))?;
    Some((date(full_year(year), month, day)?, at + 1))
}

/// The first token from `at` on that is none of `words`.
fn skip(tokens: &[Token], mut at: usize, words: &[&str]) -> usize {
    let is_one = |token: &Token| match token {
        Token::Word(word) => words.iter().any(|w| w.eq_ignore_ascii_case(word)),
        Token::Mark(c) => words.iter().any(|w| w.starts_with(*c)),
        Token::Number { .. } => false,
    };
    while tokens.get(at).is_some_and(is_one) {
        at += 1;
    }
    at
}

/// The number of a month: English with its abbreviations, and the names of other languages.
fn month(word: &str) -> Option<u32> {
    const NAMES: [&[&str]; 12] = [
        &["january", "januar", "janvier", "enero", "gennaio", "janeiro", "januari"],
        &[
            "february",
            "februar",
            "février",
            "fevrier",
            "febrero",
            "febbraio",
            "fevereiro",
            "februari",
        ],
        &["march", "märz", "maerz", "mars", "marzo", "março", "maart"],
        &["april", "avril", "abril", "aprile"],
        &["may", "mai", "mayo", "maggio", "maio", "mei"],
        &["june", "juni", "juin", "junio", "giugno", "junho"],
        &["july", "juli", "juillet", "julio", "luglio", "julho"],
        &["august", "août", "aout", "agosto", "augustus"],
        &["september", "septembre", "septiembre", "settembre", "setembro"],
        &["october", "oktober", "octobre", "octubre", "ottobre", "outubro"],
        &["november", "novembre", "noviembre", "novembro"],
        &["december", "dezember", "décembre", "decembre", "diciembre", "dicembre", "dezembro"],
    ];
    // Most words that are asked for are none, and this is told without a look at the list.
    let begins = |c: char| "ADEFGJLMNOSadefgjlmnos".contains(c);
    if !(3..=10).contains(&word.len()) || !word.starts_with(begins) {
        return None;
    }
    let lower = word.to_lowercase();
    let short = |name: &str| matches!(lower.len(), 3 | 4) && name.starts_with(&lower);
    let at = NAMES.iter().position(|names| names.contains(&&*lower) || short(names[0]))?;
    Some(at as u32 + 1)
}

/// A time of day near the start of the tokens, its zone in minutes east, and how many tokens
/// the two take.
fn time_of_day(tokens: &[Token]) -> (Option<Time>, Option<i32>, usize) {
    let start = tokens.iter().take(6).position(|token| matches!(token, Token::Number { .. }));
    let clock = start.and_then(|at| clock(&tokens[at..]).map(|(time, used)| (time, at + used)));
    let Some((time, used)) = clock.or_else(|| start.and_then(|at| packed(tokens, at))) else {
        return (None, None, 0);
    };
    match zone(&tokens[used..]) {
        Some((minutes, more)) => (Some(time), Some(minutes), used + more),
        None => (Some(time), None, used),
    }
}

/// 10:00, 10:00:59.123, 10.30 a.m., 10:00 PM, 5 p.m.
fn clock(tokens: &[Token]) -> Option<(Time, usize)> {
    let mut hour = number(tokens, 0, 1..=2)?;
    let (mut minute, mut second, mut used) = (0, 0, 1);
    let parted = matches!(tokens.get(1), Some(Token::Mark(':' | '.')));
    if let Some(value) = number(tokens, 2, 2..=2).filter(|_| parted) {
        (minute, used) = (value, 3);
        let more = matches!(tokens.get(3), Some(Token::Mark(':')));
        if let Some(value) = number(tokens, 4, 2..=2).filter(|_| more) {
            (second, used) = (value.min(59), 5);
            let fraction = matches!(tokens.get(5), Some(Token::Mark('.' | ',')));
            used += if fraction && number(tokens, 6, 1..=9).is_some() { 2 } else { 0 };
        }
    }
    match half_of_day(&tokens[used..]) {
        Some((is_pm, more)) if hour <= 12 => {
            hour = hour % 12 + if is_pm { 12 } else { 0 };
            used += more;
        }
        _ if used == 1 => return None,
        _ => {}
    }
    let time = Time::new(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, second as i8, 0);
    Some((time.ok()?, used))
}

/// "am", "p.m.": whether it is the second half of the day.
fn half_of_day(tokens: &[Token]) -> Option<(bool, usize)> {
    let Some(Token::Word(word)) = tokens.first() else { return None };
    match word.to_ascii_lowercase().as_str() {
        "am" => Some((false, 1)),
        "pm" => Some((true, 1)),
        half @ ("a" | "p") if matches!(tokens.get(2), Some(Token::Word("m" | "M"))) => {
            Some((half == "p", skip(tokens, 3, &["."])))
        }
        _ => None,
    }
}

/// 20240303T100000.
fn packed(tokens: &[Token], at: usize) -> Option<(Time, usize)> {
    let value = number(tokens, at, 6..=6)?;
    matches!(tokens.get(at.checked_sub(1)?), Some(Token::Word("T"))).then_some(())?;
    let part = |n: u32| i8::try_from(value / n % 100).ok();
    Some((Time::new(part(10_000)?, part(100)?, part(1)?, 0).ok()?, at + 1))
}

/// Z, UTC, +02:00, -0500, EDT.
fn zone(tokens: &[Token]) -> Option<(i32, usize)> {
    const ZONES: [(&str, i32); 15] = [
        ("Z", 0),
        ("UTC", 0),
        ("GMT", 0),
        ("BST", 60),
        ("CET", 60),
        ("CEST", 120),
        ("EET", 120),
        ("EEST", 180),
        ("EST", -300),
        ("EDT", -240),
        ("CST", -360),
        ("CDT", -300),
        ("MST", -420),
        ("PST", -480),
        ("PDT", -420),
    ];
    let at = skip(tokens, 0, &["(", ",", "."]);
    match tokens.get(at)? {
        Token::Word(word) => {
            let (_, minutes) = ZONES.iter().find(|(name, _)| name.eq_ignore_ascii_case(word))?;
            let more = skip(tokens, at + 1, &[")"]);
            match zone_offset(&tokens[more..]) {
                Some((offset, used)) => Some((offset, more + used)),
                None => Some((*minutes, more)),
            }
        }
        _ => zone_offset(&tokens[at..]).map(|(minutes, used)| (minutes, at + used)),
    }
}

fn zone_offset(tokens: &[Token]) -> Option<(i32, usize)> {
    let sign = match tokens.first()? {
        Token::Mark('+') => 1,
        Token::Mark('-' | '−') => -1,
        _ => return None,
    };
    if let Some(value) = number(tokens, 1, 4..=4) {
        return Some((sign * (value / 100 * 60 + value % 100) as i32, 2));
    }
    let hours = number(tokens, 1, 1..=2)? as i32;
    let minutes = match tokens.get(2) {
        Some(Token::Mark(':')) => number(tokens, 3, 2..=2)? as i32,
        _ => return Some((sign * hours * 60, 2)),
    };
    Some((sign * (hours * 60 + minutes), 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_many_forms() {
        const CASES: &[(&str, &str)] = &[
            ("2024-03-03", "2024-03-03T00:00:00"),
            ("2024-03-03T10:00:00Z", "2024-03-03T10:00:00"),
            ("2024-03-03T10:00:00.123+02:00", "2024-03-03T08:00:00"),
            ("2024-03-03 23:30:00-0500", "2024-03-04T04:30:00"),
            ("2024/3/3 10:05", "2024-03-03T10:05:00"),
            ("20240303", "2024-03-03T00:00:00"),
            ("20240303T101112Z", "2024-03-03T10:11:12"),
            ("1709460000", "2024-03-03T10:00:00"),
            ("1709460000000", "2024-03-03T10:00:00"),
            ("Mon, 04 Mar 2024 10:00:00 GMT", "2024-03-04T10:00:00"),
            ("Mon Mar 4, 2024 at 5 p.m. EST", "2024-03-04T22:00:00"),
            ("March 3, 2024", "2024-03-03T00:00:00"),
            ("Sept. 3rd, 2024, 12:15 AM", "2024-09-03T00:15:00"),
            ("3 March 2024", "2024-03-03T00:00:00"),
            ("3rd of March, 2024", "2024-03-03T00:00:00"),
            ("26-MAR-1987 15:15:22.25\u{5}F", "1987-03-26T15:15:22"),
            ("3/31/2016", "2016-03-31T00:00:00"),
            ("31/3/16", "2016-03-31T00:00:00"),
            ("4/5/16", "2016-04-05T00:00:00"),
            ("04.05.2016", "2016-05-04T00:00:00"),
            ("3. März 2024, 10:30 Uhr", "2024-03-03T10:30:00"),
            ("3 de marzo de 2024", "2024-03-03T00:00:00"),
            ("1er février 2024", "2024-02-01T00:00:00"),
            ("2024年3月3日", "2024-03-03T00:00:00"),
        ];
        for (text, expected) in CASES {
            let found = parse(text).map(|date| date.to_string());
            assert_eq!(found.as_deref(), Some(*expected), "{text}");
        }
    }

    #[test]
    fn not_a_date() {
        for text in [
            "",
            "yesterday",
            "2024",
            "13/32/2024",
            "12345",
            "May 2024 be kind",
            "9999999999999999999",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_line_for_the_date_only() {
        let alone = |text| find(text).map(|found| found.alone);
        assert_eq!(alone("Published: March 3, 2024 at 10:00 a.m. ET"), Some(true));
        assert_eq!(alone("Updated 11:20 AM GMT, Sunday 3 March 2024"), Some(true));
        assert_eq!(alone("On March 3, 2024 the mayor spoke."), Some(false));
    }
}
