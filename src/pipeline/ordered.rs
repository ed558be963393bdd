//! Work spread over threads whose results come out in the order of the input, in bounded memory.

use std::collections::BTreeMap;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Condvar, Mutex, PoisonError};

use anyhow::Context;

/// Lets items in while the sum of their costs fits; one item alone always fits.
struct Gate {
    budget: usize,
    state: Mutex<GateState>,
    changed: Condvar,
}

#[derive(Default)]
struct GateState {
    used: usize,
    closed: bool,
}

impl Gate {
    fn new(budget: usize) -> Self {
        Gate { budget, state: Mutex::default(), changed: Condvar::new() }
    }

    /// Waits for room. False: closed, nothing more is wanted.
    fn enter(&self, cost: usize) -> bool {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let full = |s: &mut GateState| !s.closed && s.used > 0 && s.used + cost > self.budget;
        let mut state =
            self.changed.wait_while(state, full).unwrap_or_else(PoisonError::into_inner);
        state.used += cost;
        !state.closed
    }

    fn leave(&self, cost: usize) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).used -= cost;
        self.changed.notify_all();
    }

    fn close(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).closed = true;
        self.changed.notify_all();
    }
}

/// A result on its way to the sink: its place in the order, what it costs to hold, itself.
type Ticket<R> = (u64, usize, R);

/// Maps `work` over `input` on `threads` threads and hands the results to `sink` on this thread, in
/// the order of the input. Items between input and sink cost at most `budget` together (what
/// `cost` says of each, in bytes), unless one alone costs more.
///
/// # Errors
/// The first error of `sink`, which ends the work; or when threads cannot be started.
pub fn ordered<T: Send, R: Send>(
    threads: usize,
    budget: usize,
    input: impl Iterator<Item = T> + Send,
    cost: impl Fn(&T) -> usize + Sync,
    work: impl Fn(T) -> R + Sync,
    sink: impl FnMut(R) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .thread_name(|n| format!("worker-{n}"))
        .build()
        .context("cannot start worker threads")?;
    let gate = Gate::new(budget);
    let queue = Mutex::new(input.enumerate());
    let take = || {
        let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
        let (place, item) = queue.next()?;
        let held = cost(&item);
        // Still under the lock: room is given in order, so the item that the sink waits for has it.
        gate.enter(held).then_some((place as u64, held, item))
    };
    let worker = |results: Sender<Ticket<R>>| {
        while let Some((place, held, item)) = take() {
            if results.send((place, held, work(item))).is_err() {
                break;
            }
        }
    };
    pool.in_place_scope(|scope| {
        let (results, done) = mpsc::channel();
        // One a thread, and no thread another's: waiting for a hand with an article it would take up
        // the loop of another, which may wait for the very article.
        scope.spawn_broadcast(move |_, _| worker(results.clone()));
        let outcome = in_order(done, &gate, sink);
        gate.close();
        outcome
    })
}

fn in_order<R>(
    done: Receiver<Ticket<R>>,
    gate: &Gate,
    mut sink: impl FnMut(R) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut early = BTreeMap::new();
    let mut next = 0;
    for (place, held, result) in done {
        early.insert(place, (held, result));
        while let Some((held, result)) = early.remove(&next) {
            sink(result)?;
            gate.leave(held);
            next += 1;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn results_keep_the_order_of_the_input() {
        for threads in [1, 3, 8] {
            let mut seen = Vec::new();
            let work = |n: u64| {
                std::thread::sleep(std::time::Duration::from_micros((n * 7919) % 300));
                n * n
            };
            ordered(
                threads,
                10,
                0..500,
                |_| 1,
                work,
                |n| {
                    seen.push(n);
                    Ok(())
                },
            )
            .unwrap();
            assert_eq!(seen, (0..500).map(|n| n * n).collect::<Vec<_>>());
        }
    }

    #[test]
    fn no_more_is_taken_in_than_the_budget_allows() {
        let (taken, given) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let input = (0..300).inspect(|_| {
            let held = 1 + taken.fetch_add(1, Ordering::SeqCst) - given.load(Ordering::SeqCst);
            // One more than the budget: the item that waits at the gate.
            assert!(held <= 11, "{held} items held");
        });
        ordered(
            4,
            10,
            input,
            |_| 1,
            |n| n,
            |_| {
                given.fetch_add(1, Ordering::SeqCst);
                Ok(())
            },
        )
        .unwrap();
        assert_eq!(given.into_inner(), 300);
    }

    #[test]
    fn an_error_of_the_sink_ends_the_work() {
        let endless = std::iter::repeat(1);
        let error = ordered(4, 10, endless, |_| 1, |n| n, |_| anyhow::bail!("full")).unwrap_err();
        assert_eq!(error.to_string(), "full");
    }
}
