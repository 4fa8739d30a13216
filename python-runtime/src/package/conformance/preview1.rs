//! The cases of the suite.

use super::component::{component, execute, exports, field, fuel, shim, stdout};
use crate::package::glue::Imports;
use belljar_engine::{Cause, EngineSettings, Stop, Stream};
use belljar_surface_conformance as conformance;
use belljar_surface_conformance::{Case, Ending, Observed};
use wasmtime::component::Val;

/// The part of a run that is seen in its outcome.
fn observed(outcome: &Val) -> Observed {
    let ending = match field(outcome, "completion") {
        Val::Variant(case, Some(code)) if case == "exited" => match **code {
            Val::S32(code) => Ending::Stopped(Stop::Exit(code)),
            ref other => panic!("{other:?} is no status"),
        },
        Val::Variant(_, Some(fault)) => {
            let (kind, message) = (field(fault, "kind"), field(fault, "message"));
            match (kind, message) {
                (Val::Enum(kind), _) if kind == "timeout" => {
                    Ending::Stopped(Stop::Interrupted(Cause::Timeout))
                }
                (Val::Enum(kind), _) if kind == "fuel-exhausted" => {
                    Ending::Stopped(Stop::OutOfFuel)
                }
                (Val::Enum(kind), _) if kind == "output-exceeded" => {
                    let stdout = Val::Flags(vec!["stdout".to_owned()]);
                    let stream = match *field(outcome, "truncated") == stdout {
                        true => Stream::Stdout,
                        false => Stream::Stderr,
                    };
                    Ending::Stopped(Stop::OutputExceeded(stream))
                }
                // A guest of ours has no answer to give.
                (_, Val::String(message)) if message.contains("gave no answer") => Ending::Returned,
                _ => panic!("{fault:?}"),
            }
        }
        other => panic!("{other:?}"),
    };
    Observed {
        stdout: stdout(outcome),
        fuel: fuel(outcome),
        ending,
    }
}

#[test]
fn an_interpreter_is_answered_as_the_surface_answers() {
    let Some(shim) = shim() else { return };
    let engine = EngineSettings::preparation().engine().unwrap();
    let pack = conformance::pack();
    let differ = |case: &Case| {
        let guest = case.guest(&exports());
        let component = component(&shim, &pack, &guest, Imports::Preview1);
        let outcome = execute(&engine, &component);
        case.differences(&observed(&outcome))
    };
    // Each is compiled anew, which takes half a second.
    let cases = conformance::all();
    let (one, other) = cases.split_at(cases.len() / 2);
    let differences: Vec<_> = std::thread::scope(|scope| {
        let other = scope.spawn(|| other.iter().flat_map(differ).collect::<Vec<_>>());
        let one = one.iter().flat_map(differ).collect::<Vec<_>>();
        [one, other.join().unwrap()].concat()
    });
    assert!(differences.is_empty(), "{differences:#?}");
}
