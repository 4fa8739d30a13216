//! Attacks of one client, or many, on a server: each is a file, named after what it aims at.
//!
//! An [`Attack`] knows nothing of who else is there. It is given a [`Field`] and goes on until that
//! ends; the neighbour suite and the chaos run look at what becomes of the others meanwhile.

mod blame;
mod bodies;
mod churn;
mod connections;
mod deaths;
mod executor;
mod field;
mod frames;
mod hogs;
mod malformed;
mod networks;
mod queue;
mod readers;
mod script;
mod sleepers;
mod streams;
mod told;
mod unstoppable;

pub use field::{Field, From, give_way};
pub use script::{Malice, malices};

use std::time::Duration;

/// An attack.
#[derive(Debug, Clone, Copy)]
pub struct Attack {
    /// The name: a word for what it does.
    pub name: &'static str,
    /// The least time that it takes until it could have an effect.
    pub least: Duration,
    /// `true` if it ends workers itself, which no script and no client could.
    pub kills_workers: bool,
    /// `true` if another attack of its group shows nearly the same in less time.
    pub again: bool,
    /// The options of the server that it is meant for, beside the customary ones.
    pub options: &'static [&'static str],
    /// The attack itself, which goes on until the field ends.
    pub run: fn(&Field<'_>),
}

impl Attack {
    const fn new(name: &'static str, run: fn(&Field<'_>)) -> Self {
        Self {
            name,
            least: Duration::from_millis(1500),
            kills_workers: false,
            again: false,
            options: &[],
            run,
        }
    }

    /// The same, which takes a while until it could have an effect.
    const fn at_least_ms(self, ms: u64) -> Self {
        Self {
            least: Duration::from_millis(ms),
            ..self
        }
    }

    /// The same as a variant of another, for when there is time.
    const fn again(self) -> Self {
        Self {
            again: true,
            ..self
        }
    }

    const fn at_a_server_with(self, options: &'static [&'static str]) -> Self {
        Self { options, ..self }
    }

    const fn that_kills_workers(self) -> Self {
        Self {
            kills_workers: true,
            ..self
        }
    }

    /// All of them, by what they aim at.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        Self::groups().into_iter().flat_map(|(_, attacks)| attacks)
    }

    /// The same in groups, each with the name of what it aims at.
    pub fn groups() -> [(&'static str, &'static [Self]); 15] {
        [
            ("frames", frames::ATTACKS),
            ("unstoppable", unstoppable::ATTACKS),
            ("streams", streams::ATTACKS),
            ("sleepers", sleepers::ATTACKS),
            ("networks", networks::ATTACKS),
            ("queue", queue::ATTACKS),
            ("connections", connections::ATTACKS),
            ("bodies", bodies::ATTACKS),
            ("readers", readers::ATTACKS),
            ("deaths", deaths::ATTACKS),
            ("blame", blame::ATTACKS),
            ("told", told::ATTACKS),
            ("malformed", malformed::ATTACKS),
            ("churn", churn::ATTACKS),
            ("hogs", hogs::ATTACKS),
        ]
    }

    /// The attacks of a group.
    ///
    /// # Panics
    ///
    /// If there is no such group.
    pub fn group(name: &str) -> &'static [Self] {
        let groups = Self::groups();
        let found = groups.iter().find(|(group, _)| *group == name);
        found.unwrap_or_else(|| panic!("no attacks on {name}")).1
    }
}

pub use executor::before_the_token;
