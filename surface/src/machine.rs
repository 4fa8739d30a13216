//! The machine under the surface: what only the adapter to an engine can give.

use crate::{Stop, Stream, SystemTree};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

/// An address outside of the guest's memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadAddress;

impl fmt::Display for BadAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the guest gave an address outside of its memory")
    }
}

impl core::error::Error for BadAddress {}

/// The machine that a guest runs on, as the surface uses it for the length of one call.
///
/// Every address comes from the guest and may be nonsense: what is not all inside the guest's memory
/// is a [`BadAddress`], and then nothing is moved. Addresses need no alignment.
pub trait Machine {
    /// The size of the guest's memory.
    fn memory_bytes(&self) -> u64;

    /// Copies bytes of the guest's memory.
    fn read(&self, address: u32, into: &mut [u8]) -> Result<(), BadAddress>;

    /// Copies bytes of the guest's memory to the end of `to`.
    fn append(&self, address: u32, len: u32, to: &mut Vec<u8>) -> Result<(), BadAddress>;

    /// Copies bytes to the guest's memory.
    fn write(&mut self, address: u32, bytes: &[u8]) -> Result<(), BadAddress>;

    /// Copies bytes of the system's files, from an offset into their pack, to the guest's memory. The
    /// offset comes from the [tree](Self::system_tree).
    fn write_pack(&mut self, address: u32, offset: u64, len: u32) -> Result<(), BadAddress>;

    /// Fills bytes of the guest's memory with the host's random ones.
    fn write_random(&mut self, address: u32, len: u32) -> Result<(), BadAddress>;

    /// The names of the system's files. Asked for once in a run, when the first path is looked up.
    fn system_tree(&self) -> Arc<SystemTree>;

    /// The host's wall clock: nanoseconds since the Unix epoch.
    fn realtime_ns(&self) -> u64;

    /// Nanoseconds since the start of the run, on the host's monotonic clock.
    fn elapsed_ns(&self) -> u64;

    /// Waits.
    ///
    /// # Errors
    ///
    /// The reason why the run ends, when that comes first.
    fn sleep(&mut self, ns: u64) -> Result<(), Stop>;

    /// Told of the bytes that a guest wrote and that were kept; there is at least one.
    ///
    /// # Errors
    ///
    /// The reason why the run ends, when whoever hears it kept the run waiting.
    fn hear(&mut self, _stream: Stream, _bytes: &[u8]) -> Result<(), Stop> {
        Ok(())
    }

    /// Checks that these bytes are all inside the guest's memory.
    fn check(&self, address: u32, len: u32) -> Result<(), BadAddress> {
        if u64::from(address) + u64::from(len) > self.memory_bytes() {
            return Err(BadAddress);
        }
        Ok(())
    }

    /// Reads `N` bytes.
    fn read_array<const N: usize>(&self, address: u32) -> Result<[u8; N], BadAddress> {
        let mut bytes = [0; N];
        self.read(address, &mut bytes)?;
        Ok(bytes)
    }

    /// Reads a little-endian `u32`.
    fn read_u32(&self, address: u32) -> Result<u32, BadAddress> {
        self.read_array(address).map(u32::from_le_bytes)
    }

    /// Writes a little-endian `u32`.
    fn write_u32(&mut self, address: u32, value: u32) -> Result<(), BadAddress> {
        self.write(address, &value.to_le_bytes())
    }

    /// Writes a little-endian `u64`.
    fn write_u64(&mut self, address: u32, value: u64) -> Result<(), BadAddress> {
        self.write(address, &value.to_le_bytes())
    }
}
