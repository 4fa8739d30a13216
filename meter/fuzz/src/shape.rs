//! The shape of random programs: the parts that every one has, and those that it may have.

/// The number of a program's functions.
pub const FUNCTIONS: u32 = 6;
/// The most times around loops and into functions of a program that ends.
pub const TURNS: i32 = 1_000;

/// The globals: the turns that are left, and something to compute with.
pub const TURNS_LEFT: u32 = 0;
/// See [`TURNS_LEFT`].
pub const STATE: u32 = 1;

/// The features that a program may have.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// Exceptions, which not every engine has.
    pub exceptions: bool,
    /// `true` if it ends: every way around a loop and every call takes one from a global, and traps
    /// when that is used up.
    pub ends: bool,
}
