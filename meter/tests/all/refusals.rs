//! Tests that constructs which the pass does not understand are refused by name.

use belljar_meter::{MeterError, Options, Proposal, SlowPath, StopTag, VerifyError, meter};

use crate::support::{plain, stoppable, throwing, wasm};

fn refused(text: &str) -> (Proposal, String, Option<u32>) {
    match meter(&wasm(text), &plain()) {
        Err(MeterError::Unsupported {
            proposal,
            construct,
            function,
        }) => (proposal, construct, function),
        other => panic!("{text}: {:?}", other.map(|metered| metered.summary)),
    }
}

#[test]
fn instructions_are_refused_by_name_and_function() {
    for (body, proposal, name) in [
        ("(return_call $f)", Proposal::TailCalls, "return_call"),
        (
            "(return_call_indirect (type $t) (i32.const 0))",
            Proposal::TailCalls,
            "return_call_indirect",
        ),
        (
            "(call_ref $t (ref.func $f))",
            Proposal::FunctionReferences,
            "call_ref",
        ),
        (
            "(return_call_ref $t (ref.func $f))",
            Proposal::FunctionReferences,
            "return_call_ref",
        ),
        (
            "(block (br_on_null 0 (ref.null func)) (drop))",
            Proposal::FunctionReferences,
            "br_on_null",
        ),
        (
            "(drop (i32.atomic.load (i32.const 0)))",
            Proposal::Threads,
            "i32_atomic_load",
        ),
        (
            "(drop (memory.atomic.notify (i32.const 0) (i32.const 0)))",
            Proposal::Threads,
            "memory_atomic_notify",
        ),
        ("(atomic.fence)", Proposal::Threads, "atomic_fence"),
        (
            "(drop (i31.get_s (ref.i31 (i32.const 1))))",
            Proposal::GarbageCollection,
            "ref_i31",
        ),
        (
            "(drop (ref.test (ref func) (ref.null func)))",
            Proposal::GarbageCollection,
            "ref_test_non_null",
        ),
        (
            "(drop (i8x16.relaxed_swizzle (v128.const i64x2 0 0) (v128.const i64x2 0 0)))",
            Proposal::RelaxedSimd,
            "i8x16_relaxed_swizzle",
        ),
        (
            "(drop (ref.null any))",
            Proposal::GarbageCollection,
            "anyref",
        ),
        (
            "(drop (ref.null $t))",
            Proposal::FunctionReferences,
            "(ref null (module 0))",
        ),
    ] {
        let text = format!(
            "(module (type $t (func)) (memory 1) (table 1 funcref) (func $first)
               (elem declare func $f) (func $f {body}))"
        );
        let (refused_proposal, construct, function) = refused(&text);
        assert_eq!(
            (refused_proposal, function),
            (proposal, Some(1)),
            "{body}: {construct}"
        );
        if !name.contains("module") {
            assert_eq!(construct, name, "{body}");
        }
    }
}

#[test]
fn of_relaxed_instructions_only_the_fused_ones_are_accepted() {
    let module = |name: &str| {
        let vector = "(v128.const i64x2 0 0)";
        format!("(module (func (drop ({name} {vector} {vector} {vector}))))")
    };
    for name in ["f32x4.relaxed_madd", "f64x2.relaxed_madd"] {
        let metered = meter(&wasm(&module(name)), &plain()).expect(name);
        belljar_meter::verify(&metered.wasm, &plain()).expect(name);
    }
    for name in [
        "f64x2.relaxed_nmadd",
        "i8x16.relaxed_laneselect",
        "i32x4.relaxed_dot_i8x16_i7x16_add_s",
    ] {
        assert_eq!(refused(&module(name)).0, Proposal::RelaxedSimd, "{name}");
    }
}

#[test]
fn legacy_exceptions_are_refused() {
    // (module (func try catch_all end))
    let bytes = [
        0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, // the header
        1, 4, 1, 0x60, 0, 0, // one type
        3, 2, 1, 0, // one function
        10, 8, 1, 6, 0, 0x06, 0x40, 0x19, 0x0b, 0x0b, // its body
    ];
    let error = meter(&bytes, &plain()).expect_err("it is refused");
    assert_eq!(
        error.to_string(),
        "function 0 uses `try` of the legacy exceptions proposal"
    );
}

