//! The judgement of a program that others wrote on the API.

use crate::server;
use belljar_tests::schemathesis;

#[test]
fn schemathesis_finds_nothing_wrong() {
    let report =
        schemathesis::judge(server().url()).unwrap_or_else(|problems| panic!("{problems}"));
    // It would also be content if there were nothing to test.
    for phase in ["Examples", "Coverage", "Fuzzing"] {
        assert!(report.contains(&format!("\u{2705}  {phase}")), "{report}");
    }
    let count = |label: &str| {
        let line = report.lines().find(|line| line.contains(label));
        let numbers = line
            .unwrap_or_default()
            .split(|c: char| !c.is_ascii_digit());
        let mut numbers = numbers.filter_map(|number| number.parse::<u32>().ok());
        numbers.next().unwrap_or_default()
    };
    assert!(count("Tested:") >= 6, "{report}");
    assert!(count("generated,") >= 200, "{report}");
}
