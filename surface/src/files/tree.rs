//! The tree of files that one guest sees.

use super::{Node, Path, SystemTree};
use crate::{Errno, Machine};
use alloc::sync::Arc;

/// The tree that a guest sees: the system's, which is read when the first path is looked up. Most
/// scripts never do that.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    system: Option<Arc<SystemTree>>,
}

impl Tree {
    /// The node that a path leads to.
    pub(crate) fn lookup(&mut self, machine: &impl Machine, path: &Path) -> Result<Node, Errno> {
        let node = self
            .system(machine)
            .lookup(&path.text)
            .ok_or(Errno::Noent)?;
        if path.is_directory && node != Node::Directory {
            return Err(Errno::Notdir);
        }
        Ok(node)
    }

    /// The entries directly below the directory `path`, in a fixed order: the name of each, and
    /// `true` if it is a directory. `None` if it cannot be listed.
    pub(crate) fn children<'a>(
        &'a mut self,
        machine: &impl Machine,
        path: &str,
    ) -> Option<impl Iterator<Item = (&'a str, bool)>> {
        let children = self.system(machine).children(path)?;
        Some(
            children
                .iter()
                .map(|(name, is_directory)| (name.as_str(), *is_directory)),
        )
    }

    fn system(&mut self, machine: &impl Machine) -> &SystemTree {
        self.system.get_or_insert_with(|| machine.system_tree())
    }
}
