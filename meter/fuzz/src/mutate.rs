//! Changes of a metered module, each a small one: one instruction becomes another that could stand in
//! its place, a check is taken out, or two functions change places.
//!
//! Most are made near what the meter has put in. Most break something; which ones, is for the verifier
//! to say.

use std::ops::Range;

use wasm_encoder::{BlockType, InstructionSink};
use wasmparser::{ExternalKind, Operator, Parser, Payload};

use super::{
    choices::{FUEL, PAGES},
    noise::Noise,
    splice::{replaced, rewritten},
};

/// An instruction and where its bytes are.
type Op<'a> = (Operator<'a>, Range<usize>);

/// A module with a change, and what that is, or `None` if there was nothing to change.
pub fn mutated(wasm: &[u8], noise: &mut Noise) -> Option<(Vec<u8>, String)> {
    let bodies = bodies(wasm);
    if bodies.is_empty() {
        return None;
    }
    if noise.pick(16) == 0 {
        let (one, other) = (noise.pick(bodies.len()), noise.pick(bodies.len()));
        return exchanged(wasm, one, other);
    }
    // Some functions have nothing that could be changed.
    for _ in 0..8 {
        let function = noise.pick(bodies.len());
        let ops = &bodies[function];
        let anchors = anchors(ops, &globals(wasm));
        let near =
            (!anchors.is_empty() && noise.pick(4) > 0).then(|| anchors[noise.pick(anchors.len())]);
        if let Some(anchor) = near
            && noise.pick(6) == 0
        {
            let (range, what) = check(ops, anchor);
            let what = format!("function {function} without {what}");
            return Some((replaced(wasm, function, range, &[]), what));
        }
        let index = match near {
            Some(anchor) => (anchor + noise.pick(22))
                .saturating_sub(6)
                .min(ops.len() - 1),
            None => noise.pick(ops.len()),
        };
        let (op, range) = &ops[index];
        if let Some(with) = instead(op, noise) {
            let what = format!("function {function}, instruction {index}: {op:?} -> {with:x?}");
            return Some((replaced(wasm, function, range.clone(), &with), what));
        }
    }
    None
}

/// The instructions of all bodies.
fn bodies(wasm: &[u8]) -> Vec<Vec<Op<'_>>> {
    let mut bodies = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::CodeSectionEntry(body) = payload.expect("a valid module") {
            let mut ops = Vec::new();
            let mut reader = body.get_operators_reader().expect("a valid body");
            while !reader.eof() {
                let start = reader.original_position();
                let op = reader.read().expect("a valid instruction");
                ops.push((op, start..reader.original_position()));
            }
            bodies.push(ops);
        }
    }
    bodies
}

/// The globals of the meter's that checks use.
fn globals(wasm: &[u8]) -> Vec<u32> {
    let mut globals = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::ExportSection(section) = payload.expect("a valid module") {
            for export in section {
                let export = export.expect("a valid export");
                if export.kind == ExternalKind::Global && [FUEL, PAGES].contains(&export.name) {
                    globals.push(export.index);
                }
            }
        }
    }
    globals
}

/// Where the meter has put something in, or something that it cares for is.
fn anchors(ops: &[Op<'_>], globals: &[u32]) -> Vec<usize> {
    let is_anchor = |op: &Operator<'_>| match op {
        Operator::GlobalGet { global_index } | Operator::GlobalSet { global_index } => {
            globals.contains(global_index)
        }
        Operator::MemoryGrow { .. } | Operator::MemoryFill { .. } | Operator::MemoryCopy { .. } => {
            true
        }
        _ => false,
    };
    (0..ops.len())
        .filter(|&index| is_anchor(&ops[index].0))
        .collect()
}

/// The bytes from an instruction to the next `end`: of a check, if it begins there.
fn check(ops: &[Op<'_>], start: usize) -> (Range<usize>, String) {
    let rest = &ops[start..];
    let end = rest.iter().position(|(op, _)| *op == Operator::End);
    let end = end.unwrap_or(rest.len() - 1);
    let what = format!("instructions {start} to {}", start + end);
    (rest[0].1.start..rest[end].1.end, what)
}

/// A module with two bodies in each other's places.
fn exchanged(wasm: &[u8], one: usize, other: usize) -> Option<(Vec<u8>, String)> {
    if one == other {
        return None;
    }
    let mut bytes = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::CodeSectionEntry(body) = payload.expect("a valid module") {
            bytes.push(body.as_bytes().to_vec());
        }
    }
    let changed = rewritten(wasm, |position, _| match position {
        _ if position == one => Some(bytes[other].clone()),
        _ if position == other => Some(bytes[one].clone()),
        _ => None,
    });
    Some((changed, format!("functions {one} and {other} exchanged")))
}

