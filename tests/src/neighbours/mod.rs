//! Neighbours: clients that do nothing wrong while another attacks.
//!
//! - [`Innocent`] is a request of such a client, which knows its one right answer.
//! - [`Resident`] is such a client: it asks in its own pace, and keeps what became of each request.
//! - [`Pauses`] notices when the whole machine stood still, which is nobody's fault.
//! - [`Report`] is what clients went through, and what is wrong with it.

mod bounds;
mod innocent;
mod pauses;
mod report;
mod resident;

pub use bounds::{SERVER_KEPT_BYTES, SERVER_PEAK_BYTES};
pub use innocent::{Innocent, Kind, post};
pub use pauses::{Pauses, Span};
pub use report::{Report, Times};
pub use resident::{Fate, PATIENCE, Resident, fate_of};
