//! The heap of processes that live long and serve strangers.

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
pub(crate) fn give_back_large_blocks() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: takes numbers, and may be called at any time; the heap locks itself.
    unsafe {
        // They fail only for values that make no sense.
        libc::mallopt(libc::M_MMAP_THRESHOLD, KEPT_BYTES);
        libc::mallopt(libc::M_TRIM_THRESHOLD, 2 * KEPT_BYTES);
    }
}
