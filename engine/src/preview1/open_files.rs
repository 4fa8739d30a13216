//! The files that a guest has open.

use super::Failure;
use super::descriptors::{
    FILETYPE_CHARACTER_DEVICE, FILETYPE_DIRECTORY, FILETYPE_REGULAR_FILE, ROOT,
};
use super::errno::Errno;
use super::system::MAX_RANDOM_BYTES;
use crate::file_tree::Node;
use crate::toll::RANDOM_BYTE;
use crate::{Door, FileTree, Guest};
use std::sync::Arc;

/// The most files a guest may have open: each takes a little of the host's memory.
const MAX_OPEN: usize = 256;

/// What is open, by descriptor.
#[derive(Debug)]
pub(crate) struct OpenFiles {
    pub(super) tree: Arc<FileTree>,
    /// Indexed by descriptor, counted from the one after the root directory.
    slots: Vec<Option<OpenFile>>,
    /// Standard input, output and error: which of them the script has closed.
    closed: [bool; ROOT as usize],
}

/// A file, a directory or a device that was opened.
#[derive(Debug)]
pub(super) struct OpenFile {
    pub(super) node: Node,
    pub(super) path: String,
    pub(super) position: u64,
}

impl OpenFiles {
    pub(crate) fn new(tree: Arc<FileTree>) -> Self {
        Self {
            tree,
            slots: Vec::new(),
            closed: [false; ROOT as usize],
        }
    }

    pub(super) fn open(&mut self, node: Node, path: String) -> Result<u32, Errno> {
        let slot = match self.slots.iter().position(Option::is_none) {
            Some(free) => free,
            None if self.slots.len() < MAX_OPEN => {
                self.slots.push(None);
                self.slots.len() - 1
            }
            None => return Err(Errno::Mfile),
        };
        self.slots[slot] = Some(OpenFile {
            node,
            path,
            position: 0,
        });
        u32::try_from(slot)
            .map(|slot| slot + ROOT + 1)
            .map_err(|_| Errno::Mfile)
    }

    fn slot(&mut self, fd: u32) -> Result<&mut Option<OpenFile>, Errno> {
        let index = fd.checked_sub(ROOT + 1).ok_or(Errno::Badf)?;
        self.slots.get_mut(index as usize).ok_or(Errno::Badf)
    }

    pub(super) fn get(&mut self, fd: u32) -> Result<&mut OpenFile, Errno> {
        self.slot(fd)?.as_mut().ok_or(Errno::Badf)
    }

    pub(super) fn close(&mut self, fd: u32) -> Result<(), Errno> {
        if fd < ROOT {
            self.check_stream(fd)?;
            self.closed[fd as usize] = true;
            return Ok(());
        }
        self.slot(fd)?.take().map(drop).ok_or(Errno::Badf)
    }

    /// Refuses a stream that was closed; of other descriptors it says nothing.
    pub(super) fn check_stream(&self, fd: u32) -> Result<(), Errno> {
        match self.closed.get(fd as usize) {
            Some(true) => Err(Errno::Badf),
            _ => Ok(()),
        }
    }

    pub(super) fn filetype(&mut self, fd: u32) -> Result<u8, Errno> {
        Ok(filetype(&self.get(fd)?.node))
    }
}

impl<D: Door> Guest<D> {
    /// Copies bytes of an open file to `target`: from `at` on, or from its position, which moves. How
    /// many: fewer than fit at the end of a file, or where they are random.
    pub(super) fn read_file(
        &mut self,
        fd: u32,
        at: Option<u64>,
        target: &mut [u8],
    ) -> Result<usize, Failure> {
        let tree = Arc::clone(&self.files.tree);
        let file = self.files.get(fd)?;
        let range = match &file.node {
            Node::File(range) => range,
            Node::Directory => return Err(Errno::Isdir.into()),
            Node::Random => {
                let len = target.len().min(MAX_RANDOM_BYTES as usize);
                self.entropy.fill(&mut target[..len]);
                self.toll.owe(RANDOM_BYTE, len);
                return Ok(len);
            }
        };
        let bytes = tree.bytes(range);
        let start = usize::try_from(at.unwrap_or(file.position));
        let rest = &bytes[start.map_or(bytes.len(), |start| start.min(bytes.len()))..];
        let len = rest.len().min(target.len());
        target[..len].copy_from_slice(&rest[..len]);
        if at.is_none() {
            file.position += len as u64;
        }
        Ok(len)
    }
}

pub(super) fn filetype(node: &Node) -> u8 {
    match node {
        Node::File(_) => FILETYPE_REGULAR_FILE,
        Node::Directory => FILETYPE_DIRECTORY,
        Node::Random => FILETYPE_CHARACTER_DEVICE,
    }
}
