//! Identities of paragraphs: exact ones, and fingerprints that tell near copies.
//! It knows no index; who stands where is the index's business.

mod bloom;
mod firsts;
mod near;
mod set;
mod table;

pub use bloom::Bloom;
pub use firsts::Firsts;
pub use near::{Fingerprint, similarity};
pub use set::PassageSet;

/// Identity of a paragraph: hash of its exact clean text.
pub fn passage_id(text: &str) -> u128 {
    twox_hash::XxHash3_128::oneshot(text.as_bytes())
}

/// The half of a passage identity by which the index finds it.
pub fn passage_key(text: &str) -> u64 {
    (passage_id(text) >> 64) as u64
}
