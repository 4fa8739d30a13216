//! The conformance cases on every composition, and what is different there: `differences.md`.

use crate::host::{Host, root};
use belljar_tests::conformance::{Answer, Case};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// The compositions, their manifests, and options for the host.
const COMPOSITIONS: [(&str, &str, &[&str]); 3] = [
    ("Spin", "spin.toml", &[]),
    (
        "Spin without exceptions",
        "spin.without-exceptions.toml",
        &["--without-exceptions"],
    ),
    ("Small edition", "spin.small.toml", &[]),
];

#[test]
fn cases_differ_where_the_table_says_so_and_nowhere_else() {
    let cases = Case::all();
    let mut differences: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (column, (_, manifest, options)) in COMPOSITIONS.iter().enumerate() {
        let host = Host::start(manifest, options);
        for case in &cases {
            let (route, body) = case.request.to_http(&case.script);
            let answer = host.ask(route, Some(&body));
            let kind = answer.error_type();
            let problems = case.problems(&Answer {
                status: answer.status,
                body: answer.text,
            });
            if !problems.is_empty() {
                println!("{}: {}", case.name, problems.join("\n"));
                let row = differences
                    .entry(&case.name)
                    .or_insert_with(|| vec![String::new(); COMPOSITIONS.len()]);
                row[column] = if kind.is_empty() {
                    "another answer".to_owned()
                } else {
                    kind
                };
            }
        }
    }
    let table = table(cases.len(), &differences);
    let made = root().join("target/spin/differences.md");
    fs::write(&made, &table).expect("target/spin");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("differences.md");
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        table == expected,
        "the table has changed: compare {} with {}, and copy it if it is right\n{table}",
        made.display(),
        path.display()
    );
}

fn table(cases: usize, differences: &BTreeMap<&str, Vec<String>>) -> String {
    let mut text = "# What differs from `belljar serve`\n\nMade by `cargo xtask test --test \
                    compositions`. An empty field is the answer that the case expects.\n\n| case |"
        .to_owned();
    // Writing to a string does not fail.
    for (name, _, _) in COMPOSITIONS {
        let _ = write!(text, " {name} |");
    }
    let _ = writeln!(text, "\n|---|{}", "---|".repeat(COMPOSITIONS.len()));
    for (case, row) in differences {
        let _ = writeln!(text, "| {case} | {} |", row.join(" | "));
    }
    let rest = cases - differences.len();
    let _ = writeln!(
        text,
        "| the other {rest} | {} |",
        [""; COMPOSITIONS.len()].join(" | ")
    );
    text
}
