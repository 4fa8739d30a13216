//! The files of a guest: what a path leads to, and what is open.
//!
//! A path is looked up as a whole string: nothing of the host's file system is ever consulted, so
//! there is nothing to escape to.
//!
//! - [`SystemTree`]: the read-only files that every guest of an image sees;
//! - [`Tree`](tree::Tree): what a path leads to for this guest. Every call that takes a path or lists
//!   a directory asks it, and nobody asks the system's tree but it: a layer of the guest's own files
//!   goes there, above the system's;
//! - [`OpenFiles`](open_files::OpenFiles): what is open, by descriptor;
//! - [`path`]: paths without dots.

mod node;
mod open_files;
mod path;
mod system_tree;
mod tree;

pub(crate) use node::Node;
pub(crate) use open_files::{OpenFile, OpenFiles};
pub(crate) use path::Path;
pub use system_tree::SystemTree;
pub(crate) use tree::Tree;

/// The files of one guest.
#[derive(Debug, Default)]
pub(crate) struct Files {
    pub(crate) tree: Tree,
    pub(crate) open: OpenFiles,
    /// The streams among standard input, output and error that the guest has closed.
    pub(crate) closed: [bool; 3],
}
