//! One call of the guest's: how it is served, and how it ends.

use crate::toll::{self, SLEEP};
use crate::{Errno, Machine, Stop, Stream, Surface};

/// The ways in which a call ends other than well: an errno for the guest, or the end of the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The guest is told.
    Errno(Errno),
    /// The run ends.
    Stop(Stop),
}

impl From<Errno> for Failure {
    fn from(errno: Errno) -> Self {
        Self::Errno(errno)
    }
}

impl From<Stop> for Failure {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

/// The answer to a call of preview 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "the price is to be taken from the guest's fuel"]
pub struct Served {
    /// The number that the guest gets: 0, or an [`Errno`].
    pub errno: i32,
    /// Its price in units of fuel.
    pub price: u64,
}

/// A call that is being served: the state and the machine it works on.
///
/// It has a method for each function of preview 1. All of them answer with an errno, or end the run
/// where that is said; a bad address is an errno as well.
#[derive(Debug)]
pub struct Call<'a, M> {
    pub(crate) surface: &'a mut Surface,
    pub(crate) machine: &'a mut M,
}

impl Surface {
    /// Serves one call of preview 1. The adapter takes the price, and then looks whether the run is to
    /// end: what a call does is bounded, but not how often it is called.
    ///
    /// # Errors
    ///
    /// The reason why the run ends within the call, which then costs nothing.
    #[inline]
    pub fn serve<M: Machine>(
        &mut self,
        machine: &mut M,
        call: impl FnOnce(&mut Call<'_, M>) -> Result<(), Failure>,
    ) -> Result<Served, Stop> {
        let (answered, price) = self.call(machine, call);
        let errno = match answered {
            Ok(()) => 0,
            Err(Failure::Errno(errno)) => errno as i32,
            Err(Failure::Stop(stop)) => return Err(stop),
        };
        Ok(Served { errno, price })
    }

    /// Serves one call of any kind: what came of it, and its price.
    #[inline]
    pub fn call<M: Machine, R>(
        &mut self,
        machine: &mut M,
        call: impl FnOnce(&mut Call<'_, M>) -> R,
    ) -> (R, u64) {
        let result = call(&mut Call {
            surface: self,
            machine,
        });
        (result, self.toll.settle())
    }
}

impl<M: Machine> Call<'_, M> {
    /// The state of the run.
    pub fn surface(&mut self) -> &mut Surface {
        self.surface
    }

    /// Adds the price of so many things to that of the call.
    pub fn owe(&mut self, price: u64, count: u32) {
        self.surface.toll.owe(price, count);
    }

    /// Nanoseconds since the Unix epoch, as the guest sees them.
    pub fn realtime_ns(&mut self) -> u64 {
        self.surface.clock.realtime_ns(self.machine)
    }

    /// Nanoseconds on the guest's monotonic clock.
    pub fn monotonic_ns(&mut self) -> u64 {
        self.surface.clock.monotonic_ns(self.machine)
    }

    /// Lets time pass for the guest. Not at all is free.
    ///
    /// # Errors
    ///
    /// The reason why the run ends meanwhile.
    pub fn sleep(&mut self, ns: u64) -> Result<(), Stop> {
        if ns == 0 {
            return Ok(());
        }
        self.owe(SLEEP, 1);
        self.surface.clock.pass(self.machine, ns)
    }

    /// Fills bytes of the guest's memory with random ones. How many at most is the caller's to say.
    ///
    /// # Errors
    ///
    /// A bad address.
    pub fn fill_random(&mut self, address: u32, len: u32) -> Result<(), Failure> {
        self.owe(toll::RANDOM_BYTE, len);
        Ok(self.surface.entropy.fill(self.machine, address, len)?)
    }

    /// Appends bytes of the guest's memory to one of its streams; they are paid for.
    ///
    /// # Errors
    ///
    /// A bad address; the end of the run when that is more than the stream takes.
    pub fn write_stream(&mut self, stream: Stream, address: u32, len: u32) -> Result<(), Failure> {
        let output = &mut self.surface.output;
        output.write(self.machine, stream, address, len)?;
        self.owe(toll::BYTE, len);
        Ok(())
    }
}
