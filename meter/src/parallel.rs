//! Work on many functions at once, with results in order.

use std::{
    num::NonZero,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
};

/// The number of items that a thread takes at a time.
const BATCH: usize = 128;

/// Calls `work` for `0..count` on all processors and returns the results in order of the index.
/// Every thread has a state of its own to reuse allocations in. Of several errors, the one with
/// the lowest index is returned, so that the outcome does not depend on timing.
pub(crate) fn map<S, T: Send, E: Send>(
    count: usize,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, usize) -> Result<T, E> + Sync,
) -> Result<Vec<T>, E> {
    let threads = thread::available_parallelism()
        .map_or(1, NonZero::get)
        .min(count.div_ceil(BATCH));
    let next = AtomicUsize::new(0);
    let failed = AtomicBool::new(false);
    let batches = Mutex::new(Vec::new());

    let run = || {
        let mut state = state();
        // Batches are handed out in order, so every batch below a failing one is finished.
        while !failed.load(Ordering::Relaxed) {
            let start = next.fetch_add(BATCH, Ordering::Relaxed);
            if start >= count {
                break;
            }
            let end = count.min(start + BATCH);
            let results: Result<Vec<T>, E> = (start..end).map(|i| work(&mut state, i)).collect();
            if results.is_err() {
                failed.store(true, Ordering::Relaxed);
            }
            batches
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push((start, results));
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(run);
        }
        run();
    });

    let mut batches = batches.into_inner().unwrap_or_else(PoisonError::into_inner);
    batches.sort_unstable_by_key(|&(start, _)| start);
    let mut all = Vec::with_capacity(count);
    for (_, results) in batches {
        all.append(&mut results?);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::map;

    #[test]
    fn results_are_in_order() {
        let squares: Result<Vec<usize>, ()> = map(10_000, || (), |(), i| Ok(i * i));
        assert_eq!(squares, Ok((0..10_000).map(|i| i * i).collect()));
    }

    #[test]
    fn the_error_with_the_lowest_index_is_returned() {
        for _ in 0..20 {
            let result: Result<Vec<()>, usize> = map(
                10_000,
                || (),
                |(), i| if i % 700 == 699 { Err(i) } else { Ok(()) },
            );
            assert_eq!(result, Err(699));
        }
    }

    #[test]
    fn nothing_to_do_is_no_work() {
        let none: Result<Vec<()>, ()> = map(0, || (), |(), _| Ok(()));
        assert_eq!(none, Ok(Vec::new()));
    }
}
