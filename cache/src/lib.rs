//! The cache: everything bulky that is made or fetched once, in one directory of the user's.
//!
//! A [`Cache`] holds entries: directories whose names say what they were made from. An entry is
//! there whole or not at all, and nothing but this crate writes one. The directory is private, since
//! native code is loaded from it; [`require_private`] is that check, also for code that lies elsewhere.

mod cache;
mod entry;
mod error;
mod key;
mod lock;
mod private;

pub use cache::Cache;
pub use error::Error;
pub use key::key;
pub use lock::Lock;
pub use private::{Owners, require_private};
