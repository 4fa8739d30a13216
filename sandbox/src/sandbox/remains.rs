//! What is left of a sandbox when its script has been answered.

use super::door::ScriptDoor;
use super::places::Place;
use belljar_engine::Guest;
use std::fmt;
use wasmtime::Store;

/// A used sandbox. Dropping it wipes everything the script wrote, which takes a third as long as a
/// small script itself, and makes room for another: so do that soon, but answer first.
#[derive(Default)]
#[must_use = "dropping it takes its time: answer first"]
pub struct Remains {
    // Only to be dropped, and in this order: the sandbox is wiped before the next gets its place.
    _sandbox: Option<Store<Guest<ScriptDoor>>>,
    _place: Option<Place>,
}

impl fmt::Debug for Remains {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Remains").finish_non_exhaustive()
    }
}

impl Remains {
    pub(super) fn new(sandbox: Store<Guest<ScriptDoor>>, place: Place) -> Self {
        Self {
            _sandbox: Some(sandbox),
            _place: Some(place),
        }
    }
}
