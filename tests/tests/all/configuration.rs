//! docs/configuration.md says what there is to set, and nothing else.

use belljar::{Limit, LimitValues};
use belljar_contract::caps::INTERPRETER_MIB;
use belljar_tests::{Cli, script};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use toml::{Table, Value};

/// The defaults and the interpreter's size are so as `--help` and the documents say.
#[test]
fn numbers_that_the_program_knows_are_right_where_they_are_told() {
    let defaults = LimitValues::default();
    let answer: serde_json::Value =
        serde_json::from_str(&script("def main(): return 1").run().body()).unwrap();
    let interpreter = answer["usage"]["memory_bytes"].as_u64().unwrap() >> 20;
    let document = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../docs")
            .join(name);
        fs::read_to_string(path).unwrap()
    };
    // Lines are wrapped.
    let of_help = |command: &str| {
        let help = Cli::new([command, "--help"]).run().exits_with(0).stdout;
        help.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    for (place, text) in [
        ("belljar run --help", of_help("run")),
        ("belljar serve --help", of_help("serve")),
        ("docs/limits.md", document("limits.md").replace(',', "")),
    ] {
        for number in defaults.to_array() {
            assert!(
                text.contains(&number.to_string()),
                "{place} does not say {number}"
            );
        }
        let told: u64 = text
            .split("the interpreter's own ")
            .nth(1)
            .and_then(|rest| rest.split(' ').next())
            .and_then(|number| number.parse().ok())
            .expect("how much memory the interpreter has");
        assert_eq!(told, INTERPRETER_MIB, "{place}");
    }
    // The other documents have their numbers from constants, too (`cargo xtask tidy`).
    assert!(
        INTERPRETER_MIB.abs_diff(interpreter) <= 4,
        "{INTERPRETER_MIB} MiB instead of {interpreter}"
    );
}

#[test]
fn a_front_that_is_not_there_is_refused_by_name() {
    for command in [
        "--component=/no/such/front.wasm",
        "--component=/proc/version",
    ] {
        let path = command.split('=').nth(1).unwrap();
        let serve = Cli::new(["serve", command, "--listen", "127.0.0.1:0"]);
        serve.run().refuses(path);
    }
}

/// A row of one of the tables.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Setting {
    flag: String,
    variable: String,
    key: String,
    default: String,
}

/// The rows of the tables for this command, in order.
fn documented(command: &str) -> Vec<Setting> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/configuration.md");
    let document = fs::read_to_string(path).unwrap();
    let mut applies = false;
    let mut settings = Vec::new();
    for line in document.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            applies = title.contains(&format!("`belljar {command}`"));
        }
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        if let [_, flag, variable, key, default, ..] = cells.as_slice()
            && applies
            && flag.starts_with("`--")
        {
            let bare = |cell: &str| cell.trim_matches('`').to_owned();
            settings.push(Setting {
                flag: bare(flag),
                variable: bare(variable),
                key: bare(key),
                default: bare(default),
            });
        }
    }
    settings
}

/// The settings that `--print-config` prints, as keys with dots.
fn printed(
    command: &str,
    arguments: &[&str],
    variables: &[(&str, &str)],
) -> BTreeMap<String, Value> {
    let mut cli = Cli::new([command, "--print-config"])
        .without_settings()
        .args(arguments);
    for (name, value) in variables {
        cli = cli.env(name, value);
    }
    let run = cli.run().exits_with(0);
    let table: Table = run.stdout.parse().expect("TOML");
    let mut flat = BTreeMap::new();
    flatten("", table, &mut flat);
    flat
}

