//! Metered modules with something wrong in a check do not pass the verifier.

use belljar_meter::{Options, meter, verify};
use wasmparser::{Operator, Parser, Payload};

use crate::{
    fuzz::{noise::Noise, splice::replaced as replace},
    programs::program,
    random::{cases, module},
    support::{asking, interruptible, limited, plain, throwing, wasm},
};

/// A check that was found in a module's bytes.
struct Found {
    /// The function that it is in, by position.
    function: usize,
    /// The check's instructions, each with its range of bytes.
    ops: Vec<(String, std::ops::Range<usize>)>,
}

/// Finds all checks. This is a rough imitation of what the verifier does: from the first access to
/// the counter to the end of the next `if`.
fn find_checks(wasm: &[u8]) -> Vec<Found> {
    let mut found = Vec::new();
    let mut function = 0;
    for payload in Parser::new(0).parse_all(wasm) {
        let Payload::CodeSectionEntry(body) = payload.expect("a valid module") else {
            continue;
        };
        let mut ops = Vec::new();
        let mut reader = body.get_operators_reader().expect("a valid body");
        while !reader.eof() {
            let start = reader.original_position();
            let op = reader.read().expect("a valid instruction");
            ops.push((op, start..reader.original_position()));
        }
        let mut index = 0;
        while index < ops.len() {
            let is_plain = |op: &Operator<'_>| !matches!(op, Operator::If { .. } | Operator::End);
            let subtraction = (ops[index..].iter().take(8))
                .take_while(|(op, _)| is_plain(op))
                .position(|(op, _)| *op == Operator::I64Sub);
            let is_start = matches!(ops[index].0, Operator::GlobalGet { .. });
            let end = subtraction.filter(|_| is_start).and_then(|offset| {
                let rest = &ops[index + offset..];
                let is_check = rest.iter().take(10).any(|(op, _)| *op == Operator::I64LtS);
                let end = rest.iter().position(|(op, _)| *op == Operator::End)?;
                (is_check && end < 16).then_some(index + offset + end + 1)
            });
            let Some(end) = end else {
                index += 1;
                continue;
            };
            found.push(Found {
                function,
                ops: ops[index..end]
                    .iter()
                    .map(|(op, range)| (format!("{op:?}"), range.clone()))
                    .collect(),
            });
            index = end;
        }
        function += 1;
    }
    found
}

/// Every way to spoil one check, each with a word for it. Taking a whole check out is left to the
/// caller.
fn spoil(wasm: &[u8], check: &Found) -> Vec<(&'static str, Vec<u8>)> {
    let find = |name: &str| check.ops.iter().find(|(op, _)| op.starts_with(name));
    let mut spoiled = Vec::new();
    let mut substitute = |word, name: &str, with: &[u8]| {
        if let Some((_, range)) = find(name) {
            spoiled.push((word, replace(wasm, check.function, range.clone(), with)));
        }
    };
    substitute("adds", "I64Sub", &[0x7c]);
    substitute("compares the wrong way", "I64LtS", &[0x55]);
    substitute("compares unsigned", "I64LtS", &[0x54]);
    substitute("does not trap", "Unreachable", &[0x01]);
    substitute("throws nothing", "Throw", &[0x01]);
    substitute("asks nobody", "Call", &[0x01]);
    substitute("asks another function", "Call", &[0x10, 0]);
    substitute("tests something else", "I64LtS", &[0x1a, 0x1a, 0x41, 0]);
    for (constant, user) in check.ops.iter().zip(&check.ops[1..]) {
        if !constant.0.starts_with("I64Const") {
            continue;
        }
        let with: &[(&str, &[u8])] = match user.0.as_str() {
            "I64Sub" | "I64Mul" => &[("takes nothing", &[0x42, 0]), ("gives", &[0x42, 0x7f])],
            "I64LtS" => &[("tolerates debts", &[0x42, 0x40])],
            _ => &[],
        };
        for (word, with) in with {
            spoiled.push((
                *word,
                replace(wasm, check.function, constant.1.clone(), with),
            ));
        }
    }
    // The floor is the last thing that is loaded.
    let load = check
        .ops
        .iter()
        .rev()
        .find(|(op, _)| op.starts_with("I64Load"));
    if let Some((_, range)) = load {
        let elsewhere = [&wasm[range.start..range.end - 1], &[8]].concat();
        spoiled.push((
            "has another floor",
            replace(wasm, check.function, range.clone(), &elsewhere),
        ));
    }
    spoiled
}