#[test]
fn locals_and_sections_are_refused_by_name() {
    for (text, proposal) in [
        (
            "(module (func (local anyref)))",
            Proposal::GarbageCollection,
        ),
        ("(module (type (struct)))", Proposal::GarbageCollection),
        ("(module (type (array i32)))", Proposal::GarbageCollection),
        (
            "(module (rec (type (func)) (type (func))))",
            Proposal::GarbageCollection,
        ),
        (
            "(module (type (func (param eqref))))",
            Proposal::GarbageCollection,
        ),
        (
            "(module (type $t (func)) (func (param (ref $t))))",
            Proposal::FunctionReferences,
        ),
        (
            "(module (type $t (func)) (global (ref null $t) (ref.null $t)))",
            Proposal::FunctionReferences,
        ),
        (
            "(module (table 1 (ref null i31)))",
            Proposal::GarbageCollection,
        ),
        ("(module (memory i64 1))", Proposal::Memory64),
        ("(module (table i64 1 funcref))", Proposal::Memory64),
        (
            "(module (import \"a\" \"b\" (memory i64 1)))",
            Proposal::Memory64,
        ),
        ("(module (memory 1 1 shared))", Proposal::Threads),
        (
            "(module (import \"a\" \"b\" (memory 1 1 shared)))",
            Proposal::Threads,
        ),
        (
            "(module (memory 1 (pagesize 1)))",
            Proposal::CustomPageSizes,
        ),
        ("(component)", Proposal::ComponentModel),
    ] {
        assert_eq!(refused(text).0, proposal, "{text}");
    }
}

#[test]
fn invalid_modules_are_refused() {
    for bytes in [
        &b""[..],
        b"\0asm",
        b"\0asm\x01\0\0\0\x0a",
        b"not a module at all",
    ] {
        assert!(
            matches!(meter(bytes, &plain()), Err(MeterError::Invalid(_))),
            "{bytes:?}"
        );
    }
    // A type error, and a branch to nowhere.
    for body in [&[0x41, 0, 0x0b][..], &[0x0c, 7, 0x0b]] {
        let mut bytes = wasm("(module (func))");
        let code = bytes.len() - 4;
        bytes.truncate(code);
        let size = u8::try_from(body.len()).expect("short") + 1;
        bytes.extend([size + 2, 1, size, 0]);
        bytes.extend(body);
        // The section's id and size were cut at the size.
        assert!(
            matches!(meter(&bytes, &plain()), Err(MeterError::Invalid(_))),
            "{bytes:?}"
        );
    }
}

#[test]
fn names_that_are_taken_are_refused() {
    for name in ["fuel", "floor", "halt", "stop"] {
        let text = format!("(module (func (export \"{name}\")))");
        let error = meter(&wasm(&text), &throwing(stoppable())).expect_err("it is refused");
        assert!(matches!(error, MeterError::ExportTaken { name: taken } if taken == name));
    }
    for (fuel, floor) in [("same", "same"), ("stop", "floor"), ("fuel", "stop")] {
        let options = Options {
            fuel: fuel.into(),
            floor: Some(floor.into()),
            ..throwing(plain())
        };
        let error = meter(&wasm("(module)"), &options).expect_err("it is refused");
        assert!(matches!(error, MeterError::ExportTaken { .. }));
    }
}

#[test]
fn slow_paths_that_do_not_fit_are_refused() {
    let text = "(module (import \"host\" \"stop\" (func (param i32)))
                  (import \"host\" \"tag\" (tag (param i32))))";
    let (module, name) = ("host".to_owned(), "missing".to_owned());
    for slow_path in [
        SlowPath::Call {
            module: module.clone(),
            name: name.clone(),
        },
        SlowPath::Throw(StopTag::Import {
            module: module.clone(),
            name,
        }),
    ] {
        let options = Options {
            slow_path,
            ..plain()
        };
        assert!(matches!(
            meter(&wasm(text), &options),
            Err(MeterError::MissingImport { .. })
        ));
    }
    for slow_path in [
        SlowPath::Call {
            module: module.clone(),
            name: "stop".into(),
        },
        SlowPath::Throw(StopTag::Import {
            module,
            name: "tag".into(),
        }),
    ] {
        let options = Options {
            slow_path,
            ..plain()
        };
        assert!(matches!(
            meter(&wasm(text), &options),
            Err(MeterError::SlowPathSignature { .. })
        ));
    }
}

#[test]
fn a_function_with_no_room_for_locals_is_refused() {
    let full = "(module (func (local i64) (loop $l (br $l))))";
    let bytes = wasm(full);
    // One declaration of one i64: make it 50,000.
    let at = bytes
        .windows(3)
        .position(|w| w == [1, 1, 0x7e])
        .expect("the declaration");
    let mut large = bytes[..at + 1].to_vec();
    large.extend([0xd0, 0x86, 0x03]);
    large.extend(&bytes[at + 2..]);
    // The body and the section have grown by two bytes.
    large[at - 1] += 2;
    large[at - 3] += 2;
    let error = meter(&large, &plain()).expect_err("it is refused");
    assert!(
        matches!(
            error,
            MeterError::TooManyLocals {
                function: 0,
                locals: 50_000
            }
        ),
        "{error}"
    );
}

#[test]
fn contradictory_costs_are_refused() {
    let mut options = plain();
    options.costs.damping = 0;
    assert!(matches!(
        meter(&wasm("(module)"), &options),
        Err(MeterError::CostModel(_))
    ));
    let verified = belljar_meter::verify(&wasm("(module)"), &options);
    assert!(matches!(
        verified,
        Err(VerifyError::Module(MeterError::CostModel(_)))
    ));
}
