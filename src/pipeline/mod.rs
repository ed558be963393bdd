//! The main job: from files to annotated articles over all cores, in bounded memory.
//!
//! The only module that names rayon.

mod guard;
mod ordered;

pub use guard::{guarded, silence_panics};
pub use ordered::ordered;
