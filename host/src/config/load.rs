//! One configuration out of four sources.

use super::settings::Config;
use crate::hosts::AllowedHosts;
use belljar_contract::Limit;
use serde::Serialize;
use std::fs;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// A configuration that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("could not read the configuration {}: {error}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The file says what we do not understand.
    #[error("the configuration {} is not valid: {}", path.display(), error.to_string().trim_end())]
    Parse {
        /// The file.
        path: PathBuf,
        /// Where and what: an unknown key is named, with those that there are.
        error: Box<toml::de::Error>,
    },
    /// A value makes no sense.
    #[error("{key}: expected {expected}")]
    Value {
        /// The setting.
        key: String,
        /// What it could be.
        expected: &'static str,
    },
    /// The parts do not fit together: a fault of ours.
    #[error("the configuration could not be put together: {0}")]
    Merge(String),
}

/// Puts together the defaults, the address to listen on if nobody says, the file, and what flags
/// and environment give.
///
/// # Errors
///
/// When the file cannot be read or has unknown keys, or a value makes no sense.
pub fn load(
    default_listen: &str,
    file: Option<&Path>,
    flags: &impl Serialize,
) -> Result<Config, ConfigError> {
    let merge = |error: &dyn std::fmt::Display| ConfigError::Merge(error.to_string());
    let mut table = Table::new();
    let mut http = Table::new();
    http.insert("listen".to_owned(), default_listen.into());
    table.insert("http".to_owned(), http.into());
    if let Some(path) = file {
        overlay(&mut table, read(path)?);
    }
    overlay(
        &mut table,
        Table::try_from(flags).map_err(|error| merge(&error))?,
    );
    let config: Config = table.try_into().map_err(|error| merge(&error))?;
    check(&config)?;
    Ok(config)
}

fn read(path: &Path) -> Result<Table, ConfigError> {
    let text = fs::read_to_string(path).map_err(|error| ConfigError::Read {
        path: path.to_owned(),
        error,
    })?;
    let invalid = |error| ConfigError::Parse {
        path: path.to_owned(),
        error: Box::new(error),
    };
    // Once for the errors, which name line and key, and once for what is there and what is not.
    toml::from_str::<Config>(&text).map_err(invalid)?;
    toml::from_str(&text).map_err(invalid)
}

/// Puts the values of `over` into `table`, tables within tables likewise.
fn overlay(table: &mut Table, over: Table) {
    for (key, value) in over {
        match (table.get_mut(&key), value) {
            (Some(Value::Table(below)), Value::Table(value)) => overlay(below, value),
            (_, value) => {
                table.insert(key, value);
            }
        }
    }
}

fn check(config: &Config) -> Result<(), ConfigError> {
    let positive = [
        ("pool.workers", u64::from(config.pool.workers)),
        ("pool.sandboxes", u64::from(config.pool.sandboxes)),
        (
            "http.max_connections",
            u64::from(config.http.max_connections),
        ),
        ("http.header_timeout_ms", config.http.header_timeout_ms),
        ("http.body_timeout_ms", config.http.body_timeout_ms),
        ("http.write_timeout_ms", config.http.write_timeout_ms),
        ("http.idle_timeout_ms", config.http.idle_timeout_ms),
    ];
    let refuse = |key: &str, expected| {
        let key = key.to_owned();
        Err(ConfigError::Value { key, expected })
    };
    if let Some((key, _)) = positive.into_iter().find(|(_, value)| *value == 0) {
        return refuse(key, "at least 1");
    }
    for (table, values) in [
        ("default", &config.limits.default),
        ("maximum", &config.limits.maximum),
    ] {
        if let Some(limit) = Limit::ALL.iter().find(|limit| values.get(**limit) == 0) {
            return refuse(&format!("limits.{table}.{limit}"), "at least 1");
        }
    }
    if config.http.header_bytes < 1024 {
        return refuse("http.header_bytes", "at least 1024");
    }
    if config.http.memory_bytes < LEAST_MEMORY_BYTES {
        return refuse("http.memory_bytes", "at least 33554432");
    }
    // The address does not matter for whether the names are names.
    if AllowedHosts::new(&config.http.allowed_hosts, IpAddr::V4(Ipv4Addr::LOCALHOST)).is_none() {
        return refuse(
            "http.allowed_hosts",
            "names or addresses, each with a port or without, or `*`",
        );
    }
    let sources = &config.front.frame_ancestors;
    if sources.is_empty() || !sources.iter().all(|source| is_frame_source(source)) {
        return refuse(
            "front.frame_ancestors",
            "origins like https://a.example, or `*`, or 'self', or 'none'",
        );
    }
    if config.limits.maximum.memory_bytes > Limit::MemoryBytes.facts().widest {
        return refuse("limits.maximum.memory_bytes", "at most 4294967296");
    }
    if let Some(name) = &config.http.client_header
        && hyper::header::HeaderName::from_bytes(name.as_bytes()).is_err()
    {
        return refuse("http.client_header", "the name of a header");
    }
    Ok(())
}

// Where the table of limits ends is where the engine does.
const _: () =
    assert!(Limit::MemoryBytes.facts().widest == belljar_engine::settings::MAX_MEMORY_BYTES as u64);

/// The least memory for bodies and answers, in bytes: the largest answer by default, for one client
/// alone, which gets half, with room to spare.
const LEAST_MEMORY_BYTES: usize = 32 << 20;

