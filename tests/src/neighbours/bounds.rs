//! Bounds on a server's memory, whoever asks for what.

/// The most that the server process may take, over what it has when nobody asks for anything: the
/// 256 MiB of `--http-memory-bytes` for bodies and answers, as much again for what is made of them,
/// and the 64 MiB of the queue.
pub const SERVER_PEAK_BYTES: u64 = (256 + 256 + 64) << 20;

/// The most that it may keep of that afterwards. An allocator gives back whole pages only, and not all
/// at once: 32 MiB. And each instance of the front that was needed at once keeps 512 KiB for the next:
/// the attacks have 200 connections at work, and some.
pub const SERVER_KEPT_BYTES: u64 = (32 + 128) << 20;
