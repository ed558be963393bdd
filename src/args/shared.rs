//! Arguments that several subcommands take, and how their values are written.

use std::path::PathBuf;

use clap::Args;
use jiff::civil::{Date, DateTime};
use whosaid::read::ReadOptions;

#[derive(Args)]
pub(super) struct IndexDir {
    /// Folder of the index
    #[arg(long = "index", value_name = "DIR", default_value = "index", env = "WHOSAID_INDEX")]
    pub(super) dir: PathBuf,
}

#[derive(Args)]
pub(super) struct Threads {
    /// Worker threads; one a core unless told
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

impl Threads {
    pub(super) fn count(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        self.threads.map_or_else(cores, usize::from)
    }
}

#[derive(Args)]
pub(super) struct Reading {
    /// Name of the JSON field that holds our field, as in text=story; may be repeated. An index
    /// remembers it for the folder; `text=` goes back to the usual names
    #[arg(long = "field", value_name = "OURS=THEIRS", value_parser = field)]
    fields: Vec<(String, String)>,
    /// Largest file or record that is taken, after decompression
    #[arg(long, value_name = "SIZE", default_value = "256MB", value_parser = size)]
    max_file_size: u64,
}

impl Reading {
    pub(super) fn options(&self) -> ReadOptions {
        let fields = self.fields().unwrap_or_default();
        ReadOptions { fields, max_file_size: self.max_file_size }
    }

    /// The fields that point elsewhere, where any were given.
    pub(super) fn fields(&self) -> Option<Vec<(String, String)>> {
        let pointing = self.fields.iter().filter(|(_, theirs)| !theirs.is_empty());
        (!self.fields.is_empty()).then(|| pointing.cloned().collect())
    }
}

/// The fields of an article that `--field` can point elsewhere.
const FIELDS: [&str; 8] = ["id", "text", "title", "authors", "outlet", "date", "url", "language"];

fn field(typed: &str) -> Result<(String, String), String> {
    let (ours, theirs) = typed.split_once('=').ok_or("write it as text=FIELD")?;
    if !FIELDS.contains(&ours) {
        return Err(format!("{ours:?} is none of {}", FIELDS.join(", ")));
    }
    Ok((ours.to_owned(), theirs.to_owned()))
}

/// A number of bytes: "800", "64KB", "512 MB", "1.5GiB".
pub(super) fn size(typed: &str) -> Result<u64, String> {
    let lower = typed.trim().to_ascii_lowercase();
    let digits = lower.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(lower.len());
    let (number, unit) = lower.split_at(digits);
    let factor: u64 = match unit.trim() {
        "" | "b" => 1,
        "k" | "kb" => 1_000,
        "m" | "mb" => 1_000_000,
        "g" | "gb" => 1_000_000_000,
        "t" | "tb" => 1_000_000_000_000,
        "kib" => 1 << 10,
        "mib" => 1 << 20,
        "gib" => 1 << 30,
        _ => return Err("write it as 512MB or 2GB".into()),
    };
    let number: f64 = number.parse().map_err(|_| "write it as 512MB or 2GB")?;
    Ok((number * factor as f64) as u64)
}

/// A number of results, or "all".
pub(super) fn limit(typed: &str) -> Result<Option<usize>, String> {
    if typed == "all" {
        return Ok(None);
    }
    typed.parse().map(Some).map_err(|_| "a number or \"all\"".into())
}

/// A share from 0 to 1.
pub(super) fn share(typed: &str) -> Result<f32, String> {
    let share: f32 = typed.parse().map_err(|_| "a number from 0 to 1")?;
    if (0.0..=1.0).contains(&share) { Ok(share) } else { Err("a number from 0 to 1".into()) }
}

/// A day, month or year, or a moment; the first or last moment of it.
pub(super) fn date(typed: &str, last: bool) -> Result<DateTime, String> {
    if let Ok(moment) = typed.parse::<DateTime>()
        && typed.contains(':')
    {
        return Ok(moment);
    }
    let wrong = || "write it as 2023, 2023-04 or 2023-04-26".to_owned();
    let digits = |c: char| c.is_ascii_digit() || c == '-';
    if !typed.chars().all(digits) {
        return Err(wrong());
    }
    let (first, end): (String, fn(Date) -> Date) = match typed.len() {
        4 => (format!("{typed}-01-01"), Date::last_of_year),
        7 => (format!("{typed}-01"), Date::last_of_month),
        _ => (typed.to_owned(), |day| day),
    };
    let day: Date = first.parse().map_err(|_| wrong())?;
    Ok(if last { end(day).at(23, 59, 59, 999_999_999) } else { day.at(0, 0, 0, 0) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        for (typed, bytes) in
            [("800", 800), ("64KB", 64_000), ("512 MB", 512_000_000), ("1.5GiB", 3 << 29)]
        {
            assert_eq!(size(typed), Ok(bytes), "{typed}");
        }
        for typed in ["", "MB", "5 parsecs", "-1", "1.2.3"] {
            assert!(size(typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn fields_are_checked() {
        assert_eq!(field("text=story"), Ok(("text".into(), "story".into())));
        assert!(field("story").is_err());
        assert!(field("txt=story").unwrap_err().contains("language"));
    }

    #[test]
    fn dates_are_days_months_or_years() {
        let text = |typed, last| date(typed, last).map(|date| date.to_string());
        assert_eq!(text("2023", false), Ok("2023-01-01T00:00:00".into()));
        assert_eq!(text("2024-02", true), Ok("2024-02-29T23:59:59.999999999".into()));
        assert_eq!(text("2023-04-26", false), Ok("2023-04-26T00:00:00".into()));
        assert!(text("2023-04-26T10:30", false).is_ok());
        for wrong in ["", "yesterday", "2023-13", "2023-02-30", "23-1-1", "2023-4-26"] {
            assert!(date(wrong, false).is_err(), "{wrong}");
        }
    }

    #[test]
    fn limits_and_shares() {
        assert_eq!((limit("all"), limit("7")), (Ok(None), Ok(Some(7))));
        assert!(limit("-1").is_err() && share("1.1").is_err() && share("NaN").is_err());
    }
}
