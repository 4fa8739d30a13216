//! The files that a script has open.

use super::Failure;
use super::descriptors::{
    FILETYPE_CHARACTER_DEVICE, FILETYPE_DIRECTORY, FILETYPE_REGULAR_FILE, ROOT,
};
use super::errno::Errno;
use super::system::MAX_RANDOM_BYTES;
use crate::glue;
use crate::run::State;
use crate::toll::RANDOM_BYTE;
use crate::tree::{FileTree, Node};
use alloc::string::String;
use alloc::vec::Vec;

/// The most files a script may have open.
const MAX_OPEN: usize = 256;

/// What is open, by descriptor.
#[derive(Default)]
pub(crate) struct OpenFiles {
    /// Read when the first path is looked up, which most scripts never do.
    tree: Option<FileTree>,
    /// Indexed by descriptor, counted from the one after the root directory.
    slots: Vec<Option<OpenFile>>,
    /// Standard input, output and error: which of them the script has closed.
    closed: [bool; ROOT as usize],
}

/// A file, a directory or a device that was opened.
pub(super) struct OpenFile {
    pub(super) node: Node,
    path: String,
    pub(super) position: u64,
}

impl OpenFiles {
    pub(super) fn tree(&mut self) -> &FileTree {
        self.tree.get_or_insert_with(|| {
            let text = String::from_utf8(glue::index()).unwrap_or_default();
            FileTree::parse(&text).unwrap_or_default()
        })
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
        Ok(slot as u32 + ROOT + 1)
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

    /// What is directly below an open directory.
    pub(super) fn children_of(&mut self, fd: u32) -> Result<&[(String, bool)], Errno> {
        let path = core::mem::take(&mut self.get(fd)?.path);
        self.tree();
        self.get(fd)?.path = path;
        let index = (fd - ROOT - 1) as usize;
        let file = self.slots[index].as_ref().ok_or(Errno::Badf)?;
        let tree = self.tree.as_ref().ok_or(Errno::Badf)?;
        tree.children(&file.path).ok_or(Errno::Notdir)
    }
}

impl State {
    /// Copies bytes of an open file to the interpreter: from `at` on, or from its position, which
    /// moves. How many: fewer than asked for at the end of a file, or where they are random.
    pub(super) fn read_file(
        &mut self,
        fd: u32,
        at: Option<u64>,
        address: u32,
        len: u32,
    ) -> Result<u32, Failure> {
        let file = self.files.get(fd)?;
        let range = match &file.node {
            Node::File(range) => range.clone(),
            Node::Directory => return Err(Errno::Isdir.into()),
            Node::Random => {
                let len = len.min(MAX_RANDOM_BYTES);
                glue::write(address, &self.random(len as usize))?;
                self.toll.owe(RANDOM_BYTE, len);
                return Ok(len);
            }
        };
        let size = range.end - range.start;
        let start = u32::try_from(at.unwrap_or(file.position));
        let start = start.map_or(size, |start| start.min(size));
        let got = len.min(size - start);
        glue::read_pack(address, range.start + start, got)?;
        if at.is_none() {
            file.position += u64::from(got);
        }
        Ok(got)
    }
}

pub(super) fn filetype(node: &Node) -> u8 {
    match node {
        Node::File(_) => FILETYPE_REGULAR_FILE,
        Node::Directory => FILETYPE_DIRECTORY,
        Node::Random => FILETYPE_CHARACTER_DEVICE,
    }
}
