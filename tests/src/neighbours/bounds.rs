//! What a server may take of memory, whoever asks for what.

/// What the server process may take, over what it has when nobody asks for anything: the 256 MiB of
/// `--http-memory-bytes` for bodies and answers, as much again for what is made of them, and the 64
/// MiB of the queue.
pub const SERVER_PEAK_BYTES: u64 = (256 + 256 + 64) << 20;

/// What it may keep of that afterwards: an allocator gives back whole pages only, and not all at
/// once.
pub const SERVER_KEPT_BYTES: u64 = 64 << 20;
