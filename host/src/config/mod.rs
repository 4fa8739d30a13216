//! The settings of a server, and its defaults.
//!
//! A setting comes from a flag, else from the environment (`BELLJAR_…`), else from the TOML file
//! that `--config` names, else from the defaults in [`settings`]. [`load`] puts them together, so that
//! there is one [`Config`], typed, and `--print-config` can show it.

mod flags;
mod limit_flags;
mod limits;
mod load;
mod settings;

pub use flags::{ExecutorFlags, ServeFlags};
pub use limit_flags::{LimitFlags, OfScript, Purpose};
pub use limits::Limits;
pub use load::{ConfigError, load};
pub use settings::{Config, Executor, Front, Http, Log, LogFormat, LogLevel, Pool};
