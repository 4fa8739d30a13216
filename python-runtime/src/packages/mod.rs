//! Packages in pure Python, beside those of the interpreter's wheel.
//!
//! [`lock`] says which, by digest; [`content`] what is taken of each. They become an archive of their own
//! that Python imports from, as it does from the standard library's, with their data files beside it,
//! because much code opens those by path. Packages that are ours ([`own`]) are in it as well.

mod content;
mod lock;
mod own;

pub(crate) use content::{Bundle, bundle};
pub(crate) use lock::{LOCK, Locked, locked};

use crate::Digest;

/// The digest of all of it: what is locked, what is ours, and how it is laid out.
pub(crate) fn digest() -> Digest {
    let own = own::SOURCES
        .iter()
        .flat_map(|(name, source)| [name.as_bytes(), source.as_bytes()]);
    Digest::of_parts([LOCK.as_bytes(), content::LAYOUT].into_iter().chain(own))
}
