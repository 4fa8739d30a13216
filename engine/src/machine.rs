//! The machine under the surface: Wasmtime's memory, and the clocks and random bytes of this
//! computer.

use crate::{BadAddress, FileTree, GuestMemory, Interrupt, Stop, Stream, Tap};
use belljar_surface::{Machine, SystemTree};
use rand::Rng;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The machine that a guest runs on, for the length of one call.
#[derive(Debug)]
pub(crate) struct GuestMachine<'a> {
    pub(crate) memory: GuestMemory<'a>,
    pub(crate) files: &'a FileTree,
    pub(crate) interrupt: &'a Interrupt,
    pub(crate) tap: &'a mut Option<Tap>,
    /// The start of the run.
    pub(crate) start: Instant,
}

impl Machine for GuestMachine<'_> {
    fn memory_bytes(&self) -> u64 {
        self.memory.0.len() as u64
    }

    fn read(&self, address: u32, into: &mut [u8]) -> Result<(), BadAddress> {
        self.memory.read_into(address, into)
    }

    fn append(&self, address: u32, len: u32, to: &mut Vec<u8>) -> Result<(), BadAddress> {
        to.extend_from_slice(self.memory.slice(address, len)?);
        Ok(())
    }

    fn write(&mut self, address: u32, bytes: &[u8]) -> Result<(), BadAddress> {
        self.memory.write(address, bytes)
    }

    fn write_pack(&mut self, address: u32, offset: u64, len: u32) -> Result<(), BadAddress> {
        let target = self.memory.slice_mut(address, len)?;
        // The tree's offsets were checked against the pack when it was opened.
        target.copy_from_slice(self.files.bytes(offset, len).ok_or(BadAddress)?);
        Ok(())
    }

    fn write_random(&mut self, address: u32, len: u32) -> Result<(), BadAddress> {
        rand::rng().fill_bytes(self.memory.slice_mut(address, len)?);
        Ok(())
    }

    fn system_tree(&self) -> Arc<SystemTree> {
        Arc::clone(self.files.tree())
    }

    fn realtime_ns(&self) -> u64 {
        let time = SystemTime::now().duration_since(UNIX_EPOCH);
        saturating_ns(time.unwrap_or_default())
    }

    fn elapsed_ns(&self) -> u64 {
        saturating_ns(self.start.elapsed())
    }

    fn sleep(&mut self, ns: u64) -> Result<(), Stop> {
        let slept = self
            .interrupt
            .sleep(Duration::from_nanos(ns), self.memory.0.len());
        slept.map_err(Stop::Interrupted)
    }

    fn hear(&mut self, stream: Stream, bytes: &[u8]) -> Result<(), Stop> {
        match self.tap {
            Some(tap) => tap.hear(stream, bytes).map_err(Stop::Interrupted),
            None => Ok(()),
        }
    }
}

fn saturating_ns(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
