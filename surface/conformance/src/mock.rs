//! A machine that is a few fields.

use crate::world;
use belljar_surface::{BadAddress, Machine, Stop, SystemTree};
use std::ops::Range;
use std::sync::Arc;

/// A machine whose memory is a vector, whose time passes only by sleeping, and whose random bytes are
/// all the same.
#[derive(Debug)]
pub struct Mock {
    /// The guest's memory.
    pub memory: Vec<u8>,
    /// The time that was slept.
    pub slept_ns: u64,
}

/// The random byte.
const RANDOM: u8 = 4;

impl Default for Mock {
    fn default() -> Self {
        Self::with_memory(1 << 16)
    }
}

impl Mock {
    /// A machine with so many bytes of memory.
    pub fn with_memory(bytes: usize) -> Self {
        Self {
            memory: vec![0; bytes],
            slept_ns: 0,
        }
    }

    fn range(&self, address: u32, len: usize) -> Result<Range<usize>, BadAddress> {
        let start = address as usize;
        let end = start.checked_add(len).ok_or(BadAddress)?;
        (end <= self.memory.len())
            .then_some(start..end)
            .ok_or(BadAddress)
    }
}

impl Machine for Mock {
    fn memory_bytes(&self) -> u64 {
        self.memory.len() as u64
    }

    fn read(&self, address: u32, into: &mut [u8]) -> Result<(), BadAddress> {
        let range = self.range(address, into.len())?;
        into.copy_from_slice(&self.memory[range]);
        Ok(())
    }

    fn append(&self, address: u32, len: u32, to: &mut Vec<u8>) -> Result<(), BadAddress> {
        let range = self.range(address, len as usize)?;
        to.extend_from_slice(&self.memory[range]);
        Ok(())
    }

    fn write(&mut self, address: u32, bytes: &[u8]) -> Result<(), BadAddress> {
        let range = self.range(address, bytes.len())?;
        self.memory[range].copy_from_slice(bytes);
        Ok(())
    }

    fn write_pack(&mut self, address: u32, offset: u64, len: u32) -> Result<(), BadAddress> {
        let range = self.range(address, len as usize)?;
        for (byte, at) in self.memory[range].iter_mut().zip(offset..) {
            *byte = world::pack_byte(at);
        }
        Ok(())
    }

    fn write_random(&mut self, address: u32, len: u32) -> Result<(), BadAddress> {
        let range = self.range(address, len as usize)?;
        self.memory[range].fill(RANDOM);
        Ok(())
    }

    fn system_tree(&self) -> Arc<SystemTree> {
        Arc::new(SystemTree::new(world::files()))
    }

    fn realtime_ns(&self) -> u64 {
        1_000_000_000
    }

    fn elapsed_ns(&self) -> u64 {
        self.slept_ns
    }

    fn sleep(&mut self, ns: u64) -> Result<(), Stop> {
        self.slept_ns += ns;
        Ok(())
    }
}
