//! Work of a question in pieces, side by side.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;

/// Threads worth starting: one a processor, or this one alone.
pub fn threads(worth: bool) -> usize {
    if worth { thread::available_parallelism().map_or(1, usize::from) } else { 1 }
}

/// Does pieces of work by their numbers, on at most so many threads; what comes of them, in order.
///
/// # Panics
/// When the work does: a thread that panics has met a fault of the program, which goes on in this one.
pub fn each_piece<R: Send>(
    threads: usize,
    pieces: usize,
    work: impl Fn(usize) -> R + Sync,
) -> Vec<R> {
    if threads.min(pieces) < 2 {
        return (0..pieces).map(work).collect();
    }
    // Each takes the next piece that nobody has.
    let next = AtomicUsize::new(0);
    let take = || {
        let pieces =
            std::iter::from_fn(|| Some(next.fetch_add(1, Relaxed)).filter(|&n| n < pieces));
        pieces.map(|piece| (piece, work(piece))).collect::<Vec<_>>()
    };
    let mut done = thread::scope(|scope| {
        let started: Vec<_> = (1..threads.min(pieces)).map(|_| scope.spawn(take)).collect();
        let mut done = take();
        started.into_iter().for_each(|thread| match thread.join() {
            Ok(more) => done.extend(more),
            Err(panic) => std::panic::resume_unwind(panic),
        });
        done
    });
    done.sort_unstable_by_key(|&(piece, _)| piece);
    done.into_iter().map(|(_, result)| result).collect()
}
