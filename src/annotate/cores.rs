//! Parts of one article that may be done side by side: what matters where that has many megabytes.
//! Who calls has the threads, and says how.

/// Does two things, side by side if it can.
pub trait Cores: Sync {
    /// What both give.
    fn both<A: Send, B: Send>(
        &self,
        one: impl FnOnce() -> A + Send,
        other: impl FnOnce() -> B + Send,
    ) -> (A, B);
}

/// One core: one thing after the other.
pub struct OneCore;

impl Cores for OneCore {
    fn both<A: Send, B: Send>(
        &self,
        one: impl FnOnce() -> A + Send,
        other: impl FnOnce() -> B + Send,
    ) -> (A, B) {
        let first = one();
        (first, other())
    }
}

/// What all parts give, in their order.
pub(super) fn each<T: Sync, R: Send>(
    cores: &impl Cores,
    parts: &[T],
    work: &(impl Fn(&T) -> Vec<R> + Sync),
) -> Vec<R> {
    match parts {
        [] => Vec::new(),
        [part] => work(part),
        _ => {
            let (before, behind) = parts.split_at(parts.len() / 2);
            let halves = cores.both(|| each(cores, before, work), || each(cores, behind, work));
            let (mut all, others) = halves;
            all.extend(others);
            all
        }
    }
}