fn flatten(prefix: &str, table: Table, flat: &mut BTreeMap<String, Value>) {
    for (key, value) in table {
        match value {
            Value::Table(inner) => flatten(&format!("{prefix}{key}."), inner, flat),
            value => drop(flat.insert(format!("{prefix}{key}"), value)),
        }
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

#[test]
fn every_flag_and_variable_is_in_the_table_and_no_other() {
    for command in ["serve", "executor"] {
        let help = Cli::new([command, "--help"]).without_settings().run();
        // Six spaces: examples below have fewer.
        let flags: BTreeSet<String> = help
            .stdout
            .lines()
            .filter_map(|line| line.strip_prefix("      --")?.split(' ').next())
            .map(|name| format!("--{name}"))
            .filter(|flag| !["--config", "--print-config"].contains(&flag.as_str()))
            .collect();
        let variables: BTreeSet<String> = help
            .stdout
            .lines()
            .filter_map(|line| line.trim_start().strip_prefix("[env: ")?.split('=').next())
            .filter(|name| *name != "BELLJAR_CONFIG")
            .map(str::to_owned)
            .collect();
        let table = documented(command);
        assert!(table.len() >= 20, "only {} rows", table.len());
        let of_table = |cell: fn(&Setting) -> &String| table.iter().map(cell).cloned().collect();
        assert_eq!(flags, of_table(|setting| &setting.flag));
        assert_eq!(variables, of_table(|setting| &setting.variable));
    }
}

#[test]
fn the_help_of_a_limit_is_that_of_the_contracts_table() {
    for (command, prefixes) in [
        ("run", &[""][..]),
        ("serve", &["default-", "max-"]),
        ("executor", &["default-", "max-"]),
    ] {
        let help = Cli::new([command, "--help"]).without_settings().run();
        // Lines are wrapped.
        let words: Vec<&str> = help.stdout.split_whitespace().collect();
        let text = words.join(" ");
        for limit in Limit::ALL {
            let facts = limit.facts();
            for prefix in prefixes {
                let flag = limit.name().replace('_', "-");
                let expected = format!(
                    "--{prefix}{flag} <{}> {} [default: {}]",
                    facts.unit.placeholder(),
                    facts.help,
                    facts.default
                );
                assert!(text.contains(&expected), "{command}: {expected}\n{text}");
            }
        }
    }
}

#[test]
fn defaults_are_what_the_table_says() {
    for command in ["serve", "executor"] {
        let printed = printed(command, &[], &[]);
        let table = documented(command);
        for Setting { key, default, .. } in &table {
            let found = printed.get(key).map(text);
            match (default.as_str(), key.as_str()) {
                ("none", _) => assert_eq!(found, None, "{key}"),
                // Of this machine.
                (_, "pool.workers" | "pool.sandboxes") => assert!(found.is_some(), "{key}"),
                (_, "http.listen") if command == "executor" => {
                    assert_eq!(found.as_deref(), Some("127.0.0.1:8001"));
                }
                _ => assert_eq!(found.as_ref(), Some(default), "{key}"),
            }
        }
        for key in printed.keys().filter(|key| !key.starts_with("front.")) {
            assert!(table.iter().any(|setting| setting.key == *key), "{key}");
        }
    }
}

#[test]
fn flag_and_variable_set_the_key_beside_them() {
    for command in ["serve", "executor"] {
        let defaults = printed(command, &[], &[]);
        for setting in documented(command) {
            let Setting {
                flag,
                variable,
                key,
                ..
            } = &setting;
            let value = match key.as_str() {
                "http.listen" | "http.admin_listen" => "127.0.0.1:4242",
                "http.client_header" => "x-client",
                "log.format" => "json",
                "log.level" => "debug",
                "front.cors_allow_origins" | "front.frame_ancestors" => "https://a.example",
                "http.allowed_hosts" => "a.example",
                // There is a least one.
                "http.memory_bytes" => "67108864",
                "front.component" | "pool.image" | "executor.token_file" => "/path",
                _ => "4242",
            };
            let by_flag = printed(command, &[&format!("{flag}={value}")], &[]);
            let by_variable = printed(command, &[], &[(variable, value)]);
            assert_eq!(by_flag, by_variable, "{flag}, {variable}");
            let changed: Vec<&String> = by_flag
                .iter()
                .filter(|(key, value)| defaults.get(*key) != Some(value))
                .map(|(key, _)| key)
                .collect();
            assert_eq!(changed, [key], "{flag}");
            assert!(text(&by_flag[key]).contains(value), "{flag}");
        }
    }
}
