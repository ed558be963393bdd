//! Lists of names, of copies, and the figures of an index.

use serde::Serialize;

use super::hits::day;
use super::results::Row;
use super::screen::{DIM, HEAD, Screen, cut};
use super::summary::{count, counted, percent};
use crate::article::SpeakerKind;
use crate::index::{CopyKind, Duplicate, NameCount, Stats};

/// A speaker with how often it is quoted.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct SpeakerRow(pub NameCount);

/// An entity with how often it is mentioned.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct EntityRow(pub NameCount);

impl Row for SpeakerRow {
    const COLUMNS: &'static [&'static str] = &["name", "kind", "quotes", "articles", "key"];

    fn cells(&self) -> Vec<String> {
        name_cells(&self.0)
    }

    fn block(&self, number: usize, screen: &Screen) -> String {
        name_block(&self.0, "quotes", number, screen)
    }
}

impl Row for EntityRow {
    const COLUMNS: &'static [&'static str] = &["name", "kind", "mentions", "articles", "key"];

    fn cells(&self) -> Vec<String> {
        name_cells(&self.0)
    }

    fn block(&self, number: usize, screen: &Screen) -> String {
        name_block(&self.0, "mentions", number, screen)
    }
}

fn name_cells(name: &NameCount) -> Vec<String> {
    let (count, articles) = (name.count.to_string(), name.articles.to_string());
    vec![name.name.clone(), speaker_kind(name.kind).into(), count, articles, name.key.clone()]
}

fn name_block(name: &NameCount, counted: &str, number: usize, screen: &Screen) -> String {
    let head = format!("{:>9}  {:>8}  {:<12}  name", counted, "articles", "kind");
    let heading =
        if number == 1 { format!("{}\n", screen.paint(&head, HEAD)) } else { String::new() };
    let room = if screen.terminal { screen.width.saturating_sub(35).max(10) } else { usize::MAX };
    let printed = screen.paint(&cut(&name.name, room), super::screen::SPEAKER);
    format!(
        "{heading}{:>9}  {:>8}  {:<12}  {printed}\n",
        count(name.count),
        count(name.articles),
        speaker_kind(name.kind),
    )
}

/// What a speaker is, in words.
pub fn speaker_kind(kind: SpeakerKind) -> &'static str {
    match kind {
        SpeakerKind::Person => "person",
        SpeakerKind::Organisation => "organisation",
        SpeakerKind::Place => "place",
        SpeakerKind::Group => "group",
        SpeakerKind::Document => "document",
    }
}

impl Row for Duplicate {
    const COLUMNS: &'static [&'static str] = &[
        "kind",
        "copy_article",
        "copy_paragraph",
        "kept_article",
        "kept_paragraph",
        "similarity",
        "text",
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            copy_kind(self.kind).into(),
            self.copy.article.clone(),
            self.copy.paragraph.to_string(),
            self.kept.article.clone(),
            self.kept.paragraph.to_string(),
            format!("{:.3}", self.similarity),
            self.text.clone(),
        ]
    }

    fn block(&self, number: usize, screen: &Screen) -> String {
        let how = match self.kind {
            CopyKind::Exact => "is a copy of".to_owned(),
            CopyKind::Near => format!("is {:.0} % like", 100.0 * self.similarity),
        };
        let line = format!(
            "{number:>3}. {} paragraph {} {how} {} paragraph {}",
            self.copy.article, self.copy.paragraph, self.kept.article, self.kept.paragraph
        );
        let text = cut(&self.text.replace('\n', " "), screen.width.saturating_sub(5).max(20));
        format!("{}\n     {}\n", super::escape::line(&line), screen.paint(&text, DIM))
    }
}

fn copy_kind(kind: CopyKind) -> &'static str {
    match kind {
        CopyKind::Exact => "exact",
        CopyKind::Near => "near",
    }
}

/// The figures of an index, for people.
pub fn stats(stats: &Stats, screen: &Screen) -> String {
    let repeats = stats.paragraphs.saturating_sub(stats.passages);
    let dates = match (stats.first, stats.last) {
        (Some(first), Some(last)) => format!("{} to {}", day(first), day(last)),
        _ => "none known".into(),
    };
    let lines = [
        ("files", count(stats.files)),
        ("articles", format!("{} of {}", count(stats.articles), counted(stats.outlets, "outlet"))),
        ("dates", dates),
        (
            "paragraphs",
            format!(
                "{}: {}, {} ({})",
                count(stats.paragraphs),
                counted(stats.passages, "passage"),
                counted(repeats, "repeat"),
                percent(repeats, stats.paragraphs)
            ),
        ),
        (
            "quotes",
            format!(
                "{}: {} direct, {} mixed, {} indirect",
                count(stats.quotes),
                count(stats.direct),
                count(stats.mixed),
                count(stats.indirect)
            ),
        ),
        (
            "speakers",
            format!(
                "{}; {} of unknown speakers ({})",
                count(stats.speakers),
                counted(stats.unknown, "quote"),
                percent(stats.unknown, stats.quotes)
            ),
        ),
        ("entities", count(stats.entities)),
        (
            "on disk",
            format!("{:.1} MB in {}", stats.bytes as f64 / 1e6, counted(stats.segments, "segment")),
        ),
    ];
    let line = |(name, value): &(&str, String)| {
        format!("{}{}{value}\n", screen.paint(name, HEAD), " ".repeat(12 - name.len()))
    };
    lines.iter().map(line).collect()
}
