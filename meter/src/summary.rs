//! The result of the pass, in numbers.

use std::{fmt, ops::AddAssign};

/// The numbers of what the pass has done to a module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Summary {
    /// The functions the module defines.
    pub functions: u64,
    /// The checks that were put in, by where they are.
    pub placed: Placed,
    /// Functions added to the module, which copy and fill memory in chunks.
    pub helpers: u64,
    /// The size of the module before.
    pub bytes_before: u64,
    /// The size of the module after.
    pub bytes_after: u64,
}

/// Numbers of checks, by where they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Placed {
    /// At the entry of a function.
    pub guards: u64,
    /// In the middle of a path that has grown too long to be charged in one piece.
    pub splits: u64,
    /// At the header of a loop.
    pub loop_headers: u64,
    /// At a branch back to a loop's header.
    pub back_edges: u64,
    /// Before a strip of iterations of a counted loop, an innermost loop whose number of
    /// iterations is known when it starts.
    pub counted_loops: u64,
    /// At a bulk instruction, for its length. This includes calls of the helpers.
    pub bulk: u64,
    /// Before an instruction that throws.
    pub throws: u64,
}

impl AddAssign for Placed {
    fn add_assign(&mut self, other: Self) {
        self.guards += other.guards;
        self.splits += other.splits;
        self.loop_headers += other.loop_headers;
        self.back_edges += other.back_edges;
        self.counted_loops += other.counted_loops;
        self.bulk += other.bulk;
        self.throws += other.throws;
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Placed {
            guards,
            splits,
            loop_headers,
            back_edges,
            counted_loops,
            bulk,
            throws,
        } = self.placed;
        write!(
            f,
            "{} functions, {guards} of them with a check at the entry; checks on {back_edges} back \
             edges, at {loop_headers} loop headers and in {splits} long paths; {counted_loops} \
             counted loops in strips; {bulk} bulk instructions charged by length, with {} helper \
             functions; {throws} throws charged on the spot; {} -> {} bytes",
            self.functions, self.helpers, self.bytes_before, self.bytes_after,
        )
    }
}
