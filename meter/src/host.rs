//! The host's part: setting, reading and interrupting a metered module.
//!
//! The counter holds the units of fuel that are left, as a signed 64-bit number. It is a global
//! that the module exports under the name of [`Options::fuel`](crate::Options::fuel).
//!
//! **Set** it before a run, to whatever is not negative. (A `start` function runs before the host
//! can do that, and uses [`Options::initial_fuel`](crate::Options::initial_fuel).)
//!
//! **Read** it after a run. What was set minus what is left is what the run has spent, exactly. A
//! value below zero means that the fuel was used up. Look at it also if the run has returned: code
//! that catches every exception can return normally after a check has thrown. Nothing is metered
//! while a host function runs, but it may refuse to work for a module whose counter is below zero.
//!
//! **Interrupt** a run in one of two ways.
//!
//! *By the floor.* Write [`INTERRUPT`] to the first eight bytes, little endian, of the memory that is
//! exported under the name of [`Options::floor`](crate::Options::floor); from any thread, once. Every
//! check that follows takes the slow path. This takes the host to know the memory's address
//! (Wasmtime has `Memory::data_ptr`). The memory does not grow, so it stays where it is as long as
//! the instance lives. Use an atomic store: the module's own accesses are plain loads of eight
//! aligned bytes, which do not tear on any processor of today. If checks trap, the counter still
//! tells what was spent. Set the floor to zero again before the next run, unless the instance is
//! a new one. Never set it below zero.
//!
//! *By the stop function*, which saves most checks the look at the floor. Have the thread that executes
//! the module interrupted by a signal; and if it is in machine code of one of the module's
//! functions just then, let it go on at the trapping instruction of the function that is exported under
//! the name of [`Options::stop`](crate::Options::stop). For the engine, the run traps there. This
//! takes an engine that can end a run by a trap at any instruction (Wasmtime does: it unwinds to where
//! the module was entered, and asks nothing of the code that trapped), and a host that tells the
//! module's functions from what the engine puts around them (Wasmtime has `Module::functions`). A
//! thread that is elsewhere has to be sent the signal again. Raise the floor as well: where a module
//! keeps the engine busy, with bulk instructions or exceptions, its own code hardly ever runs, and
//! checks at these instructions do look at the floor.
//!
//! **Ask.** A host that can do neither gives out the fuel in slices, and meters with
//! [`SlowPath::Ask`](crate::SlowPath::Ask). It puts a function into the table that is exported under
//! that name, and sets the counter to the first slice. A check that finds the counter below zero (or below the
//! floor) calls the function, which ends the run as it can, or adds the next slice to the counter and
//! returns. It has to add enough to make the counter zero or more; the run traps otherwise. It must not
//! call the module. What was given in all minus what is left is what the run has spent.
//!
//! **Limit the memory** of a run with [`Options::memory`](crate::Options::memory): set the global for the pages before
//! it, and the one for refusals to zero. What the host itself grows the memory by is not limited.
//!
//! If a run was interrupted when its fuel was used up as well, both can be told: the host knows that
//! it has interrupted it, and the counter is below zero.
//!
//! Between two checks there are at most some ten thousand instructions, a strip of iterations that
//! are about as many units as [`CostModel::strip`](crate::CostModel::strip), or a chunk of 256 KiB
//! being moved, besides what is left to run of the functions that are returned from. What the meter
//! does not bound is what the host itself does when it is called.
//!
//! After a trap or an interrupt, drop the instance. Its memory may be in the middle of a change.

/// The name of the counter's export, unless [`Options::fuel`](crate::Options::fuel) says otherwise.
pub const FUEL_EXPORT: &str = "belljar_fuel";

/// The name of the floor's export, unless [`Options::floor`](crate::Options::floor) says otherwise.
pub const FLOOR_EXPORT: &str = "belljar_floor";

/// The name of the stop function's export that hosts agree on.
pub const STOP_EXPORT: &str = "belljar_stop";

/// The most fuel a run can be given: one less than what interrupts it.
pub const MAX_FUEL: u64 = (INTERRUPT - 1).cast_unsigned();

/// The value to write to the floor to interrupt a run: no counter reaches it.
pub const INTERRUPT: i64 = i64::MAX;

/// The value of the counter after a check that throws or calls the host.
pub const STOPPED: i64 = -1;