/// Whether this is a source, and nothing that ends the directive it goes into.
fn is_frame_source(text: &str) -> bool {
    let keyword = matches!(text, "*" | "'self'" | "'none'");
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b":/.-_*[]".contains(&byte);
    keyword || (!text.is_empty() && text.bytes().all(fits))
}

#[cfg(test)]
mod tests {
    use super::super::{ExecutorFlags, LogFormat, ServeFlags};
    use super::*;
    use clap::{Args, FromArgMatches};
    use std::io::Write;

    fn flags<F: Args + FromArgMatches>(arguments: &[&str]) -> F {
        let command = F::augment_args(clap::Command::new("belljar").no_binary_name(true));
        F::from_arg_matches(&command.try_get_matches_from(arguments).unwrap()).unwrap()
    }

    fn file(text: &str) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file
    }

    #[test]
    fn flags_win_over_the_file_and_the_file_over_defaults() {
        let file = file(
            "[http]\nlisten = \"127.0.0.1:1\"\nidle_timeout_ms = 5\n\
             [limits.maximum]\ntimeout_ms = 7\nfuel = 9\n[log]\nformat = \"json\"\n",
        );
        let flags: ServeFlags = flags(&["--listen", "127.0.0.1:2", "--max-timeout-ms", "8"]);
        let config = load("127.0.0.1:0", Some(file.path()), &flags).unwrap();
        assert_eq!(config.http.listen, "127.0.0.1:2");
        assert_eq!(config.http.idle_timeout_ms, 5);
        assert_eq!(config.limits.maximum.timeout_ms, 8);
        assert_eq!(config.limits.maximum.fuel, 9);
        assert_eq!(config.log.format, LogFormat::Json);
        assert_eq!(config.pool, Config::default().pool);
    }

    #[test]
    fn the_environment_stands_between_flags_and_the_file() {
        // What clap does for every field: checked here for the names, not by setting variables,
        // which a process with threads must not do.
        let command = ServeFlags::augment_args(clap::Command::new("belljar"));
        for argument in command.get_arguments() {
            let flag = argument.get_long().unwrap();
            let expected = format!("BELLJAR_{}", flag.replace('-', "_").to_uppercase());
            assert_eq!(argument.get_env().unwrap().to_str(), Some(&*expected));
        }
    }

    #[test]
    fn every_flag_is_a_setting() {
        let serve: ServeFlags = flags(&[
            "--listen=a:1",
            "--admin-listen=a:2",
            "--allowed-hosts=a.example,b.example:8000",
            "--max-connections=1",
            "--http-memory-bytes=33554432",
            "--header-bytes=1024",
            "--header-timeout-ms=1",
            "--body-timeout-ms=1",
            "--write-timeout-ms=1",
            "--idle-timeout-ms=1",
            "--shutdown-grace-ms=1",
            "--client-header=x-client",
            "--component=c",
            "--cors-allow-origins=https://a.example,https://b.example",
            "--frame-ancestors='self',https://a.example",
            "--workers=1",
            "--sandboxes=1",
            "--parked=1",
            "--parked-bytes=1",
            "--queue=1",
            "--queue-timeout-ms=1",
            "--image=i",
            "--default-timeout-ms=1",
            "--default-fuel=1",
            "--default-memory-bytes=1",
            "--default-output-bytes=1",
            "--max-timeout-ms=1",
            "--max-fuel=1",
            "--max-memory-bytes=1",
            "--max-output-bytes=1",
            "--log-format=json",
            "--log-level=debug",
        ]);
        let config = load("", None, &serve).unwrap();
        assert_eq!(config.front.cors_allow_origins.len(), 2);
        assert_eq!(config.front.frame_ancestors.len(), 2);
        assert_eq!(config.http.allowed_hosts.len(), 2);
        let executor: ExecutorFlags = flags(&["--token-file=t"]);
        let config = load("127.0.0.1:8001", None, &executor).unwrap();
        assert_eq!(config.executor.token_file.as_deref(), Some(Path::new("t")));
        assert_eq!(config.http.listen, "127.0.0.1:8001");
    }

    #[test]
    fn an_unknown_key_is_refused_by_name() {
        let file = file("[http]\nlisten_on = \"127.0.0.1:1\"\n");
        let error = load("", Some(file.path()), &ServeFlags::default()).unwrap_err();
        let message = error.to_string();
        assert!(message.contains("unknown field `listen_on`"), "{message}");
        assert!(message.contains("line 2"), "{message}");
    }

    #[test]
    fn a_value_that_makes_no_sense_is_refused() {
        for (flag, message) in [
            ("--workers=0", "pool.workers: expected at least 1"),
            ("--http-memory-bytes=1", "http.memory_bytes: expected at"),
            (
                "--allowed-hosts=http://x",
                "http.allowed_hosts: expected names",
            ),
            ("--frame-ancestors=*; x", "front.frame_ancestors: expected"),
            ("--frame-ancestors=", "front.frame_ancestors: expected"),
        ] {
            let flags: ServeFlags = flags(&[flag]);
            let error = load("", None, &flags).unwrap_err().to_string();
            assert!(error.starts_with(message), "{flag}: {error}");
        }
    }

    #[test]
    fn what_is_printed_is_what_is_read() {
        let text = toml::to_string(&Config::default()).unwrap();
        assert_eq!(toml::from_str::<Config>(&text).unwrap(), Config::default());
    }
}
