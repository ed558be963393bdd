//! What stands around the body of an article: title, by-line, dateline, date, credits. Recognised where
//! it stands; the text is never changed, only named.

use jiff::civil::DateTime;

use super::clean::Cleaned;
use super::dates;
use crate::article::{Metadata, Part};

/// Headers stand among the first paragraphs.
const TOP: usize = 8;

/// Names the parts of a clean text, and adds to the metadata what they say. What the metadata say
/// already is believed more.
pub fn settle(cleaned: &mut Cleaned, meta: &mut Metadata) {
    let mut title_known = meta.title.is_some();
    let count = cleaned.parts.len();
    let Cleaned { text, parts, .. } = cleaned;
    for (i, (paragraph, part)) in super::clean::paragraphs(text).zip(parts.iter_mut()).enumerate() {
        if *part == Part::Title {
            title_known = true;
            continue;
        }
        if is_credit(paragraph) {
            *part = Part::Credit;
        } else if i < TOP && i + 1 < count {
            *part = header(i, paragraph, &mut title_known, meta);
        } else if i == 0 && meta.title.as_deref().is_some_and(|title| same_words(title, paragraph))
        {
            *part = Part::Title;
        }
    }
}

/// What one of the first paragraphs is.
fn header(i: usize, paragraph: &str, title_known: &mut bool, meta: &mut Metadata) -> Part {
    if i < 2 && meta.title.as_deref().is_some_and(|title| same_words(title, paragraph)) {
        return Part::Title;
    }
    if let Some((key, value)) = labelled(paragraph) {
        return label(key, value, title_known, meta);
    }
    if let Some(byline) = byline(paragraph) {
        byline.add_to(meta);
        return Part::Byline;
    }
    if let Some(found) = date_line(paragraph) {
        meta.date.get_or_insert(found);
        return Part::Dateline;
    }
    if !*title_known && i < 3 && is_title(paragraph) {
        *title_known = true;
        meta.title = Some(paragraph.to_string());
        return Part::Title;
    }
    if i > 0 && is_place_line(paragraph) {
        return Part::Dateline;
    }
    *title_known = true;
    opening(paragraph, meta);
    Part::Body
}

/// Whether a line is a by-line or a date: such a line is never joined with its neighbours.
pub fn is_header(line: &str) -> bool {
    line.len() <= 200
        && (byline(line).is_some() || date_line(line).is_some() || labelled(line).is_some())
}

/// Whether two texts have the same letters and digits.
pub fn same_words(a: &str, b: &str) -> bool {
    let words =
        |text| str::chars(text).filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
    words(a).eq(words(b)) && words(a).next().is_some()
}

/// "Author: Sara Quinn": lines with which some archives begin.
fn labelled(line: &str) -> Option<(&'static str, &str)> {
    const LABELS: [(&str, &str); 17] = [
        ("title", "title"),
        ("headline", "title"),
        ("author", "authors"),
        ("authors", "authors"),
        ("byline", "authors"),
        ("by-line", "authors"),
        ("date", "date"),
        ("published", "date"),
        ("publication date", "date"),
        ("pubdate", "date"),
        ("source", "outlet"),
        ("outlet", "outlet"),
        ("publication", "outlet"),
        ("publisher", "outlet"),
        ("url", "url"),
        ("link", "url"),
        ("language", "language"),
    ];
    let colon = memchr::memchr(b':', &line.as_bytes()[..line.len().min(24)])?;
    let (label, value) = (&line[..colon], line[colon + 1..].trim());
    let (_, key) = LABELS.iter().find(|(name, _)| name.eq_ignore_ascii_case(label.trim()))?;
    let fits = match *key {
        "date" => dates::find(value).is_some_and(|found| found.alone),
        "url" => value.starts_with("http"),
        "authors" => value.len() < 200,
        _ => value.len() < 200 && !value.ends_with('.'),
    };
    (fits && !value.is_empty()).then_some((key, value))
}

