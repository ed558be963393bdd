//! Hits of a query: quotes, or passages.

use std::fmt::Write;
use std::ops::Range;

use serde::Serialize;

use super::escape;
use super::results::Row;
use super::screen::{DIM, HEAD, Look, MATCH, SPEAKER, Screen};
use crate::article::{Metadata, QuoteKind};
use crate::index::{Occurrence, QuoteHit, TextHit, thousandths};

/// Columns before the text of a hit: its number.
const INDENT: usize = 5;

/// A quote as it is shown.
#[derive(Debug, Serialize)]
pub struct QuoteRow {
    /// The hit.
    #[serde(flatten)]
    pub hit: QuoteHit,
    /// What decided, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<Explanation>,
    /// Whether the paragraphs around it are shown to people.
    #[serde(skip)]
    pub context: bool,
}

/// Which words, and which rule or model, made a quote somebody's.
#[derive(Debug, Serialize)]
pub struct Explanation {
    rule: String,
    cue: Vec<String>,
    source: Option<String>,
    #[serde(serialize_with = "thousandths")]
    confidence: f32,
}

impl QuoteRow {
    /// Prepares a hit; `explain`: with what decided, `context`: with the paragraphs around it.
    pub fn new(hit: QuoteHit, explain: bool, context: bool) -> Self {
        let explanation = explain.then(|| Explanation {
            rule: hit.rule.clone(),
            cue: hit.cue.clone(),
            source: hit.source.clone(),
            confidence: hit.confidence,
        });
        QuoteRow { hit, explanation, context }
    }
}

impl Row for QuoteRow {
    const COLUMNS: &'static [&'static str] = &[
        "quote",
        "speaker",
        "role",
        "kind",
        "confidence",
        "rule",
        "articles",
        "article",
        "path",
        "title",
        "outlet",
        "date",
        "authors",
        "url",
        "start",
        "end",
        "passage",
    ];

    fn cells(&self) -> Vec<String> {
        let hit = &self.hit;
        let mut cells = vec![
            hit.quote.clone(),
            hit.speaker.clone().unwrap_or_default(),
            hit.role.clone().unwrap_or_default(),
            kind(hit.kind).into(),
            format!("{:.3}", hit.confidence),
            hit.rule.clone(),
            hit.articles.to_string(),
        ];
        cells.extend(occurrence_cells(hit.occurrences.first()));
        cells.push(hit.passage.clone());
        cells
    }

    fn block(&self, number: usize, screen: &Screen) -> String {
        let hit = &self.hit;
        let direct = hit.kind == QuoteKind::Direct;
        let (open, close) = if direct { ("“", "”") } else { ("", "") };
        let words = format!("{open}{}{close}", hit.quote);
        let shift = |&(start, end): &(usize, usize)| (start + open.len()..end + open.len(), MATCH);
        let marks: Vec<_> = hit.highlights.iter().map(shift).collect();
        let mut block = numbered(number, screen.fold(&words, INDENT, &marks));
        self.speaker_line(screen, &mut block);
        if let Some(explanation) = &self.explanation {
            explanation.print(screen, &mut block);
        }
        if let Some(first) = hit.occurrences.first() {
            place_lines(first, hit.articles, screen, &mut block);
        }
        if self.context {
            let look = |&(start, end): &(usize, usize)| (start..end, HEAD);
            let marks: Vec<_> = hit.in_passage.iter().map(look).collect();
            block.push('\n');
            block.push_str(&screen.fold(&hit.passage, INDENT + 2, &marks));
        }
        block.push('\n');
        block
    }
}

impl QuoteRow {
    fn speaker_line(&self, screen: &Screen, to: &mut String) {
        let hit = &self.hit;
        let mut line = String::from("— ");
        let name = hit.speaker.as_deref().unwrap_or("unknown speaker");
        let at = line.len();
        line.push_str(name);
        let look = if hit.speaker.is_some() { SPEAKER } else { DIM };
        let mut marks = vec![(at..line.len(), look)];
        if let Some(role) = &hit.role {
            // Writing to a string cannot fail.
            let _ = write!(line, ", {role}");
        }
        let at = line.len();
        let _ = write!(line, " · {} · {:.0} %", kind(hit.kind), 100.0 * hit.confidence);
        marks.push((at..line.len(), DIM));
        to.push_str(&screen.fold(&line, INDENT, &marks));
    }
}

