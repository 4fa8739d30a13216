//! Tests of the sections after the pass, and of the options.

use belljar_meter::{CustomSections, Options, SlowPath, StopTag, host::STOPPED};
use wasmparser::{Parser, Payload};
use wasmtime::Trap;

use crate::support::{
    AMPLE, End, Run, all_options, interruptible, metered, metered_bytes, plain, stoppable, wasm,
};

const LOOP: &str = "(func (export \"f\") (result i32) (local $i i32)
                      (loop $again
                        (local.set $i (i32.add (local.get $i) (i32.const 1)))
                        (br_if $again (i32.lt_u (local.get $i) (i32.const 10))))
                      (local.get $i))";

#[test]
fn the_same_module_is_metered_to_the_same_bytes() {
    let text = format!("(module (memory 1) (table 4 funcref) (elem (i32.const 0) func 0) {LOOP})");
    for options in all_options() {
        assert_eq!(metered(&text, &options).0, metered(&text, &options).0);
    }
}

#[test]
fn a_module_without_anything_is_metered() {
    for options in all_options() {
        let (module, ..) = metered("(module)", &options);
        Run::new(&module).expect("an instance").set_fuel(1);
    }
}

#[test]
fn every_section_survives() {
    let text = format!(
        "(module
           (import \"env\" \"imported\" (func $imported (result i32)))
           (import \"env\" \"global\" (global $imported_global i32))
           (import \"env\" \"memory\" (memory $imported_memory 1))
           (import \"env\" \"tag\" (tag $imported_tag (param i32)))
           (memory $own (export \"own\") 2 3) (tag $tag (export \"tag\") (param i64))
           (table $table (export \"table\") 3 funcref)
           (global $g (export \"g\") (mut i32) (global.get $imported_global))
           (elem (i32.const 1) func $imported)
           (data (memory $own) (i32.const 16) \"data\") (data $passive \"passive\")
           (func $start (memory.init $own $passive (i32.const 0) (i32.const 0) (i32.const 7)))
           (start $start)
           {LOOP})"
    );
    for options in all_options() {
        let options = Options {
            initial_fuel: 1000,
            ..options
        };
        let (module, ..) = metered(&text, &options);
        let mut run = Run::new(&module).expect("an instance");
        let own = run
            .instance
            .get_memory(&mut run.store, "own")
            .expect("the memory");
        assert_eq!(&own.data(&run.store)[..7], b"passive");
        assert_eq!(&own.data(&run.store)[16..20], b"data");
        assert!(run.fuel() <= 1000);
        assert_eq!(run.spend(AMPLE, "f", &[]).0, End::Returned(vec![10]));
    }
}

#[test]
fn names_are_kept_on_request() {
    let text = format!(
        "(module $name (@custom \"other\" \"x\") (@producers (language \"wat\" \"1\")) (func $named) {LOOP})"
    );
    let custom_of = |custom_sections| {
        let (module, ..) = metered(
            &text,
            &Options {
                custom_sections,
                ..plain()
            },
        );
        Parser::new(0)
            .parse_all(&module)
            .filter_map(|payload| match payload.expect("a valid module") {
                Payload::CustomSection(section) => Some(section.name().to_owned()),
                _ => None,
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(custom_of(CustomSections::Drop), Vec::<String>::new());
    let mut kept = custom_of(CustomSections::Keep);
    kept.sort();
    assert_eq!(kept, ["name", "producers"]);
}

#[test]
fn the_counter_starts_with_the_initial_fuel() {
    for options in all_options() {
        for initial_fuel in [0, 5, u32::MAX] {
            let options = Options {
                initial_fuel,
                ..options.clone()
            };
            let (module, ..) = metered(&format!("(module {LOOP})"), &options);
            let mut run = Run::new(&module).expect("an instance");
            assert_eq!(run.fuel(), i64::from(initial_fuel));
        }
    }
}

#[test]
fn the_slow_path_can_be_an_import() {
    let text = format!(
        "(module (import \"host\" \"other\" (func (param i32))) (import \"host\" \"stop\" (func $stop))
           (import \"host\" \"tag\" (tag $tag)) {LOOP})"
    );
    let (module, name) = ("host".to_owned(), "stop".to_owned());
    let call = SlowPath::Call {
        module: module.clone(),
        name,
    };
    let throw = SlowPath::Throw(StopTag::Import {
        module,
        name: "tag".into(),
    });
    for counter in [plain(), interruptible()] {
        for (slow_path, calls) in [(&call, true), (&throw, false)] {
            let options = Options {
                slow_path: slow_path.clone(),
                ..counter.clone()
            };
            let (module, ..) = metered_bytes(&wasm(&text), &options);
            let mut run = Run::new(&module).expect("an instance");
            let (end, spent) = run.spend(3, "f", &[]);
            // The import that is linked here returns, and so the code traps.
            let trapped = End::Trapped(Trap::UnreachableCodeReached);
            assert_eq!(end, if calls { trapped } else { End::Thrown });
            assert_eq!(run.fuel(), STOPPED);
            assert_eq!(spent, 3 - STOPPED);
        }
    }
}

#[test]
fn the_stop_function_is_the_last_and_only_traps() {
    for text in [
        format!("(module {LOOP})"),
        format!(
            "(module (memory 1) {LOOP} (func (param i32 i32 i32)
           (memory.fill (local.get 0) (local.get 1) (local.get 2))))"
        ),
        "(module)".to_owned(),
    ] {
        let (module, ..) = metered(&text, &stoppable());
        let mut run = Run::new(&module).expect("an instance");
        let (end, spent) = run.spend(AMPLE, "halt", &[]);
        assert_eq!(end, End::Trapped(Trap::UnreachableCodeReached));
        assert_eq!(spent, 0);
        let mut functions = 0;
        let mut halt = None;
        for payload in Parser::new(0).parse_all(&module) {
            match payload.expect("a valid module") {
                Payload::FunctionSection(section) => functions = section.count(),
                Payload::ExportSection(section) => {
                    let mut exports = section.into_iter().map(Result::unwrap);
                    halt = exports.find(|export| export.name == "halt");
                }
                _ => {}
            }
        }
        assert_eq!(halt.map(|export| export.index + 1), Some(functions));
    }
}
