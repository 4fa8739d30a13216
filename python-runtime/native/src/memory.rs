//! Memory of the interpreter's, for as long as a kernel needs it.

use core::ffi::c_void;
use core::slice;

#[link(wasm_import_module = "interpreter")]
unsafe extern "C" {
    fn malloc(size: usize) -> *mut c_void;
    fn free(memory: *mut c_void);
}

/// Some numbers' room, given back when it is dropped.
pub(crate) struct Scratch<T: Number>(*mut T, usize);

/// A type of which any memory that holds anything is a valid value.
///
/// # Safety
///
/// Any bits are a valid value.
pub(crate) unsafe trait Number: Copy {}

// SAFETY: any bits are a number.
unsafe impl Number for u8 {}
// SAFETY: any bits are a number.
unsafe impl Number for u32 {}
// SAFETY: any bits are a number.
unsafe impl Number for u64 {}

impl<T: Number> Scratch<T> {
    /// Room for `count` numbers, zeros; nothing where a script's memory limit does not allow it.
    pub(crate) fn new(count: usize) -> Option<Self> {
        let size = count.checked_mul(size_of::<T>())?;
        // SAFETY: the interpreter's, which says by null that there is none.
        let memory = unsafe { malloc(size) }.cast::<T>();
        if memory.is_null() {
            return None;
        }
        // SAFETY: it is as large.
        unsafe { memory.write_bytes(0, count) };
        Some(Self(memory, count))
    }

    pub(crate) fn as_mut(&mut self) -> &mut [T] {
        // SAFETY: it is as large, has been written, and is nobody else's.
        unsafe { slice::from_raw_parts_mut(self.0, self.1) }
    }
}

impl<T: Number> Drop for Scratch<T> {
    fn drop(&mut self) {
        // SAFETY: it came from there.
        unsafe { free(self.0.cast()) };
    }
}
