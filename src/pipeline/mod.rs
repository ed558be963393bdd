//! The main job: from files to annotated articles in the index, over all cores, in bounded memory.
//!
//! Reader threads cut files into batches of records ([`crate::read::feed`]); workers take a batch,
//! parse and annotate each record and hand it to a [`Sink`]; when the last batch of a file is done,
//! the file is noted as read. Nothing here depends on which worker comes first.
//! The only module that names rayon.

mod copies;
mod files;
mod guard;
pub mod interrupt;
mod look;
mod options;
mod ordered;
mod place;
mod plan;
mod problems;
mod records;
mod run;
mod sink;
mod tally;
mod timings;
mod todo;
mod workers;

pub use copies::copies;
pub use guard::{annotated, caught, guarded, silence_panics};
pub use look::moved;
pub use ordered::ordered;
pub use place::{Lost, lost, typed};
pub use plan::{Target, real, targets};
pub use problems::Problems;
pub use records::{Batch, IN_FLIGHT, batches, records};
pub use run::{Settings, run};
pub use sink::{DryRun, Sink};
pub use timings::{Timings, peak_memory};
pub use workers::Workers;
