//! Memory with a limit.

use belljar_meter::{MeterError, Options, meter};
use wasmtime::Val;

use crate::support::{self, AMPLE, End, Run, asking, interruptible, limited, metered, plain};

const GROWS: &str = "(module
    (memory (export \"memory\") 2)
    (func (export \"grow\") (param i32) (result i32) (memory.grow (local.get 0))))";

fn run(text: &str, options: &Options) -> Run {
    Run::new(&metered(text, options).0).expect("an instance")
}

fn set(run: &mut Run, name: &str, value: i32) {
    let global = (run.instance.get_global(&mut run.store, name)).expect("a global");
    global
        .set(&mut run.store, Val::I32(value))
        .expect("a mutable i32");
}

fn get(run: &mut Run, name: &str) -> i32 {
    let global = (run.instance.get_global(&mut run.store, name)).expect("a global");
    global.get(&mut run.store).unwrap_i32()
}

/// The result of `memory.grow`, and its cost.
fn grow(run: &mut Run, pages: i32) -> (i32, i64) {
    let (end, spent) = run.spend(AMPLE, "grow", &[Val::I32(pages)]);
    match end {
        End::Returned(results) => ((results[0] as u32).cast_signed(), spent),
        other => panic!("{other:?}"),
    }
}

#[test]
fn memory_grows_to_its_limit_and_no_further() {
    for options in [
        limited(plain()),
        limited(asking(plain())),
        limited(interruptible()),
    ] {
        let mut run = run(GROWS, &options);
        assert_eq!(grow(&mut run, 1).0, -1, "no limit is set yet");
        set(&mut run, "refused", 0);
        set(&mut run, "pages", 5);
        assert_eq!(grow(&mut run, 3).0, 2);
        assert_eq!(get(&mut run, "refused"), 0);
        assert_eq!(grow(&mut run, 0).0, 5);
        assert_eq!(get(&mut run, "refused"), 0);
        assert_eq!(grow(&mut run, 1).0, -1);
        assert_eq!(get(&mut run, "refused"), 1);
        assert_eq!(grow(&mut run, -1).0, -1);
        assert_eq!(grow(&mut run, i32::MIN).0, -1);
        set(&mut run, "pages", -1);
        assert_eq!(grow(&mut run, 6).0, -1, "over the maximum");
        assert_eq!(grow(&mut run, 5).0, 5);
    }
}

#[test]
fn a_limit_does_not_change_what_growing_costs() {
    let (mut limited, mut other) = (run(GROWS, &limited(plain())), run(GROWS, &plain()));
    set(&mut limited, "pages", 10);
    assert_eq!(grow(&mut limited, 4), grow(&mut other, 4));
    let (_, refused) = grow(&mut limited, 5);
    let (_, failed) = grow(&mut other, -1);
    assert_eq!(refused, failed);
}

#[test]
fn a_lower_maximum_of_the_module_stays() {
    let text = GROWS.replace("(export \"memory\") 2", "(export \"memory\") 2 4");
    let mut run = run(&text, &limited(plain()));
    set(&mut run, "pages", 10);
    assert_eq!(grow(&mut run, 3).0, -1);
    assert_eq!(get(&mut run, "refused"), 0);
    assert_eq!(grow(&mut run, 2).0, 2);
}

#[test]
fn what_cannot_be_limited_is_refused() {
    let options = limited(plain());
    let refusal = |text: &str| meter(&support::wasm(text), &options).expect_err(text);
    for text in [
        "(module)",
        "(module (memory 1) (memory 1))",
        "(module (import \"a\" \"b\" (memory 1)))",
    ] {
        let error = refusal(text);
        assert!(matches!(error, MeterError::NotOneMemory), "{text}: {error}");
    }
    let error = refusal("(module (memory 11))");
    assert!(
        matches!(
            error,
            MeterError::MemoryTooLarge {
                initial: 11,
                maximum: 10
            }
        ),
        "{error}"
    );
    let error = refusal("(module (memory 1) (global (export \"pages\") i32 (i32.const 0)))");
    assert!(matches!(error, MeterError::ExportTaken { .. }), "{error}");
}
