//! The flags and variables of limits, made from their table.

use belljar_contract::{Limit, Limits};
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, value_parser};
use serde::Serialize;

/// What the flags of limits are for.
pub trait Purpose {
    /// What the flag of a limit begins with, as in `--max-fuel`; empty for the limit's own name.
    const PREFIX: &'static str;
    /// The heading above them, if they have one.
    const HEADING: Option<&'static str>;
    /// Whether there is a variable for each.
    const HAS_VARIABLES: bool;
}

/// Limits of a script that asks for none.
#[derive(Debug, Clone, Default)]
pub(super) struct ByDefault;

impl Purpose for ByDefault {
    const PREFIX: &'static str = "default";
    const HEADING: Option<&'static str> = Some("Limits of a script that asks for none");
    const HAS_VARIABLES: bool = true;
}

/// Limits that a request may ask for.
#[derive(Debug, Clone, Default)]
pub(super) struct AtMost;

impl Purpose for AtMost {
    const PREFIX: &'static str = "max";
    const HEADING: Option<&'static str> = Some("Limits that a request may ask for");
    const HAS_VARIABLES: bool = true;
}

/// Limits of the one script that is run.
#[derive(Debug, Clone, Default)]
pub struct OfScript;

impl Purpose for OfScript {
    const PREFIX: &'static str = "";
    const HEADING: Option<&'static str> = None;
    const HAS_VARIABLES: bool = false;
}

/// The limits that flags give.
#[derive(Debug, Clone, Copy, Default, Serialize)]
#[serde(transparent)]
pub struct LimitFlags<P> {
    /// Those that were given.
    pub limits: Limits,
    #[serde(skip)]
    purpose: std::marker::PhantomData<P>,
}

/// The identifier of a limit's flag: `max_fuel`.
fn id<P: Purpose>(limit: Limit) -> String {
    match P::PREFIX {
        "" => limit.name().to_owned(),
        prefix => format!("{prefix}_{limit}"),
    }
}

fn flag<P: Purpose>(limit: Limit) -> Arg {
    let (id, facts) = (id::<P>(limit), limit.facts());
    let variable = format!("BELLJAR_{}", id.to_uppercase());
    let mut flag = Arg::new(id.clone())
        .long(id.replace('_', "-"))
        .value_name(facts.unit.placeholder())
        .value_parser(value_parser!(u64))
        .help(format!("{} [default: {}]", facts.help, facts.default));
    if let Some(heading) = P::HEADING {
        flag = flag.help_heading(heading);
    }
    if P::HAS_VARIABLES {
        flag = flag.env(variable);
    }
    flag
}

impl<P: Purpose> Args for LimitFlags<P> {
    fn augment_args(command: Command) -> Command {
        command.args(Limit::ALL.map(flag::<P>))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<P: Purpose> FromArgMatches for LimitFlags<P> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut limits = Limits::default();
        for limit in Limit::ALL {
            limits.set(limit, matches.get_one(&id::<P>(limit)).copied());
        }
        Ok(Self {
            limits,
            purpose: std::marker::PhantomData,
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