fn label(key: &str, value: &str, title_known: &mut bool, meta: &mut Metadata) -> Part {
    let value_of = || Some(value.to_string());
    match key {
        "title" => {
            meta.title = meta.title.take().or_else(value_of);
            *title_known = true;
            return Part::Title;
        }
        "authors" => {
            if meta.authors.is_empty() {
                meta.authors = names(value.strip_prefix("By ").unwrap_or(value));
            }
            return Part::Byline;
        }
        "date" => meta.date = meta.date.or_else(|| dates::parse(value)),
        "outlet" => meta.outlet = meta.outlet.take().or_else(value_of),
        "url" => meta.url = meta.url.take().or_else(value_of),
        _ => meta.language = meta.language.take().or_else(|| super::meta::language(value)),
    }
    Part::Dateline
}

fn date_line(line: &str) -> Option<DateTime> {
    if line.len() > 120 || !line.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let placed = line.len() <= 60;
    let fits = |found: &dates::Found| found.alone || (placed && found.after_place);
    dates::find(line).filter(fits).map(|found| found.date)
}

/// A headline does not end as a sentence does, and is short.
fn is_title(paragraph: &str) -> bool {
    let bare = paragraph.trim_end_matches(['"', '\'', '”', '’', ')', '»']);
    paragraph.len() <= 200
        && (2..=30).contains(&paragraph.split(' ').count())
        && !bare.ends_with(['.', ',', ';', ':', '…', '。'])
        && paragraph.contains(char::is_alphabetic)
}

/// "HARBOR CITY" or "LONDON —" on a line of its own.
fn is_place_line(paragraph: &str) -> bool {
    let bare = paragraph.trim_end_matches([' ', '-', '–', '—', ':', ',']);
    let upper = |c: char| c.is_uppercase() || matches!(c, ' ' | ',' | '.' | '-' | '\'' | '’');
    (3..=30).contains(&bare.len()) && bare.contains(char::is_uppercase) && bare.chars().all(upper)
}

/// The dateline inside the first body paragraph, place with date and agency: "HARBOR CITY, March 3,
/// 2024 (Reuters) - …".
pub fn dateline(paragraph: &str) -> Option<(&str, &str)> {
    let cut = paragraph.char_indices().nth(100).map_or(paragraph.len(), |(i, _)| i);
    let head = &paragraph[..cut];
    memchr::memchr2(b')', b'/', head.as_bytes())?;
    let dashes = [") -", ") –", ") —", "/ -", "/ –", "/ —"];
    let end = dashes.iter().filter_map(|dash| head.find(dash)).min()?;
    let open = if head[end..].starts_with(')') { '(' } else { '/' };
    let start = head[..end].rfind(open)?;
    let (place, agency) = (head[..start].trim(), head[start + 1..end].trim());
    let shouted = place.split([' ', ',']).next().unwrap_or_default();
    let is_place = !shouted.is_empty() && !shouted.contains(char::is_lowercase);
    let is_agency = agency.starts_with(char::is_uppercase) && agency.split(' ').count() <= 4;
    (is_place && is_agency).then_some((place, agency))
}

fn opening(paragraph: &str, meta: &mut Metadata) {
    if let Some((place, agency)) = dateline(paragraph) {
        meta.outlet.get_or_insert_with(|| agency.to_string());
        meta.date = meta.date.or_else(|| dates::find(place).map(|found| found.date));
    }
}

/// What a by-line says.
#[derive(Debug, Default, PartialEq, Eq)]
struct Byline {
    authors: Vec<String>,
    outlet: Option<String>,
    date: Option<DateTime>,
}

impl Byline {
    fn add_to(self, meta: &mut Metadata) {
        if meta.authors.is_empty() {
            meta.authors = self.authors;
        }
        meta.outlet = meta.outlet.take().or(self.outlet);
        meta.date = meta.date.or(self.date);
    }
}

