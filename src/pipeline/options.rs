//! What options have to do with what is read: a file or record that would be read otherwise now is
//! not unchanged.

use std::hash::Hasher;

use twox_hash::XxHash3_64;

use crate::read::{Format, RawRecord, ReadOptions};
use crate::report::{Problem, ProblemKind};

/// What a record is known by: its bytes, and how they are read.
pub fn record_hash(record: &RawRecord, options: &ReadOptions) -> u64 {
    let mut hasher = XxHash3_64::with_seed(0);
    hasher.write(&record.bytes);
    if record.format == Format::Json {
        add_fields(&mut hasher, options);
    }
    hasher.finish()
}

/// What options a file was read with, as far as they matter for it: 0 where they are the usual
/// ones. The limit of size matters where something was too large.
pub fn file_hash(options: &ReadOptions, problems: &[Problem]) -> u64 {
    let limited = problems.iter().any(|problem| problem.kind == ProblemKind::TooLarge);
    if options.fields.is_empty() && !limited {
        return 0;
    }
    let mut hasher = XxHash3_64::with_seed(0);
    add_fields(&mut hasher, options);
    if limited {
        hasher.write_u64(options.max_file_size);
    }
    hasher.finish()
}

fn add_fields(hasher: &mut XxHash3_64, options: &ReadOptions) {
    for (ours, theirs) in &options.fields {
        hasher.write(ours.as_bytes());
        hasher.write(b"=");
        hasher.write(theirs.as_bytes());
        hasher.write(b"\n");
    }
}