/// An instruction that could stand in another's place.
fn instead(op: &Operator<'_>, noise: &mut Noise) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut sink = InstructionSink::new(&mut bytes);
    match *op {
        Operator::LocalGet { local_index } => _ = sink.local_get(near(local_index, noise)),
        Operator::LocalSet { local_index } => _ = sink.local_set(near(local_index, noise)),
        Operator::LocalTee { local_index } => _ = sink.local_tee(near(local_index, noise)),
        Operator::GlobalGet { global_index } => _ = sink.global_get(near(global_index, noise)),
        Operator::GlobalSet { global_index } => _ = sink.global_set(near(global_index, noise)),
        Operator::Br { relative_depth } => _ = sink.br(near(relative_depth, noise)),
        Operator::BrIf { relative_depth } => _ = sink.br_if(near(relative_depth, noise)),
        Operator::Call { function_index } => match noise.pick(3) {
            0 => _ = sink.nop(),
            _ => _ = sink.call(near(function_index, noise)),
        },
        Operator::I32Const { value } => {
            let value = i64::from(value);
            _ = sink.i32_const(other_number(value, noise) as i32);
        }
        Operator::I64Const { value } => _ = sink.i64_const(other_number(value, noise)),
        Operator::Unreachable => match noise.pick(3) {
            0 => _ = sink.nop(),
            1 => _ = sink.return_(),
            _ => _ = sink.br(noise.pick(3) as u32),
        },
        Operator::If { .. } => _ = sink.drop().block(BlockType::Empty),
        Operator::Loop { .. } => _ = sink.block(BlockType::Empty),
        Operator::Block { .. } => _ = sink.loop_(BlockType::Empty),
        Operator::Return => _ = sink.nop(),
        _ => return of_same_type(op, noise),
    }
    Some(bytes)
}

/// Another index, but one near it.
fn near(index: u32, noise: &mut Noise) -> u32 {
    match noise.pick(3) {
        0 => index.saturating_sub(1),
        1 => index + 1,
        _ => noise.pick(8) as u32,
    }
}

/// A number that is not the same, but often near it.
fn other_number(value: i64, noise: &mut Noise) -> i64 {
    match noise.pick(9) {
        0 => 0,
        1 => 1,
        2 => -1,
        3 => value.wrapping_add(1),
        4 => value.wrapping_sub(1),
        5 => value.wrapping_mul(2),
        6 => value / 2,
        7 => value / 100,
        _ => noise.pick(1 << 20) as i64,
    }
}

/// An instruction without immediates that takes and returns the same types.
fn of_same_type(op: &Operator<'_>, noise: &mut Noise) -> Option<Vec<u8>> {
    // By the byte that stands for an instruction, from the first to the last of each kind.
    let kinds: [Range<u8>; 5] = [
        0x46..0x50, // comparing numbers of 32 bits
        0x51..0x5b, // and of 64
        0x6a..0x6d, // adding, subtracting and multiplying 32 bits
        0x7c..0x7f, // and 64
        0x86..0x89, // shifting 64 bits
    ];
    let byte = match op {
        Operator::I32Eq => 0x46,
        Operator::I32Ne => 0x47,
        Operator::I32LtS => 0x48,
        Operator::I32LtU => 0x49,
        Operator::I32GtS => 0x4a,
        Operator::I32GtU => 0x4b,
        Operator::I32LeS => 0x4c,
        Operator::I32LeU => 0x4d,
        Operator::I64LtS => 0x53,
        Operator::I64LtU => 0x54,
        Operator::I64GtU => 0x56,
        Operator::I64LeU => 0x58,
        Operator::I32Add => 0x6a,
        Operator::I32Sub => 0x6b,
        Operator::I32Mul => 0x6c,
        Operator::I64Add => 0x7c,
        Operator::I64Sub => 0x7d,
        Operator::I64Mul => 0x7e,
        Operator::I64Shl => 0x86,
        Operator::I64ShrS => 0x87,
        Operator::I64ShrU => 0x88,
        // The other shifts of 32 bits, and an addition.
        Operator::I32ShrU => return Some(vec![[0x74, 0x75, 0x6a][noise.pick(3)]]),
        // The signed one.
        Operator::I64ExtendI32U => return Some(vec![0xac]),
        _ => return None,
    };
    let kind = kinds.into_iter().find(|kind| kind.contains(&byte))?;
    let bytes: Vec<u8> = kind.filter(|&other| other != byte).collect();
    Some(vec![bytes[noise.pick(bytes.len())]])
}
