//! The files that a guest has open.

use super::Node;
use crate::Errno;
use alloc::string::String;
use alloc::vec::Vec;

/// The most files a guest may have open: each takes a little of the host's memory.
const MAX_OPEN: usize = 256;

/// The open files, by slot: a descriptor counted from the first that can be opened.
#[derive(Debug, Default)]
pub(crate) struct OpenFiles {
    slots: Vec<Option<OpenFile>>,
}

/// A file, a directory or a device that was opened.
#[derive(Debug)]
pub(crate) struct OpenFile {
    pub(crate) node: Node,
    pub(crate) path: String,
    pub(crate) position: u64,
}

impl OpenFiles {
    /// Opens a file; its slot is the lowest that is free.
    pub(crate) fn open(&mut self, node: Node, path: String) -> Result<u32, Errno> {
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
        // Below `MAX_OPEN`.
        Ok(slot as u32)
    }

    /// The file in a slot.
    pub(crate) fn get(&mut self, slot: u32) -> Result<&mut OpenFile, Errno> {
        let slot = self.slots.get_mut(slot as usize);
        slot.and_then(Option::as_mut).ok_or(Errno::Badf)
    }

    /// Takes the file out of a slot.
    pub(crate) fn close(&mut self, slot: u32) -> Result<OpenFile, Errno> {
        let slot = self.slots.get_mut(slot as usize);
        slot.and_then(Option::take).ok_or(Errno::Badf)
    }

    /// Moves a file to the slot of another one, which is closed.
    pub(crate) fn renumber(&mut self, from: u32, to: u32) -> Result<(), Errno> {
        self.get(to)?;
        let moved = self.close(from)?;
        self.slots[to as usize] = Some(moved);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_bounded_and_used_again() {
        let mut files = OpenFiles::default();
        for slot in 0..MAX_OPEN as u32 {
            assert_eq!(files.open(Node::Random, String::new()), Ok(slot));
        }
        assert_eq!(files.open(Node::Random, String::new()), Err(Errno::Mfile));
        assert!(files.close(7).is_ok());
        assert_eq!(files.close(7).err(), Some(Errno::Badf));
        assert_eq!(files.renumber(7, 8), Err(Errno::Badf));
        assert_eq!(files.renumber(8, 7), Err(Errno::Badf));
        assert!(files.get(8).is_ok());
        assert_eq!(files.open(Node::Random, String::new()), Ok(7));
        assert_eq!(files.renumber(7, 7), Ok(()));
        assert_eq!(files.renumber(9, 7), Ok(()));
        assert_eq!(files.get(9).err(), Some(Errno::Badf));
    }
}
