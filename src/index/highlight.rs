//! Which bytes of a text made it a hit. It asks the text the same question the index was asked,
//! with the same words, so that a word is marked only where it counts: those of a phrase where
//! the phrase stands, those of an alternative only if that alternative holds.

use super::query::Expr;
use super::words::Words;
use crate::text::Span;

/// A text cut into words, with their places.
struct Cut {
    words: Vec<String>,
    places: Vec<Span>,
}

/// Byte ranges of `text` that `expr` matches: ascending, without overlaps.
pub fn highlights(expr: &Expr, text: &str) -> Vec<(usize, usize)> {
    let (mut finder, mut word) = (Words::new(text), String::new());
    let mut cut = Cut { words: Vec::new(), places: Vec::new() };
    while let Some(place) = finder.next_into(&mut word) {
        cut.words.push(word.clone());
        cut.places.push(place);
    }
    let mut found = cut.matches(expr).unwrap_or_default();
    found.sort_unstable();
    found.dedup_by(|next, last| {
        let overlaps = next.0 < last.1;
        if overlaps {
            last.1 = last.1.max(next.1);
        }
        overlaps
    });
    found
}

impl Cut {
    /// What in the text matches, or `None` if the text does not.
    fn matches(&self, expr: &Expr) -> Option<Vec<(usize, usize)>> {
        match expr {
            Expr::All => Some(Vec::new()),
            Expr::Phrase(words) => self.runs(words, false),
            Expr::Prefix(words) => self.runs(words, true),
            Expr::Not(inner) => self.matches(inner).is_none().then(Vec::new),
            Expr::And(parts) => {
                let found: Option<Vec<_>> = parts.iter().map(|part| self.matches(part)).collect();
                found.map(|found| found.concat())
            }
            Expr::Or(parts) => {
                let found: Vec<_> = parts.iter().filter_map(|part| self.matches(part)).collect();
                (!found.is_empty()).then(|| found.concat())
            }
        }
    }

    /// All places where these words stand next to each other.
    fn runs(&self, wanted: &[String], prefix: bool) -> Option<Vec<(usize, usize)>> {
        let (last, first) = wanted.split_last()?;
        let fits = |run: &[String]| {
            run.split_last().is_some_and(|(end, start)| {
                start == first && if prefix { end.starts_with(last.as_str()) } else { end == last }
            })
        };
        let runs = self.words.windows(wanted.len()).zip(self.places.windows(wanted.len()));
        let found: Vec<_> = runs
            .filter(|(run, _)| fits(run))
            .map(|(_, places)| (places[0].start(), places[places.len() - 1].end()))
            .collect();
        (!found.is_empty()).then_some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::highlights;
    use crate::index::query::parse_query;

    #[test]
    fn marks_what_matched_and_nothing_else() {
        let cases = [
            ("peace", "Peace, peace now", "[Peace], [peace] now"),
            ("\"at peace\"", "at war, at peace", "at war, [at peace]"),
            ("at peace", "at war, at peace", "[at] war, [at] [peace]"),
            ("\"a b\" OR \"b c\"", "a b c", "[a b c]"),
            ("(peace now) OR war", "peace or war", "peace or [war]"),
            ("peace -war", "peace here", "[peace] here"),
            ("zel*", "Zelensky’s zeal", "[Zelensky]’s zeal"),
            ("kirby", "Mr Kirby's", "Mr [Kirby]'s"),
            ("\"we will clo*\"", "We will … close", "[We will … close]"),
            ("erdogan", "Erdoğan", "[Erdoğan]"),
            ("", "all", "all"),
        ];
        for (query, text, expected) in cases {
            let mut marked = text.to_owned();
            for &(start, end) in highlights(&parse_query(query).unwrap(), text).iter().rev() {
                marked.insert(end, ']');
                marked.insert(start, '[');
            }
            assert_eq!(marked, expected, "{query}");
        }
    }
}
