//! Work of a question in pieces, side by side.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{LazyLock, Mutex};
use std::thread::{self, Scope};

/// Threads that may be started beside those that ask: one less than there are processors. More would only
/// hold more memory.
static MOST: LazyLock<usize> =
    LazyLock::new(|| thread::available_parallelism().map_or(0, |all| all.get() - 1));

/// How many there are, whoever started them.
static STARTED: AtomicUsize = AtomicUsize::new(0);

/// Does pieces of work by their numbers; what comes of them, in order. Where they are `worth` threads, one
/// is started for every processor that has nothing else to do, and that is looked for again behind each
/// piece: a piece may have pieces of its own, and whoever is done with all others then helps with these.
///
/// # Panics
/// When the work does: that is a fault of the program, which goes on in this thread.
pub fn each_piece<R: Send>(worth: bool, pieces: usize, work: impl Fn(usize) -> R + Sync) -> Vec<R> {
    if !worth || pieces < 2 {
        return (0..pieces).map(work).collect();
    }
    let shared = Shared { pieces, work, next: AtomicUsize::new(0), done: Mutex::default() };
    thread::scope(|scope| shared.take(scope));
    // After a panic nobody comes here.
    let mut done = shared.done.into_inner().unwrap_or_default();
    done.sort_unstable_by_key(|&(piece, _)| piece);
    done.into_iter().map(|(_, result)| result).collect()
}

/// Pieces of which each thread takes the next that nobody has.
struct Shared<R, W> {
    pieces: usize,
    work: W,
    next: AtomicUsize,
    done: Mutex<Vec<(usize, R)>>,
}

impl<R: Send, W: Fn(usize) -> R + Sync> Shared<R, W> {
    fn take<'scope>(&'scope self, scope: &'scope Scope<'scope, '_>) {
        let mut done = Vec::new();
        loop {
            let piece = self.next.fetch_add(1, Relaxed);
            if piece >= self.pieces {
                break;
            }
            if piece + 1 < self.pieces
                && let Some(started) = Started::new()
            {
                // Where none can be started, this one does all.
                let _ = thread::Builder::new().spawn_scoped(scope, || {
                    let _started = started;
                    self.take(scope);
                });
            }
            done.push((piece, (self.work)(piece)));
        }
        if let Ok(mut all) = self.done.lock() {
            all.append(&mut done);
        }
    }
}

/// A thread that was started, as long as it runs.
struct Started;

impl Started {
    /// One more, if there is a processor for it.
    fn new() -> Option<Started> {
        let one_more = |started| (started < *MOST).then_some(started + 1);
        STARTED.fetch_update(Relaxed, Relaxed, one_more).ok().map(|_| Started)
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        STARTED.fetch_sub(1, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::each_piece;

    #[test]
    fn pieces_of_pieces_come_in_order_and_each_once() {
        for pieces in [0, 1, 2, 7, 100] {
            let inner = |piece| each_piece(true, piece % 5, move |part| piece * 10 + part);
            let found = each_piece(true, pieces, inner);
            let expected = |piece| (0..piece % 5).map(|part| piece * 10 + part).collect::<Vec<_>>();
            assert!(found.into_iter().eq((0..pieces).map(expected)), "{pieces}");
        }
    }

    #[test]
    #[should_panic]
    fn a_panic_is_not_lost() {
        each_piece(true, 9, |piece| assert!(piece != 8, "the last"));
    }
}
