//! Memory and panics, which the standard library would otherwise look after.

use core::alloc::Layout;

#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

/// A panic is a bug of ours. There is nobody to tell: the trap is the message.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

/// The allocator for what the canonical ABI hands to us. (On other targets `wit-bindgen` brings
/// one; on this one it counts on the C library's, whose allocator is another.)
///
/// # Safety
///
/// As the canonical ABI says: `old` is null, or came from here with this size and alignment.
#[unsafe(export_name = "cabi_realloc")]
unsafe extern "C" fn realloc(old: *mut u8, old_len: usize, align: usize, len: usize) -> *mut u8 {
    if len == 0 {
        return core::ptr::without_provenance_mut(align);
    }
    // SAFETY: the alignment is a power of two, and the length came through a 32-bit memory; the
    // rest is passed on from the caller.
    let new = unsafe {
        if old_len == 0 {
            alloc::alloc::alloc(Layout::from_size_align_unchecked(len, align))
        } else {
            let layout = Layout::from_size_align_unchecked(old_len, align);
            alloc::alloc::realloc(old, layout, len)
        }
    };
    if new.is_null() {
        core::arch::wasm32::unreachable()
    }
    new
}

// The compiler calls `memcmp` and expects the target's C library to have it.
#[link(name = "c")]
unsafe extern "C" {}
