//! The heap of processes that live long and serve strangers.

use std::time::Duration;

/// The largest block that the heap may keep for next time, in bytes. An instance's bookkeeping is a
/// block of 1.6 MB, one for every execution: mapping that anew each time took as long as a small
/// script.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const KEPT_BYTES: libc::c_int = 4 << 20;

/// Has the heap give large blocks back to the kernel as soon as they are free.
///
/// By default glibc learns from a large block that was freed to serve the next of its size, up to
/// 32 MiB, from heaps that only shrink at their end. A few large results, each copied a few times,
/// then leave every thread's heap as large as they were. A large block costs some page faults this
/// way, which is little beside making it.
pub fn give_back_large_blocks() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: takes numbers, and may be called at any time; the heap locks itself.
    unsafe {
        // They fail only for values that make no sense.
        libc::mallopt(libc::M_MMAP_THRESHOLD, KEPT_BYTES);
        libc::mallopt(libc::M_TRIM_THRESHOLD, 2 * KEPT_BYTES);
    }
}

/// How often a server looks whether it keeps memory that it does not use.
const LOOK: Duration = Duration::from_secs(2);

/// How much memory a server may have gained since it last gave some back, in bytes, before it does so
/// again: giving back a hundred megabytes takes some 20 ms, in which it does little else.
const GAINED_BYTES: u64 = 32 << 20;

/// Gives memory back to the kernel when it is no longer used, for as long as the future is polled.
///
/// What bodies and answers were in is scattered over the heap, in pages that glibc by itself never
/// gives back but at a heap's end: after a rush, all that it took stays. `in_use` says how much is
/// held for clients: while that is much there is little to give back.
pub async fn give_back_when_idle(in_use: impl Fn() -> usize) {
    let mut floor = resident();
    loop {
        tokio::time::sleep(LOOK).await;
        let now = resident();
        // What the process needs may also shrink.
        floor = floor.min(now);
        if now < floor + GAINED_BYTES || in_use() as u64 > (now - floor) / 2 {
            continue;
        }
        let given = tokio::task::spawn_blocking(give_back).await;
        floor = resident();
        let gained = now.saturating_sub(floor);
        tracing::debug!(bytes = gained, done = given.is_ok(), "memory given back");
    }
}

/// Gives back what is free, wherever it is.
fn give_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: takes a number, and may be called at any time; the heap locks itself.
    unsafe {
        libc::malloc_trim(0);
    }
}

/// Memory of this process that is its own, in bytes; 0 where the kernel does not say.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("RssAnon:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or(0) * 1024
}
