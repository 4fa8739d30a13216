//! Edits of the pinned interpreter: what its build chose, and scripts from elsewhere cannot live with.
//!
//! The wheel is one binary and we do not build it. What has to be otherwise is edited in it, between
//! fetching and preparing: a function is found by its name, and what is replaced is compared
//! instruction by instruction. So an edit never does something to code that it was not made for: of
//! another wheel, the pipeline says which edit no longer fits.
//!
//! - [`edit`]: what an edit is;
//! - [`module`]: functions by name, and data by address;
//! - [`apply`](mod@apply): the edited module, without its names;
//! - [`integers`]: numpy's default integer has 64 bits;
//! - [`stack`]: how deep C code may recurse.

mod apply;
mod edit;
mod integers;
mod module;
mod stack;

pub(crate) use apply::{apply, digest};
