//! Work of a question in pieces, side by side.

use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};

/// Does pieces of work by their numbers; what comes of them, in order. Where they are `worth` threads, who
/// has none left takes of others', pieces of a piece too.
///
/// # Panics
/// When the work does: a thread that panics has met a fault of the program, which goes on in this one.
pub fn each_piece<R: Send>(
    worth: bool,
    pieces: usize,
    work: impl Fn(usize) -> R + Sync + Send,
) -> Vec<R> {
    match worth && pieces > 1 {
        true => (0..pieces).into_par_iter().with_max_len(1).map(work).collect(),
        false => (0..pieces).map(work).collect(),
    }
}
