//! A simulation of the pool: the machines of a server, with everything around them made up.
//!
//! A seed decides all that happens: how many workers and clients there are and how they behave, how
//! long bytes are on their way and in what pieces, when workers die, stand still or do not start, when
//! clients leave, and when the clock of the whole machine stands still. The machines are those of a
//! server and so are the bytes on the wire; the `world` drives them as `pool::driver` and
//! `pool::talk` do. A `judge` keeps books of its own, and stops the world when a promise is
//! broken.
//!
//! `BELLJAR_SIMULATION=SEED` runs one world again, `BELLJAR_SIMULATION=FIRST..LAST` as many as wanted.

mod agenda;
mod child;
mod doing;
mod judge;
mod nature;
mod random;
mod script;
mod seeds;
mod server;
mod world;