/// "By Sara Quinn", "By SARA QUINN and Tom Hale, Harbor Times | March 3, 2024", "Sara Quinn, Staff Writer".
fn byline(line: &str) -> Option<Byline> {
    const ENGLISH: [&str; 15] = [
        "By ",
        "BY ",
        "by ",
        "By: ",
        "Written by ",
        "Words by ",
        "Story by ",
        "Text by ",
        "Report by ",
        "Reported by ",
        "Analysis by ",
        "Interview by ",
        "Review by ",
        "Opinion by ",
        "Comment by ",
    ];
    const OTHERS: [&str; 5] = ["Von ", "VON ", "Par ", "Por ", "Di "];
    if line.len() > 160 || line.ends_with(['?', '!', ',', ':', '"', '”']) {
        return None;
    }
    let said = ENGLISH.iter().find_map(|by| line.strip_prefix(by));
    let other = OTHERS.iter().find_map(|by| line.strip_prefix(by));
    let rest = said.or(other).unwrap_or(line).trim();
    let segments: Vec<&str> = segments(rest).collect();
    // Most lines of a text end here.
    if said.or(other).is_none() && segments.len() < 2 {
        return None;
    }
    let first = before_date_word(segments.first()?);
    let (people, house) = split_house(first);
    let authors = names(people);
    if authors.is_empty() || !authors.iter().all(|name| is_name(name)) {
        return None;
    }
    let several = authors.iter().any(|name| name.contains(' '));
    let short = segments.len() == 1 && line.split(' ').count() <= 4 && !line.ends_with('.');
    let sure = match (said, other) {
        (Some(_), _) => several || short,
        (_, Some(_)) => several && segments.len() == 1,
        _ => {
            // Behind a comma, a date belongs to a place as often as to a person.
            let dated = line.contains(['|', '•', '·', '/']) || line.contains(" - ");
            let tells = |s: &&str| is_role(s) || dated && is_date(s);
            several && segments[1..].iter().any(tells)
        }
    };
    if !sure || !segments[1..].iter().all(|segment| fits_byline(segment)) {
        return None;
    }
    let outlet = segments[1..].iter().find(|segment| is_name(segment) && !is_role(segment));
    let outlet = house.or(outlet.copied()).map(str::to_string);
    let date = dates::find(rest).map(|found| found.date);
    Some(Byline { authors, outlet, date })
}

/// The pieces of a by-line, a list of authors kept together.
fn segments(line: &str) -> impl Iterator<Item = &str> {
    let (list, rest) = match line.rfind(" and ").or_else(|| line.rfind(" & ")) {
        Some(and) => line
            .split_at(line[and..].find([',', '|', '•', '·', ';']).map_or(line.len(), |i| and + i)),
        None => line.split_at(0),
    };
    let marks = [',', '|', '•', '·', ';', '/', '—', '–'];
    let list = Some(list).filter(|list| !list.is_empty());
    list.into_iter()
        .chain(rest.split(marks).flat_map(|s| s.split(" - ")))
        .map(str::trim)
        .filter(|s| !s.is_empty())
}

fn before_date_word(segment: &str) -> &str {
    let words =
        [" Published", " Updated", " Posted", " PUBLISHED", " UPDATED", " published", " updated"];
    let cut = words.iter().filter_map(|word| segment.find(word)).min();
    segment[..cut.unwrap_or(segment.len())].trim()
}

/// "Sara Quinn of the Harbor Times", "Sara Quinn for Reuters", "Sara Quinn in Harbor City".
fn split_house(segment: &str) -> (&str, Option<&str>) {
    for (preposition, is_house) in
        [(" for ", true), (" of ", true), (" in ", false), (" at ", false)]
    {
        if let Some((people, house)) = segment.split_once(preposition) {
            let house = house.strip_prefix("the ").unwrap_or(house);
            return (people, is_house.then_some(house));
        }
    }
    (segment, None)
}

fn fits_byline(segment: &str) -> bool {
    is_name(segment)
        || is_role(segment)
        || is_date(segment)
        || segment.contains('@')
        || segment.ends_with(" min read")
        || segment.bytes().all(|b| b.is_ascii_digit() || b == b':' || b == b' ')
}

fn is_date(segment: &str) -> bool {
    const PARTS: [&str; 4] = ["updated", "published", "posted", "am"];
    let lower = segment.to_lowercase();
    dates::find(segment).is_some()
        || PARTS.iter().any(|part| lower.starts_with(part))
        || dates::find(&format!("{segment}, 2000")).is_some()
        || (segment.len() == 4 && segment.bytes().all(|b| b.is_ascii_digit()))
}

