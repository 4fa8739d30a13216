//! The imports. `glue.wat` provides them: most exist only after this module, so they go through a
//! table there.

use alloc::vec;
use alloc::vec::Vec;
use belljar_surface::BadAddress;

/// The result of [`turn`] and [`allocate`] when the run was stopped on the way: no status of the
/// interpreter's, and no address.
pub(crate) const STOPPED: i32 = i32::MIN;

mod import {
    #[link(wasm_import_module = "glue")]
    unsafe extern "C" {
        pub(crate) safe fn turn(address: u32, len: u32) -> i32;
        pub(crate) safe fn allocate(len: u32) -> i32;
        pub(crate) fn peek(to_here: *mut u8, from: u32, len: u32) -> i32;
        pub(crate) fn poke(to: u32, from_here: *const u8, len: u32) -> i32;
        pub(crate) safe fn stop();
        pub(crate) safe fn fuel() -> i64;
        pub(crate) safe fn set_fuel(units: i64);
        pub(crate) safe fn set_page_limit(pages: u32);
        pub(crate) safe fn pages() -> u32;
        pub(crate) safe fn refused() -> i32;
        pub(crate) safe fn read_pack(to: u32, offset: u32, len: u32) -> i32;
        pub(crate) fn facts(to_here: *mut u8);
        pub(crate) safe fn facts_len() -> u32;
        pub(crate) fn index(to_here: *mut u8);
        pub(crate) safe fn index_len() -> u32;
        pub(crate) fn wall_now(to_here: *mut WallTime);
        pub(crate) fn random_bytes(len: u64, to_here: *mut ByteList);
        pub(crate) safe fn monotonic_now() -> u64;
        pub(crate) safe fn sleep(nanoseconds: u64);
    }

    /// `datetime` of `wasi:clocks/wall-clock`, as the canonical ABI lays it out.
    #[repr(C)]
    #[derive(Default)]
    pub(crate) struct WallTime {
        pub(crate) seconds: u64,
        pub(crate) nanoseconds: u32,
    }

    /// `list<u8>`, likewise. Its bytes come from our allocator.
    #[repr(C)]
    pub(crate) struct ByteList {
        pub(crate) address: *mut u8,
        pub(crate) len: usize,
    }
}

pub(crate) use import::{
    allocate, fuel, monotonic_now, pages, set_fuel, set_page_limit, sleep, turn,
};

fn checked(status: i32) -> Result<(), BadAddress> {
    if status == 0 { Ok(()) } else { Err(BadAddress) }
}

/// Ends the run: `turn` returns [`STOPPED`]. To be called with nothing left to drop.
pub(crate) fn stop() -> ! {
    import::stop();
    // It throws past us.
    core::arch::wasm32::unreachable()
}

/// `true` if the interpreter was refused memory.
pub(crate) fn refused() -> bool {
    import::refused() != 0
}

/// Copies bytes of the interpreter's memory to the end of a list.
pub(crate) fn append(address: u32, len: u32, to: &mut Vec<u8>) -> Result<(), BadAddress> {
    // Not more than there is, or a guest could make us allocate what it never had.
    if u64::from(address) + u64::from(len) > u64::from(pages()) << 16 {
        return Err(BadAddress);
    }
    to.reserve(len as usize);
    // SAFETY: the list has room for `len` more bytes, and has them when they were copied.
    unsafe {
        checked(import::peek(
            to.spare_capacity_mut().as_mut_ptr().cast(),
            address,
            len,
        ))?;
        to.set_len(to.len() + len as usize);
    }
    Ok(())
}

/// Bytes of the interpreter's memory.
pub(crate) fn read(address: u32, len: u32) -> Result<Vec<u8>, BadAddress> {
    let mut bytes = Vec::new();
    append(address, len, &mut bytes)?;
    Ok(bytes)
}

/// Copies bytes of the interpreter's memory.
pub(crate) fn read_into(address: u32, into: &mut [u8]) -> Result<(), BadAddress> {
    let len = u32::try_from(into.len()).map_err(|_| BadAddress)?;
    // SAFETY: there is room for `len` bytes.
    checked(unsafe { import::peek(into.as_mut_ptr(), address, len) })
}

/// A few bytes of the interpreter's memory.
pub(crate) fn read_array<const N: usize>(address: u32) -> Result<[u8; N], BadAddress> {
    let mut bytes = [0; N];
    read_into(address, &mut bytes)?;
    Ok(bytes)
}

/// A little-endian number of the interpreter's memory.
pub(crate) fn read_u32(address: u32) -> Result<u32, BadAddress> {
    read_array(address).map(u32::from_le_bytes)
}

/// Writes to the interpreter's memory.
pub(crate) fn write(address: u32, bytes: &[u8]) -> Result<(), BadAddress> {
    let len = u32::try_from(bytes.len()).map_err(|_| BadAddress)?;
    // SAFETY: `bytes` has `len` bytes.
    checked(unsafe { import::poke(address, bytes.as_ptr(), len) })
}

/// Writes a number.
pub(crate) fn write_u32(address: u32, value: u32) -> Result<(), BadAddress> {
    write(address, &value.to_le_bytes())
}

/// Writes a number.
pub(crate) fn write_u64(address: u32, value: u64) -> Result<(), BadAddress> {
    write(address, &value.to_le_bytes())
}

/// Copies a part of the file pack to the interpreter's memory.
pub(crate) fn read_pack(to: u32, offset: u32, len: u32) -> Result<(), BadAddress> {
    checked(import::read_pack(to, offset, len))
}

/// The facts that the packaging knows of the image, as text.
pub(crate) fn facts() -> Vec<u8> {
    let mut bytes = vec![0; import::facts_len() as usize];
    // SAFETY: it writes as many bytes as it says.
    unsafe { import::facts(bytes.as_mut_ptr()) };
    bytes
}

/// The table of the file pack, as text.
pub(crate) fn index() -> Vec<u8> {
    let mut bytes = vec![0; import::index_len() as usize];
    // SAFETY: it writes as many bytes as it says.
    unsafe { import::index(bytes.as_mut_ptr()) };
    bytes
}

/// Nanoseconds since the Unix epoch.
pub(crate) fn wall_ns() -> u64 {
    let mut time = import::WallTime::default();
    // SAFETY: it writes one record.
    unsafe { import::wall_now(&mut time) };
    time.seconds
        .saturating_mul(1_000_000_000)
        .saturating_add(u64::from(time.nanoseconds))
}

/// Random bytes of the host's.
pub(crate) fn random_bytes(len: usize) -> Vec<u8> {
    let mut list = import::ByteList {
        address: core::ptr::null_mut(),
        len: 0,
    };
    // SAFETY: it writes one list.
    unsafe { import::random_bytes(len as u64, &mut list) };
    if list.len == 0 {
        return Vec::new();
    }
    // SAFETY: the canonical ABI allocated exactly these bytes with our `cabi_realloc`.
    unsafe { Vec::from_raw_parts(list.address, list.len, list.len) }
}
