//! Sandboxes: a fresh instance of the snapshot for every execution.
//!
//! - [`sandboxes`] makes them of an image and runs programs in them; [`places`] counts how many there
//!   are at once.
//! - [`door`] is the host's end of what the harness hands over, [`fuel`] what a run may use, and
//!   [`ending`] how it ended.
//! - [`remains`] is what is left of a sandbox, to be wiped.

mod door;
mod ending;
mod fuel;
mod places;
mod remains;
mod sandboxes;

pub(crate) use places::Places;
pub use remains::Remains;
pub(crate) use sandboxes::Sandboxes;
