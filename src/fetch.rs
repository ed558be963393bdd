//! Reading what will be needed, so that it is at hand then.

/// Makes reads of places that do not depend on each other: a processor asks for all of them before it
/// waits for any, where the work in between would keep it from seeing more than one or two ahead.
#[inline]
pub fn fetch(reads: impl Iterator<Item = u32>) {
    std::hint::black_box(reads.fold(0, |all, one| all | one));
}