fn is_role(segment: &str) -> bool {
    const ROLES: [&str; 16] = [
        "writer",
        "reporter",
        "correspondent",
        "editor",
        "columnist",
        "contributor",
        "staff",
        "bureau",
        "special to",
        "journalist",
        "producer",
        "analyst",
        "critic",
        "desk",
        "agency",
        "agencies",
    ];
    let lower = segment.to_lowercase();
    segment.len() <= 60 && ROLES.iter().any(|role| lower.contains(role))
}

/// Capitalised words and the small ones of names, no more than six.
fn is_name(text: &str) -> bool {
    const SMALL: [&str; 22] = [
        "de", "da", "di", "del", "della", "der", "den", "van", "von", "la", "le", "el", "al",
        "bin", "ibn", "dos", "du", "ter", "of", "the", "y", "e",
    ];
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_part = |word: &&str| {
        word.starts_with(char::is_uppercase)
            || SMALL.contains(word)
            || word.starts_with("d'")
            || word.starts_with("al-")
    };
    let in_word = |c: char| c.is_alphabetic() || matches!(c, ' ' | '.' | '-' | '\'' | '’' | '‘');
    (1..=6).contains(&words.len())
        && words.iter().all(is_part)
        && text.chars().all(in_word)
        && text.contains(char::is_uppercase)
        && !words.last().is_some_and(|last| last.len() > 4 && last.ends_with('.'))
}

/// More are no by-line.
const MAX_AUTHORS: usize = 50;

/// The names in a list of authors.
pub fn names(list: &str) -> Vec<String> {
    let parts = list.split([',', ';', '|', '&', '\n']).flat_map(|part| part.split(" and "));
    let mut names: Vec<String> = Vec::new();
    for part in parts {
        let name = part.trim().trim_start_matches("and ").trim();
        let name = ["By ", "BY ", "by "]
            .iter()
            .find_map(|by| name.strip_prefix(by))
            .unwrap_or(name)
            .trim();
        let known = names.iter().any(|known| known == name);
        match names.last_mut() {
            _ if name.is_empty() || known || names_url(name) => {}
            Some(last) if is_suffix(name) => *last = format!("{last}, {name}"),
            _ => names.push(name.to_string()),
        }
        if names.len() == MAX_AUTHORS {
            break;
        }
    }
    names
}

fn names_url(name: &str) -> bool {
    name.contains("://") || name.starts_with("www.")
}

fn is_suffix(name: &str) -> bool {
    matches!(name.trim_end_matches('.'), "Jr" | "Sr" | "II" | "III" | "IV" | "MD" | "PhD" | "Ph.D")
}

/// "Reporting by …; Editing by …", "© 2024 …", "Photo: …".
fn is_credit(paragraph: &str) -> bool {
    const OPENINGS: [&str; 22] = [
        "reporting by ",
        "editing by ",
        "writing by ",
        "additional reporting ",
        "compiled by ",
        "translated by ",
        "translation by ",
        "photo by ",
        "photos by ",
        "photograph by ",
        "photo: ",
        "photograph: ",
        "image: ",
        "image credit",
        "photo credit",
        "picture: ",
        "graphic by ",
        "copyright ©",
        "copyright (c)",
        "copyright 20",
        "copyright 19",
        "all rights reserved",
    ];
    if paragraph.len() > 400 {
        return false;
    }
    let bare = paragraph.trim_start_matches(['(', '[', '*', '-', '—', ' ']);
    if bare.starts_with('©') || paragraph.starts_with("(c) 20") {
        return true;
    }
    let opens = |opening: &str| {
        bare.get(..opening.len()).is_some_and(|head| head.eq_ignore_ascii_case(opening))
    };
    OPENINGS.iter().any(|opening| opens(opening))
        || paragraph.ends_with("contributed to this report.")
        || paragraph.ends_with("contributed to this story.")
        || paragraph.ends_with("All rights reserved.")
}
