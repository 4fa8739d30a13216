//! Reading, writing and seeking.

use super::MAX_RANDOM_BYTES;
use super::descriptors::Descriptor;
use super::vectors::Buffer;
use crate::files::Node;
use crate::toll::BYTE;
use crate::{Call, Errno, Failure, Machine};

impl<M: Machine> Call<'_, M> {
    /// `fd_write`: to one of the two output streams.
    ///
    /// # Errors
    ///
    /// The errno for the guest; the end of the run when a stream goes over its limit.
    pub fn fd_write(&mut self, fd: u32, list: u32, count: u32, out: u32) -> Result<(), Failure> {
        let Descriptor::Output(stream) = self.descriptor(fd)? else {
            return Err(Errno::Badf.into());
        };
        let written = self.gather(list, count, |call, buffer| {
            call.write_stream(stream, buffer.address, buffer.len)?;
            Ok(buffer.len)
        })?;
        Ok(self.machine.write_u32(out, written)?)
    }

    /// `fd_read`: from standard input, or an open file from its position on, which moves.
    pub fn fd_read(&mut self, fd: u32, list: u32, count: u32, out: u32) -> Result<(), Failure> {
        let read = match self.descriptor(fd)? {
            Descriptor::Stdin => self.gather(list, count, Self::read_stdin)?,
            Descriptor::Output(_) => return Err(Errno::Badf.into()),
            Descriptor::Root => return Err(Errno::Isdir.into()),
            Descriptor::Slot(_) => {
                let start = self.file(fd)?.position;
                let read = self.read_file(fd, list, count, start)?;
                // Where it does not come from a position, there is none to move.
                let file = self.file(fd)?;
                if matches!(file.node, Node::File(_)) {
                    file.position = start.saturating_add(read.into());
                }
                read
            }
        };
        Ok(self.machine.write_u32(out, read)?)
    }

    /// `fd_pread`: from an open file, wherever its position is.
    pub fn fd_pread(
        &mut self,
        fd: u32,
        list: u32,
        count: u32,
        offset: u64,
        out: u32,
    ) -> Result<(), Failure> {
        let read = match self.descriptor(fd)? {
            Descriptor::Stdin | Descriptor::Output(_) => return Err(Errno::Spipe.into()),
            Descriptor::Root => return Err(Errno::Isdir.into()),
            Descriptor::Slot(_) => self.read_file(fd, list, count, offset)?,
        };
        Ok(self.machine.write_u32(out, read)?)
    }

    fn read_stdin(&mut self, buffer: Buffer) -> Result<u32, Failure> {
        let rest = self.surface.stdin.rest();
        let bytes = &rest[..rest.len().min(buffer.len as usize)];
        self.machine.write(buffer.address, bytes)?;
        let len = bytes.len();
        self.surface.stdin.advance(len);
        // No more than the buffer has.
        let len = len as u32;
        self.owe(BYTE, len);
        Ok(len)
    }

    /// Copies bytes of an open file, from an offset on. Fewer than fit at the end of the file, or where
    /// they are random.
    fn read_file(&mut self, fd: u32, list: u32, count: u32, offset: u64) -> Result<u32, Failure> {
        let range = match &self.file(fd)?.node {
            Node::File(range) => range.clone(),
            Node::Directory => return Err(Errno::Isdir.into()),
            Node::Random => {
                return self.gather(list, count, |call, buffer| {
                    let len = buffer.len.min(MAX_RANDOM_BYTES);
                    call.fill_random(buffer.address, len)?;
                    call.owe(BYTE, len);
                    Ok(len)
                });
            }
        };
        self.gather(list, count, |call, buffer| {
            let at = offset.saturating_add(buffer.before.into());
            let start = range.start.saturating_add(at).min(range.end);
            // Not more than the buffer has.
            let len = (range.end - start).min(buffer.len.into()) as u32;
            call.machine.write_pack(buffer.address, start, len)?;
            call.owe(BYTE, len);
            Ok(len)
        })
    }

    /// `fd_seek`: moves the position of an open file. It may lie behind the end.
    pub fn fd_seek(&mut self, fd: u32, offset: i64, whence: u32, out: u32) -> Result<(), Failure> {
        match self.descriptor(fd)? {
            Descriptor::Stdin | Descriptor::Output(_) => return Err(Errno::Spipe.into()),
            Descriptor::Root => return Err(Errno::Isdir.into()),
            Descriptor::Slot(_) => {}
        }
        let file = self.file(fd)?;
        if file.node == Node::Directory {
            return Err(Errno::Isdir.into());
        }
        let base = match whence {
            0 => 0,
            1 => file.position,
            2 => file.node.size(),
            _ => return Err(Errno::Inval.into()),
        };
        // What the guest's C library could not say as a signed number is none.
        let position = base
            .checked_add_signed(offset)
            .filter(|at| i64::try_from(*at).is_ok());
        let position = position.ok_or(Errno::Inval)?;
        file.position = position;
        Ok(self.machine.write_u64(out, position)?)
    }

    /// `fd_tell`: the position of an open file.
    pub fn fd_tell(&mut self, fd: u32, out: u32) -> Result<(), Failure> {
        self.fd_seek(fd, 0, 1, out)
    }
}
