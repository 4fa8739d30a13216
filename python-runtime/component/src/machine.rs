//! The machine under the surface: the interpreter's memory, and the host's clocks.

use crate::glue;
use crate::index;
use alloc::sync::Arc;
use alloc::vec::Vec;
use belljar_surface::{BadAddress, Cause, Machine, Stop, SystemTree};

/// The interpreter as a machine, and the time that its run has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Interpreter {
    /// The start of the run on the host's monotonic clock.
    pub(crate) start_ns: u64,
    /// The time after which it is late.
    pub(crate) deadline_ns: u64,
}

impl Interpreter {
    /// `true` if the deadline has passed, in real time.
    pub(crate) fn is_late(&self) -> bool {
        self.elapsed_ns() > self.deadline_ns
    }
}

impl Machine for Interpreter {
    fn memory_bytes(&self) -> u64 {
        u64::from(glue::pages()) << 16
    }

    fn read(&self, address: u32, into: &mut [u8]) -> Result<(), BadAddress> {
        glue::read_into(address, into)
    }

    fn append(&self, address: u32, len: u32, to: &mut Vec<u8>) -> Result<(), BadAddress> {
        glue::append(address, len, to)
    }

    fn write(&mut self, address: u32, bytes: &[u8]) -> Result<(), BadAddress> {
        glue::write(address, bytes)
    }

    fn write_pack(&mut self, address: u32, offset: u64, len: u32) -> Result<(), BadAddress> {
        let offset = u32::try_from(offset).map_err(|_| BadAddress)?;
        glue::read_pack(address, offset, len)
    }

    fn write_random(&mut self, address: u32, len: u32) -> Result<(), BadAddress> {
        self.check(address, len)?;
        glue::write(address, &glue::random_bytes(len as usize))
    }

    fn system_tree(&self) -> Arc<SystemTree> {
        Arc::new(index::parse(&glue::index()).unwrap_or_default())
    }

    fn realtime_ns(&self) -> u64 {
        glue::wall_ns()
    }

    fn elapsed_ns(&self) -> u64 {
        glue::monotonic_now().saturating_sub(self.start_ns)
    }

    fn sleep(&mut self, ns: u64) -> Result<(), Stop> {
        let left = self.deadline_ns.saturating_sub(self.elapsed_ns());
        glue::sleep(ns.min(left));
        if self.is_late() {
            return Err(Stop::Interrupted(Cause::Timeout));
        }
        Ok(())
    }
}
