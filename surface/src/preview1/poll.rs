//! `poll_oneoff`: how a guest waits.

use crate::toll::ITEM;
use crate::{Call, Errno, Failure, Machine};

/// The most subscriptions of one call. The interpreter uses one or two.
const MAX_SUBSCRIPTIONS: u32 = 64;

const SUBSCRIPTION_BYTES: u32 = 48;
const EVENT_BYTES: u32 = 32;
const ABSOLUTE: u16 = 1;

const CLOCK: u8 = 0;
const FD_READ: u8 = 1;
const FD_WRITE: u8 = 2;

/// One thing a guest waits for.
#[derive(Debug, Clone, Copy, Default)]
struct Subscription {
    userdata: [u8; 8],
    kind: u8,
    /// The reason why it is refused, which is told with its event.
    error: Option<Errno>,
    /// The time to wait from now; zero for a descriptor, which is always ready.
    wait_ns: u64,
}

impl<M: Machine> Call<'_, M> {
    /// `poll_oneoff`: waits for the first of several things.
    ///
    /// # Errors
    ///
    /// The errno for the guest; the end of the run when that comes first.
    pub fn poll_oneoff(
        &mut self,
        subscriptions: u32,
        events: u32,
        count: u32,
        out: u32,
    ) -> Result<(), Failure> {
        if count == 0 || count > MAX_SUBSCRIPTIONS {
            return Err(Errno::Inval.into());
        }
        self.owe(ITEM, count);
        let mut waiting = [Subscription::default(); MAX_SUBSCRIPTIONS as usize];
        let waiting = &mut waiting[..count as usize];
        for (one, index) in waiting.iter_mut().zip(0..) {
            let address = subscriptions
                .checked_add(index * SUBSCRIPTION_BYTES)
                .ok_or(Errno::Fault)?;
            *one = self.subscription(address)?;
        }
        let shortest = waiting.iter().map(|one| one.wait_ns).min().unwrap_or(0);
        self.sleep(shortest)?;
        let mut written = 0;
        for one in waiting.iter().filter(|one| one.wait_ns <= shortest) {
            let address = events
                .checked_add(written * EVENT_BYTES)
                .ok_or(Errno::Fault)?;
            let mut event = [0; EVENT_BYTES as usize];
            event[..8].copy_from_slice(&one.userdata);
            let error = one.error.map_or(0, |errno| errno as u16);
            event[8..10].copy_from_slice(&error.to_le_bytes());
            event[10] = one.kind;
            self.machine.write(address, &event)?;
            written += 1;
        }
        Ok(self.machine.write_u32(out, written)?)
    }

    fn subscription(&mut self, address: u32) -> Result<Subscription, Failure> {
        let raw: [u8; SUBSCRIPTION_BYTES as usize] = self.machine.read_array(address)?;
        let number = |at: usize| {
            raw[at..]
                .first_chunk()
                .map_or(0, |bytes| u64::from_le_bytes(*bytes))
        };
        // The lower half of what is there.
        let word = |at: usize| number(at) as u32;
        let kind = raw[8];
        let (wait_ns, error) = match kind {
            CLOCK => {
                let (clock, timeout_ns) = (word(16), number(24));
                let is_absolute = u16::from_le_bytes([raw[40], raw[41]]) & ABSOLUTE != 0;
                match self.wait_ns(clock, timeout_ns, is_absolute) {
                    Ok(ns) => (ns, None),
                    Err(errno) => (0, Some(errno)),
                }
            }
            FD_READ | FD_WRITE => (0, self.descriptor(word(16)).err()),
            _ => return Err(Errno::Inval.into()),
        };
        Ok(Subscription {
            userdata: number(0).to_le_bytes(),
            kind,
            error,
            wait_ns,
        })
    }

    /// The time from now until a time on a clock. A clock is only looked at where it has to be: looking
    /// at a virtual one moves it.
    fn wait_ns(&mut self, clock: u32, timeout_ns: u64, is_absolute: bool) -> Result<u64, Errno> {
        if is_absolute {
            return Ok(timeout_ns.saturating_sub(self.now_ns(clock)?));
        }
        super::system::check_clock(clock)?;
        Ok(timeout_ns)
    }
}