impl Explanation {
    fn print(&self, screen: &Screen, to: &mut String) {
        let mut line = format!("decided by {}", self.rule);
        match self.cue.as_slice() {
            [] => line.push_str(", no cue"),
            cue => {
                let _ = write!(line, ", cue “{}”", cue.join(" … "));
            }
        }
        match &self.source {
            None => line.push_str(", no source"),
            Some(source) => {
                let _ = write!(line, ", source “{source}”");
            }
        }
        to.push_str(&screen.fold(&line, INDENT, &[(0..line.len(), DIM)]));
    }
}

/// A passage as it is shown.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct TextRow(pub TextHit);

impl Row for TextRow {
    const COLUMNS: &'static [&'static str] = &[
        "passage", "articles", "article", "path", "title", "outlet", "date", "authors", "url",
        "start", "end",
    ];

    fn cells(&self) -> Vec<String> {
        let mut cells = vec![self.0.passage.clone(), self.0.articles.to_string()];
        cells.extend(occurrence_cells(self.0.occurrences.first()));
        cells
    }

    fn block(&self, number: usize, screen: &Screen) -> String {
        let marks: Vec<(Range<usize>, Look)> =
            self.0.highlights.iter().map(|&(start, end)| (start..end, MATCH)).collect();
        let mut block = numbered(number, screen.fold(&self.0.passage, INDENT, &marks));
        if let Some(first) = self.0.occurrences.first() {
            place_lines(first, self.0.articles, screen, &mut block);
        }
        block.push('\n');
        block
    }
}

/// Puts the number of a hit before its first line.
fn numbered(number: usize, folded: String) -> String {
    let label = format!("{number}. ");
    let rest = folded.strip_prefix(&" ".repeat(INDENT)).unwrap_or(&folded);
    format!("{label:>INDENT$}{rest}")
}

/// Where a hit stands first: outlet, date, title; then the file, and how many articles carry it.
fn place_lines(place: &Occurrence, articles: usize, screen: &Screen, to: &mut String) {
    let meta = &place.meta;
    let known = [meta.outlet.clone(), meta.date.map(day), meta.title.clone()];
    let line = known.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    if !line.is_empty() {
        to.push_str(&screen.fold(&line, INDENT, &[]));
    }
    let mut line = place.article.clone();
    if !place.article.starts_with(&place.path) {
        let _ = write!(line, " ({})", place.path);
    }
    if articles > 1 {
        let _ = write!(line, " · in {articles} articles, first here");
    }
    to.push_str(&screen.fold(&line, INDENT, &[(0..line.len(), DIM)]));
}

/// A date as people write it: without the time where that is midnight.
pub fn day(date: jiff::civil::DateTime) -> String {
    if date.time() == jiff::civil::Time::midnight() {
        date.date().to_string()
    } else {
        date.strftime("%Y-%m-%d %H:%M").to_string()
    }
}

fn occurrence_cells(place: Option<&Occurrence>) -> Vec<String> {
    let Some(place) = place else { return vec![String::new(); 9] };
    let Metadata { title, authors, outlet, date, url, .. } = place.meta.clone();
    vec![
        place.article.clone(),
        place.path.clone(),
        title.unwrap_or_default(),
        outlet.unwrap_or_default(),
        date.map(|date| date.to_string()).unwrap_or_default(),
        authors.join("; "),
        url.unwrap_or_default(),
        place.start.to_string(),
        place.end.to_string(),
    ]
}

/// A kind of quote in words.
pub fn kind(kind: QuoteKind) -> &'static str {
    match kind {
        QuoteKind::Direct => "direct",
        QuoteKind::Mixed => "mixed",
        QuoteKind::Indirect => "indirect",
    }
}

/// The caret line under a query that is not understood: `column` counts characters from 1.
pub fn caret(query: &str, column: usize) -> String {
    use unicode_width::UnicodeWidthStr;
    let before: String = query.chars().take(column.saturating_sub(1)).collect();
    let blank = escape::line(&before).width();
    format!("  {}\n  {}^", escape::line(query), " ".repeat(blank))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caret_stands_under_its_column() {
        assert_eq!(caret("peace (war", 7), "  peace (war\n        ^");
        assert_eq!(caret("漢字 (x", 4), "  漢字 (x\n       ^");
    }

    #[test]
    fn midnight_is_not_a_time() {
        assert_eq!(day(jiff::civil::date(2024, 5, 1).at(0, 0, 0, 0)), "2024-05-01");
        assert_eq!(day(jiff::civil::date(2024, 5, 1).at(9, 5, 0, 0)), "2024-05-01 09:05");
    }
}
