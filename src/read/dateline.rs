//! The date of an article whose dateline leaves out the year, where its path or address gives it:
//! "PORT ELLERY, March 3 (NPA) -" in `2025-03-03-bridge.txt`. Both must agree; nothing is guessed.

use jiff::civil::{Date, DateTime, Time};

use super::{dates, furniture};
use crate::article::{Article, Part};

/// A dateline may be so many days away from the day in a path: printed later, or saved later.
const APART: i32 = 7;

/// A day, or a month, that a path or address holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stamp {
    Day(Date),
    Month { year: i16, month: i8 },
}

/// The day of the dateline, in the year of the path or address.
pub fn date(article: &Article) -> Option<DateTime> {
    let mut paragraphs = article.text.split("\n\n").zip(&article.parts);
    let (first, _) = paragraphs.find(|(_, part)| **part == Part::Body)?;
    let (place, _) = furniture::dateline(first)?;
    let (month, day) = dates::month_and_day(place)?;
    let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    let places = [Some(article.path.as_str()), article.meta.url.as_deref()];
    let agreed = |stamp: Stamp| match stamp {
        Stamp::Month { year, month: other } if other == month => Date::new(year, month, day).ok(),
        Stamp::Month { .. } => None,
        // The year before and the year behind, for datelines around New Year's Day.
        Stamp::Day(near) => (near.year() - 1..=near.year() + 1)
            .filter_map(|year| Date::new(year, month, day).ok())
            .find(|date| date.since(near).is_ok_and(|span| span.get_days().abs() <= APART)),
    };
    let found = places.into_iter().flatten().filter_map(stamp).find_map(agreed)?;
    Some(found.to_datetime(Time::midnight()))
}

/// The first date in a path: 2025-03-03, 2025/03/03, 2025_03, 20250303.
fn stamp(path: &str) -> Option<Stamp> {
    let bytes = path.as_bytes();
    let digits = |at: usize, count: usize| -> Option<i16> {
        let part = bytes.get(at..at + count)?;
        part.iter().all(u8::is_ascii_digit).then(|| path[at..at + count].parse().ok())?
    };
    let separator = |at: usize| matches!(bytes.get(at), Some(b'-' | b'/' | b'_' | b'.' | b'\\'));
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    (0..bytes.len()).filter(|&at| at == 0 || !is_digit(at - 1)).find_map(|at| {
        let year = digits(at, 4).filter(|year| (1900..2100).contains(year))?;
        let apart = usize::from(separator(at + 4));
        let month =
            i8::try_from(digits(at + 4 + apart, 2)?).ok().filter(|m| (1..=12).contains(m))?;
        let behind = at + 6 + apart;
        let day = if apart == 0 || separator(behind) { digits(behind + apart, 2) } else { None };
        let day = day.filter(|_| !is_digit(behind + apart + 2));
        match day.and_then(|day| Date::new(year, month, i8::try_from(day).ok()?).ok()) {
            Some(day) => Some(Stamp::Day(day)),
            None if apart == 1 && !is_digit(behind) => Some(Stamp::Month { year, month }),
            None => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Metadata;

    #[test]
    fn paths_hold_days_and_months() {
        let day = |y, m, d| Some(Stamp::Day(Date::new(y, m, d).unwrap()));
        assert_eq!(stamp("npa/2025-03-03-bridge.txt"), day(2025, 3, 3));
        assert_eq!(stamp("2025/03/04/bridge.html"), day(2025, 3, 4));
        assert_eq!(stamp("wire20250305.txt"), day(2025, 3, 5));
        assert_eq!(stamp("2025/03/bridge.txt"), Some(Stamp::Month { year: 2025, month: 3 }));
        for none in ["bridge.txt", "id-123456789.txt", "2025.txt", "99999/1.txt"] {
            assert_eq!(stamp(none), None, "{none}");
        }
    }

    #[test]
    fn a_year_is_taken_only_where_the_rest_agrees() {
        let of = |path: &str, text: &str| {
            let article = Article {
                path: path.into(),
                text: text.into(),
                parts: vec![Part::Body],
                meta: Metadata::default(),
                ..Article::default()
            };
            date(&article).map(|date| date.date().to_string())
        };
        let march = "PORT ELLERY, March 3 (NPA) - The bridge will close.";
        assert_eq!(of("2025-03-04-bridge.txt", march), Some("2025-03-03".into()));
        assert_eq!(of("2025/03/bridge.txt", march), Some("2025-03-03".into()));
        assert_eq!(of("2025-09-04-bridge.txt", march), None);
        assert_eq!(of("bridge.txt", march), None);
        assert_eq!(of("2025-03-03.txt", "PORT ELLERY (NPA) - The bridge will close."), None);
        let december = "PORT ELLERY, Dec. 31 (NPA) - The year ends.";
        assert_eq!(of("2025-01-02.txt", december), Some("2024-12-31".into()));
    }
}
