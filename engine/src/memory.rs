//! The guest's linear memory as the host sees it: checked access, and its limit.

use crate::BadAddress;
use wasmtime::ResourceLimiter;

/// Checked access to linear memory: every address comes from the guest and may be nonsense.
#[derive(Debug)]
pub struct GuestMemory<'a>(pub &'a mut [u8]);

impl GuestMemory<'_> {
    /// The `len` bytes at `address`.
    ///
    /// # Errors
    ///
    /// [`BadAddress`] when they are not all inside the memory; so for every method here.
    pub fn slice(&self, address: u32, len: u32) -> Result<&[u8], BadAddress> {
        let start = address as usize;
        self.0.get(start..start + len as usize).ok_or(BadAddress)
    }

    /// The `len` bytes at `address`, to write.
    pub fn slice_mut(&mut self, address: u32, len: u32) -> Result<&mut [u8], BadAddress> {
        let start = address as usize;
        self.0
            .get_mut(start..start + len as usize)
            .ok_or(BadAddress)
    }

    /// Copies the bytes at `address`.
    pub fn read_into(&self, address: u32, into: &mut [u8]) -> Result<(), BadAddress> {
        let start = address as usize;
        let bytes = self.0.get(start..start + into.len()).ok_or(BadAddress)?;
        into.copy_from_slice(bytes);
        Ok(())
    }

    /// Writes `bytes` at `address`.
    pub fn write(&mut self, address: u32, bytes: &[u8]) -> Result<(), BadAddress> {
        let start = address as usize;
        self.0
            .get_mut(start..start + bytes.len())
            .ok_or(BadAddress)?
            .copy_from_slice(bytes);
        Ok(())
    }

    /// Writes a little-endian `u32`.
    pub fn write_u32(&mut self, address: u32, value: u32) -> Result<(), BadAddress> {
        self.write(address, &value.to_le_bytes())
    }
}

/// Bounds the growth of linear memory and tables, and remembers that it had to.
#[derive(Debug)]
pub struct MemoryLimiter {
    limit: usize,
    refused: bool,
}

impl MemoryLimiter {
    /// Linear memory may grow to `limit` bytes.
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            refused: false,
        }
    }

    /// `true` if the guest asked for more than its limit at some time. It may have recovered since.
    pub fn refused(&self) -> bool {
        self.refused
    }
}

impl ResourceLimiter for MemoryLimiter {
    fn memory_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let allowed = desired <= self.limit;
        self.refused |= !allowed;
        Ok(allowed)
    }

    /// The interpreter never grows its table; a guest that makes it grow gets nothing.
    fn table_growing(
        &mut self,
        current: usize,
        _desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        // A new instance's table "grows" from nothing to its declared size.
        Ok(current == 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn access_outside_is_refused_and_inside_works() {
        let mut bytes = [0_u8; 8];
        let mut memory = GuestMemory(&mut bytes);
        assert_eq!(memory.write_u32(4, 7), Ok(()));
        let mut bytes = [0; 4];
        assert_eq!(memory.read_into(4, &mut bytes), Ok(()));
        assert_eq!(bytes, [7, 0, 0, 0]);
        assert_eq!(memory.read_into(5, &mut bytes), Err(BadAddress));
        assert_eq!(memory.slice(u32::MAX, u32::MAX).err(), Some(BadAddress));
        assert_eq!(memory.write(8, &[]), Ok(()));
        assert_eq!(memory.write(9, &[]), Err(BadAddress));
    }

    #[test]
    fn the_limiter_remembers_a_refusal() {
        let mut limiter = MemoryLimiter::new(100);
        assert!(limiter.memory_growing(0, 100, None).unwrap());
        assert!(!limiter.refused());
        assert!(!limiter.memory_growing(0, 101, None).unwrap());
        assert!(limiter.refused());
    }
}
