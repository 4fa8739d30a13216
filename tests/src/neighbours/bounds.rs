//! What a server may take of memory, whoever asks for what.

/// What the server process may take, over what it has when nobody asks for anything: bodies,
/// answers and events that it keeps for others.
pub const SERVER_PEAK_BYTES: u64 = 320 << 20;

/// What it may keep of that afterwards.
pub const SERVER_KEPT_BYTES: u64 = 64 << 20;
