//! What an index says it was annotated by: an index made with other models must be made anew.

use std::hash::Hasher;

use twox_hash::XxHash3_64;

/// The same bytes that the steps load; the linker keeps one copy of each.
const MODELS: [&[u8]; 6] = [
    include_bytes!("../../data/models/confidence.txt"),
    include_bytes!("../../data/models/entities.bin"),
    include_bytes!("../../data/models/indirect.bin"),
    include_bytes!("../../data/models/pronouns.bin"),
    include_bytes!("../../data/models/quotes.bin"),
    include_bytes!("../../data/models/quotes_gate.bin"),
];

/// Version of the program and hash of its models.
pub fn fingerprint() -> String {
    let mut hasher = XxHash3_64::new();
    MODELS.iter().for_each(|model| hasher.write(model));
    format!("{}-{:016x}", env!("CARGO_PKG_VERSION"), hasher.finish())
}