/// The bytes of a whole check.
fn range_of(check: &Found) -> std::ops::Range<usize> {
    check.ops[0].1.start..check.ops[check.ops.len() - 1].1.end
}

#[test]
fn every_check_of_a_telling_module_is_needed() {
    // A guard, a header, back edges of every kind, strips, bulk instructions, a handler.
    let text = "(module (memory 1) (table 4 funcref) (elem (i32.const 0) func $f) (tag $e) (type $t (func (param i32)))
      (func $first)
      (func $f (param $n i32) (local $i i32)
        (loop $header (br_if $header (i32.lt_u (local.get $n) (i32.load (local.get $n)))))
        (loop $counted
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br_if $counted (i32.ne (local.get $i) (local.get $n))))
        (loop $calls
          (call $g (local.get $n))
          (br_if $calls (local.get $n)))
        (loop $branch
          (call $g (local.get $n))
          (if (local.get $n) (then (br $branch))))
        (loop $table
          (call $g (local.get $n))
          (block $b (br_table $b $table (local.get $n))))
        (loop $handler (try_table (catch $e $handler) (call $g (local.get $n))))
        (memory.fill (i32.const 0) (i32.const 0) (local.get $n))
        (drop (memory.grow (local.get $n)))
        (table.fill 0 (i32.const 0) (ref.null func) (local.get $n))
        (call_indirect (type $t) (local.get $n) (i32.const 0)))
      (func $g (param $n i32)
        (if (local.get $n) (then (call $g (i32.sub (local.get $n) (i32.const 1))))))
      (func $h (call $h)))";
    for options in [
        plain(),
        interruptible(),
        throwing(plain()),
        throwing(interruptible()),
        asking(plain()),
        limited(asking(interruptible())),
    ] {
        let metered = meter(&wasm(text), &options)
            .expect("it can be metered")
            .wasm;
        verify(&metered, &options).expect("it can be verified");
        let checks = find_checks(&metered);
        assert!(checks.len() >= 12, "{}", checks.len());
        for check in &checks {
            let without = replace(&metered, check.function, range_of(check), &[]);
            assert!(
                verify(&without, &options).is_err(),
                "without {:?}",
                check.ops
            );
            for (word, spoiled) in spoil(&metered, check) {
                assert!(
                    verify(&spoiled, &options).is_err(),
                    "{word}: {:?}",
                    check.ops
                );
            }
        }
    }
}

#[test]
fn spoiled_checks_of_random_modules_are_found() {
    let (mut spoiled_checks, mut removed, mut redundant) = (0, 0, 0);
    for seed in 0..cases() {
        let Some(original) = (if seed % 4 < 2 {
            Some(program(seed))
        } else {
            module(seed)
        }) else {
            continue;
        };
        let options: Options = match seed % 4 {
            0 | 2 => plain(),
            1 => asking(interruptible()),
            _ => throwing(interruptible()),
        };
        let metered = meter(&original, &options).expect("it can be metered").wasm;
        let checks = find_checks(&metered);
        if checks.is_empty() {
            continue;
        }
        let mut noise = Noise::new(seed + 1);
        for _ in 0..4 {
            let check = &checks[(noise.next() >> 8) as usize % checks.len()];
            for (word, spoiled) in spoil(&metered, check) {
                assert!(
                    verify(&spoiled, &options).is_err(),
                    "seed {seed}, {word}: {:?}",
                    check.ops
                );
                spoiled_checks += 1;
            }
            // A check may be one more than is needed: if a cycle passes two of them, one will do.
            let without = replace(&metered, check.function, range_of(check), &[]);
            match verify(&without, &options) {
                Err(_) => removed += 1,
                Ok(_) => redundant += 1,
            }
        }
    }
    println!("{spoiled_checks} spoiled and {removed} removed checks found; {redundant} not needed");
    assert!(removed > 4 * redundant, "{removed} {redundant}");
}
