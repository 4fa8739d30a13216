//! Tests that the documents say of limits, faults and errors what the tables say.

use belljar_contract::caps::{
    DISPLAY_BYTES, DISPLAY_ITEM_BYTES, DISPLAY_ITEMS, ITEMS, RESULT_BYTES, SCRIPT_BYTES,
};
use belljar_contract::{ErrorType, FaultKind, Limit, Limits};
use std::fs;
use std::path::Path;

fn read(path: &str) -> String {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The rows of a document's tables, each as its cells.
fn rows(document: &str) -> Vec<Vec<&str>> {
    let rows = document.lines().filter_map(|line| {
        let cells = line.strip_prefix('|')?.strip_suffix('|')?;
        Some(cells.split('|').map(str::trim).collect())
    });
    rows.collect()
}

/// The words in backquotes of a cell.
fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// A number as the documents have it: `1,048,576`.
fn with_commas(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[test]
fn the_limits_are_documented_with_their_defaults_and_faults() {
    let document = read("docs/limits.md");
    let rows = rows(&document);
    for limit in Limit::ALL {
        let facts = limit.facts();
        let row = rows
            .iter()
            .find(|row| quoted(row[0]) == [limit.name()])
            .unwrap_or_else(|| panic!("docs/limits.md has no row for {limit}"));
        let default = with_commas(facts.default);
        assert!(row[2].starts_with(&default), "{limit}: {}", row[2]);
        let ends = quoted(row[3]);
        assert!(ends.contains(&facts.fault.name()), "{limit}: {}", row[3]);
    }
    for (name, numbers) in [
        ("script", &[SCRIPT_BYTES][..]),
        ("result", &[RESULT_BYTES]),
        ("`args`, `env`", &[ITEMS]),
        (
            "display",
            &[DISPLAY_ITEMS, DISPLAY_ITEM_BYTES, DISPLAY_BYTES],
        ),
    ] {
        let row = rows.iter().find(|row| row[0] == name);
        let row = row.unwrap_or_else(|| panic!("docs/limits.md has no row for {name}"));
        for number in numbers {
            let number = with_commas(*number as u64);
            assert!(row[2].contains(&number), "{name}: {} in {}", number, row[2]);
        }
    }
}

#[test]
fn the_settings_of_limits_have_the_tables_defaults() {
    let document = read("docs/configuration.md");
    let rows = rows(&document);
    for limit in Limit::ALL {
        for (prefix, table) in [("default", "default"), ("max", "maximum")] {
            let row = rows
                .iter()
                .find(|row| row.len() > 3 && row[2] == format!("`limits.{table}.{limit}`"))
                .unwrap_or_else(|| panic!("docs/configuration.md has no limits.{table}.{limit}"));
            let flag = format!("`--{prefix}-{}`", limit.name().replace('_', "-"));
            assert_eq!(row[0], flag);
            assert_eq!(row[3], limit.facts().default.to_string(), "{flag}");
        }
    }
}

/// A row of such a table can name several errors, and then either one status or one for each.
fn assert_documented(path: &str, status_cell: usize, error_cell: usize, errors: &[ErrorType]) {
    let document = read(path);
    let rows = rows(&document);
    for error in errors {
        let row = rows
            .iter()
            .find(|row| row.len() > error_cell && quoted(row[error_cell]).contains(&error.name()))
            .unwrap_or_else(|| panic!("{path} has no {error}"));
        let at = quoted(row[error_cell])
            .iter()
            .position(|name| *name == error.name())
            .unwrap_or_default();
        let statuses: Vec<&str> = row[status_cell].split(", ").collect();
        let status = statuses.get(at).unwrap_or(&statuses[0]);
        assert_eq!(*status, error.status().to_string(), "{path}: {error}");
    }
}

#[test]
fn every_error_of_the_http_api_is_in_the_readme() {
    let errors: Vec<ErrorType> = ErrorType::all()
        .filter(|error| *error != ErrorType::Unauthorized)
        .collect();
    assert_documented("README.md", 2, 0, &errors);
}

#[test]
fn the_executor_protocols_document_has_its_faults_errors_and_limits() {
    let document = read("docs/executor-protocol.md");
    let (_, list) = document
        .split_once("A fault's `kind` is one of ")
        .expect("the list of kinds");
    let (list, _) = list.split_once(": the").expect("the end of the list");
    let mut found = quoted(list);
    let mut expected: Vec<&str> = FaultKind::ALL
        .into_iter()
        // A rejection there.
        .filter(|kind| *kind != FaultKind::Internal)
        .map(FaultKind::name)
        .collect();
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected);

    let errors = [
        ErrorType::InvalidRequest,
        ErrorType::MissingScript,
        ErrorType::ScriptTooLarge,
        ErrorType::Unauthorized,
        ErrorType::NotFound,
        ErrorType::MethodNotAllowed,
        ErrorType::RequestTimeout,
        ErrorType::RequestTooLarge,
        ErrorType::UriTooLong,
        ErrorType::HeadersTooLarge,
        ErrorType::Overloaded,
        ErrorType::Unavailable,
    ];
    assert_documented("docs/executor-protocol.md", 0, 1, &errors);

    let limits = document
        .lines()
        .filter_map(|line| line.trim().split_once("_limits\": ")?.1.strip_suffix(','))
        .map(|json| serde_json::from_str(json).expect("limits"));
    let limits: Vec<Limits> = limits.collect();
    assert_eq!(limits.len(), 2);
    for limit in Limit::ALL {
        for shown in limits.iter().filter_map(|limits| limits.get(limit)) {
            assert_eq!(shown, limit.facts().default, "{limit}");
        }
    }
}

#[test]
fn the_harness_reports_what_the_table_says_it_does() {
    let sources = ["faults.py", "function_mode.py"]
        .map(|name| read(&format!("python-runtime/harness/belljar/{name}")));
    let sources = sources.concat();
    for kind in FaultKind::ALL {
        let is_reported = kind.is_reported() || kind == FaultKind::Internal;
        let name = kind.name();
        // As an argument of `fault`, or as its JSON.
        let found = sources.contains(&format!("fault(\"{name}\""))
            || sources.contains(&format!("fault(\n            \"{name}\""))
            || sources.contains(&format!("\"kind\":\"{name}\""))
            || sources.contains(&format!("\n                \"{name}\","));
        assert_eq!(found, is_reported, "{kind}");
    }
}
