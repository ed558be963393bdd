//! Arguments that several subcommands take, and how their values are written.

use clap::Args;
use whosaid::read::ReadOptions;

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
    /// Name of the JSON field that holds our field, as in text=story; may be repeated
    #[arg(long = "field", value_name = "OURS=THEIRS", value_parser = field)]
    fields: Vec<(String, String)>,
    /// Largest file or record that is taken, after decompression
    #[arg(long, value_name = "SIZE", default_value = "1GB", value_parser = size)]
    max_file_size: u64,
}

impl Reading {
    pub(super) fn options(&self) -> ReadOptions {
        ReadOptions { fields: self.fields.clone(), max_file_size: self.max_file_size }
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
}
