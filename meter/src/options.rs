//! The options of the pass.

use crate::{
    costs::CostModel,
    host::{FLOOR_EXPORT, FUEL_EXPORT},
};

/// The way in which a module is to be metered. The [verifier](fn@crate::verify) takes the same
/// options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The name under which the counter is exported, a mutable global of type `i64`.
    ///
    /// It is out of reach of the module's own code: the pass gives it an index that the code does
    /// not use, and the verifier proves that only checks use it.
    pub fuel: String,
    /// The name under which the floor is exported, a memory of one page. The host can
    /// [interrupt](crate::host) a run by raising the floor, from any thread. Without a floor, checks
    /// are a little smaller, and nothing can stop a run before its fuel is used up.
    ///
    /// (The counter itself would not do for that. Engines have no public way to write a global while
    /// the module runs, and what is written would be overwritten by the next check; see the
    /// comments in `checks.rs`.)
    pub floor: Option<String>,
    /// The name under which the *stop function* is exported, which only traps, and which is the
    /// module's last. A host that has a signal handler can [send a running thread
    /// there](crate::host) from wherever in the module it is. Then most checks need not look at the
    /// floor, and are cheaper: only those at instructions that keep the engine busy outside of the
    /// module's code do, the bulk instructions and those that throw.
    pub stop: Option<String>,
    /// The action of a check that finds the counter below the floor.
    pub slow_path: SlowPath,
    /// A limit for the module's memory, beside what the engine allows. `None` leaves the memory and
    /// its growth as they are.
    pub memory: Option<MemoryLimit>,
    /// The value of the counter when an instance is made.
    ///
    /// With the default of zero nothing runs until the host has set it, which is the safe choice.
    /// A module with a `start` function needs more, because that runs before the host can.
    pub initial_fuel: u32,
    /// The treatment of custom sections.
    pub custom_sections: CustomSections,
    /// The prices of instructions and the bounds on paths.
    pub costs: CostModel,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            fuel: FUEL_EXPORT.to_owned(),
            floor: Some(FLOOR_EXPORT.to_owned()),
            stop: None,
            slow_path: SlowPath::Trap,
            memory: None,
            initial_fuel: 0,
            custom_sections: CustomSections::default(),
            costs: CostModel::default(),
        }
    }
}

/// The reaction of a check that finds the counter below the floor. All but [`Ask`](Self::Ask) never come
/// back to the code that was checked, which is what makes checks cheap: nothing has to be kept for a
/// return.
///
/// A trap and a hook leave the counter as it is. The others set it to [`STOPPED`](crate::host::STOPPED)
/// first: code that catches an exception goes on to the next check with it, and the counter could
/// otherwise be charged below zero again and again until it wraps around.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SlowPath {
    /// Executes `unreachable`.
    Trap,
    /// Throws an exception without a payload. Code that catches every exception catches this one
    /// too, but every check on its way throws it again.
    Throw(StopTag),
    /// Calls an imported function that takes nothing, returns nothing, and must not return; should
    /// it do so nevertheless, the code traps.
    Call {
        /// The import's module.
        module: String,
        /// The import's name.
        name: String,
    },
    /// Calls a *hook*: what the host has put into a table of one function, which takes nothing and
    /// returns nothing. For hosts that can only interrupt a run by giving out its fuel in slices. If
    /// the hook returns, the run goes on, provided that it has raised the counter to zero or above;
    /// otherwise the code traps, as it does while the table is empty.
    Ask {
        /// The name the table is exported under. It is out of reach of the module's own code.
        hook: String,
    },
}

/// A limit for the memory of a module that defines exactly one.
///
/// Every `memory.grow` that would take the memory above it fails, as it would on a machine with that
/// much memory, and costs what it costs when it fails for any other reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemoryLimit {
    /// The name under which the limit of a run is exported, a mutable global of type `i32`: pages of
    /// 64 KiB. The host sets it before a run; it starts at zero, so that nothing grows until then. It
    /// is out of reach of the module's own code.
    pub pages: String,
    /// The name under which a mutable global of type `i32` is exported that becomes 1 when the limit
    /// has refused anything.
    pub refused: String,
    /// The most pages that the memory can have, whatever the limit of a run is. The memory is
    /// declared with this maximum, unless it has a lower one.
    pub maximum: u32,
}

/// The tag of the exception that [`SlowPath::Throw`] throws.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StopTag {
    /// A tag that the module imports.
    Import {
        /// The import's module.
        module: String,
        /// The import's name.
        name: String,
    },
    /// A tag that the pass adds to the module.
    Define {
        /// The name the tag is exported under.
        export: String,
    },
}

/// The treatment of custom sections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CustomSections {
    /// All are dropped.
    #[default]
    Drop,
    /// Those that stay true are kept: `name`, `producers` and `target_features`. Nothing is
    /// renumbered, so names of functions still fit. Others may refer to positions in the code,
    /// which change, and are dropped.
    Keep,
}
