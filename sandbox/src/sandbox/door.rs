//! The host's end of the door while a script runs: takes its answer, and what it displays before.

use crate::hearing::{Heard, Listener};
use belljar_contract::{AnswerTooLarge, Delivery, Taken};
use belljar_engine::{Door, GuestMemory, Stop};

/// What came through the door, and who hears of it at once.
#[derive(Default)]
pub(crate) struct ScriptDoor {
    pub(super) delivery: Delivery,
    pub(super) listener: Option<Listener>,
}

impl Door for ScriptDoor {
    fn call(
        &mut self,
        memory: &mut GuestMemory<'_>,
        address: u32,
        len: u32,
    ) -> Result<Option<Vec<u8>>, Stop> {
        let Some((&kind, content)) = memory
            .slice(address, len)
            .ok()
            .and_then(<[u8]>::split_first)
        else {
            return Ok(None);
        };
        let too_large = |AnswerTooLarge { bytes }| Stop::AnswerTooLarge(bytes);
        match self.delivery.take(kind, content).map_err(too_large)? {
            Taken::Refused => return Ok(None),
            Taken::Message => {}
            Taken::Item(item) => {
                if let Some(listener) = &self.listener {
                    listener(Heard::Display(item)).map_err(Stop::Interrupted)?;
                }
            }
        }
        Ok(Some(Vec::new()))
    }
}
