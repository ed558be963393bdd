//! What a run did, in figures, for the end of its output on standard error.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::report::ProblemKind;

/// The figures of an index run.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Files that were read.
    pub files: u64,
    /// Files that had not changed since the last run.
    pub unchanged: u64,
    /// Files that are gone from their folder.
    pub gone: u64,
    /// Articles that were written.
    pub articles: u64,
    /// Articles of changed files that had not changed themselves.
    pub kept: u64,
    /// Articles that were taken out.
    pub removed: u64,
    /// Paragraphs of the articles written.
    pub paragraphs: u64,
    /// Paragraphs among them that were there already.
    pub repeats: u64,
    /// Quotes of the articles written.
    pub quotes: u64,
    /// Quotes without a speaker among them.
    pub unknown: u64,
    /// Bytes of the records read, after decompression.
    pub bytes: u64,
    /// How long the command took, to the end of the last commit.
    pub elapsed: Duration,
    /// The most memory the process held, where the system tells.
    pub peak: Option<u64>,
    /// What could not be used, by kind.
    pub problems: BTreeMap<ProblemKind, u64>,
    /// The run was cut short by the user.
    pub interrupted: bool,
}

impl Summary {
    /// How many inputs could not be used.
    pub fn skipped(&self) -> u64 {
        self.problems.values().sum()
    }

    /// The figures as lines for people. `dry`: nothing was written.
    pub fn lines(&self, dry: bool) -> Vec<String> {
        let mut lines = vec![self.files_line()];
        if self.skipped() > 0 {
            let kinds: Vec<_> =
                self.problems.iter().map(|(&k, &n)| format!("{} {}", count(n), name(k))).collect();
            lines.push(format!("skipped    {}: {}", count(self.skipped()), kinds.join(", ")));
        }
        lines.push(self.articles_line(dry));
        if self.articles > 0 {
            lines.push(format!(
                "paragraphs {}: {}, {} removed ({})",
                count(self.paragraphs),
                counted(self.paragraphs - self.repeats, "passage"),
                counted(self.repeats, "repeat"),
                percent(self.repeats, self.paragraphs)
            ));
            lines.push(format!(
                "quotes     {}, {} of unknown speakers",
                count(self.quotes),
                percent(self.unknown, self.quotes)
            ));
        }
        lines.push(self.speed_line());
        lines
    }

    fn files_line(&self) -> String {
        let mut line = format!("files      {} read", count(self.files));
        for (n, what) in [(self.unchanged, "unchanged"), (self.gone, "gone")] {
            if n > 0 {
                line.push_str(&format!(", {} {what}", count(n)));
            }
        }
        line
    }

    fn articles_line(&self, dry: bool) -> String {
        let did = if dry { "would be indexed" } else { "indexed" };
        let mut line = format!("articles   {} {did}", count(self.articles));
        for (n, what) in [(self.kept, "unchanged"), (self.removed, "removed")] {
            if n > 0 {
                line.push_str(&format!(", {} {what}", count(n)));
            }
        }
        line
    }

    fn speed_line(&self) -> String {
        let seconds = self.elapsed.as_secs_f64().max(1e-3);
        let megabytes = self.bytes as f64 / 1e6;
        let mut line = format!(
            "{:<11}{:.1} s, {:.1} MB, {:.1} MB/s",
            "time",
            seconds,
            megabytes,
            megabytes / seconds
        );
        if let Some(peak) = self.peak {
            line.push_str(&format!(", peak memory {} MB", count(peak / 1_000_000)));
        }
        line
    }
}

/// A kind of problem in words.
fn name(kind: ProblemKind) -> &'static str {
    match kind {
        ProblemKind::Unreadable => "unreadable",
        ProblemKind::NotAFile => "not a file",
        ProblemKind::NotText => "not text",
        ProblemKind::TooLarge => "too large",
        ProblemKind::Malformed => "malformed",
        ProblemKind::NoText => "without text",
        ProblemKind::TooDeep => "nested too deep",
        ProblemKind::Internal => "failed inside whosaid",
    }
}

/// A number with its thousands apart.
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut grouped = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A number of things, whose name is made plural by an `s`.
pub fn counted(n: u64, thing: &str) -> String {
    format!("{} {thing}{}", count(n), if n == 1 { "" } else { "s" })
}

/// A share in per cent.
pub fn percent(part: u64, whole: u64) -> String {
    if whole == 0 { "0 %".into() } else { format!("{:.1} %", 100.0 * part as f64 / whole as f64) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_kept_apart() {
        for (n, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (1234567, "1,234,567")] {
            assert_eq!(count(n), text);
        }
    }

    #[test]
    fn one_thing_is_not_many() {
        assert_eq!(counted(1, "passage"), "1 passage");
        assert_eq!(
            (counted(0, "quote"), counted(1001, "quote")),
            ("0 quotes".into(), "1,001 quotes".into())
        );
    }

    #[test]
    fn a_share_of_nothing_is_nothing() {
        assert_eq!(percent(0, 0), "0 %");
        assert_eq!(percent(1, 3), "33.3 %");
    }
}
