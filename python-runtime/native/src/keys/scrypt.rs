//! scrypt (RFC 7914).

use super::pbkdf2::by_sha256;
use crate::memory::Scratch;
use crate::python::{Arguments, Object, Raised, new_bytes, no_memory};
use core::arch::wasm32::*;

/// Words of a block of Salsa20, and vectors of it.
const WORDS: usize = 16;
const VECTORS: usize = 4;

/// `scrypt(password, salt, n, r, p, length)`. The caller has seen that `n` is a power of two from 2 on, and that `r`
/// and `p` are not zero and small enough for memory.
pub(crate) fn scrypt(mut arguments: Arguments<'_>) -> Result<*mut Object, Raised> {
    let (password, salt) = (arguments.bytes()?, arguments.bytes()?);
    let mut next = || arguments.number().map(|number| number as usize);
    let (n, r, p) = (next()?, next()?, next()?);
    let length = arguments.number()?;
    // Numbers of 32 bits in what one of `p` parts works on.
    let words = 2 * WORDS * r;
    let bytes = 4 * words;
    let [
        Some(mut parts),
        Some(mut table),
        Some(mut part),
        Some(mut other),
    ] = [
        p.checked_mul(words).and_then(Scratch::<u32>::new),
        n.checked_mul(words).and_then(Scratch::new),
        Scratch::new(words),
        Scratch::new(words),
    ]
    else {
        return Err(no_memory());
    };
    let (table, part, other) = (table.as_mut(), part.as_mut(), other.as_mut());
    new_bytes(length, |key| {
        let parts = as_bytes(parts.as_mut());
        by_sha256(password, salt, 1, parts);
        for bytes in parts.chunks_exact_mut(bytes) {
            as_bytes(part).copy_from_slice(bytes);
            mix(part, other, table);
            bytes.copy_from_slice(as_bytes(part));
        }
        by_sha256(password, parts, 1, key);
        Ok(())
    })
}

/// Numbers as their bytes: WebAssembly's are in the order that the algorithm has.
fn as_bytes(words: &mut [u32]) -> &mut [u8] {
    // SAFETY: the same memory, for which any bytes are fine.
    unsafe { core::slice::from_raw_parts_mut(words.as_mut_ptr().cast(), 4 * words.len()) }
}

/// `scryptROMix`: fills the table with what becomes of the part, and then mixes it with what is in the table
/// where the part says.
fn mix(part: &mut [u32], other: &mut [u32], table: &mut [u32]) {
    let rows = table.len() / part.len();
    // The blocks lie so that a row of four is what Salsa20 computes with at once.
    arrange(part, 5);
    for row in table.chunks_exact_mut(part.len()) {
        row.copy_from_slice(part);
        mix_blocks(row, other);
        part.copy_from_slice(other);
    }
    for _ in 0..rows {
        // The first number of the last block; there is a power of two of rows.
        let row = part[part.len() - WORDS] as usize & (rows - 1);
        let start = row * part.len();
        let row = &table[start..start + part.len()];
        for (number, more) in part.iter_mut().zip(row) {
            *number ^= more;
        }
        mix_blocks(part, other);
        part.copy_from_slice(other);
    }
    arrange(part, 13);
}

/// Puts number `step * i` of a block where number `i` was: 5 goes to diagonals of the square that its numbers are
/// written in, and 13 back (they are inverses modulo 16).
fn arrange(part: &mut [u32], step: usize) {
    for block in part.chunks_exact_mut(WORDS) {
        let mut old = [0; WORDS];
        old.copy_from_slice(block);
        for (index, number) in block.iter_mut().enumerate() {
            *number = old[step * index % WORDS];
        }
    }
}

/// `scryptBlockMix`: even blocks to the first half, odd ones to the second.
fn mix_blocks(from: &[u32], to: &mut [u32]) {
    let blocks = from.len() / WORDS;
    let mut state = load(&from[(blocks - 1) * WORDS..]);
    for index in 0..blocks {
        let block = load(&from[index * WORDS..]);
        for (state, block) in state.iter_mut().zip(block) {
            *state = v128_xor(*state, block);
        }
        state = salsa(state);
        let place = index / 2 + index % 2 * (blocks / 2);
        store(&mut to[place * WORDS..], state);
    }
}

fn load(block: &[u32]) -> [v128; VECTORS] {
    let block = &block[..WORDS];
    // SAFETY: there are as many.
    core::array::from_fn(|index| unsafe { v128_load(block.as_ptr().cast::<v128>().add(index)) })
}

fn store(block: &mut [u32], state: [v128; VECTORS]) {
    let block = &mut block[..WORDS];
    for (index, vector) in state.into_iter().enumerate() {
        // SAFETY: there are as many.
        unsafe { v128_store(block.as_mut_ptr().cast::<v128>().add(index), vector) };
    }
}

/// Salsa20/8, on diagonals.
fn salsa(block: [v128; VECTORS]) -> [v128; VECTORS] {
    let [mut a, mut b, mut c, mut d] = block;
    for _ in 0..4 {
        (a, b, c, d) = quarters(a, b, c, d);
        (b, c, d) = (turn::<3>(b), turn::<2>(c), turn::<1>(d));
        (a, d, c, b) = quarters(a, d, c, b);
        (b, c, d) = (turn::<1>(b), turn::<2>(c), turn::<3>(d));
    }
    let [e, f, g, h] = block;
    [
        i32x4_add(a, e),
        i32x4_add(b, f),
        i32x4_add(c, g),
        i32x4_add(d, h),
    ]
}

/// The quarter rounds of all columns of the square, or of all rows.
#[inline(always)]
fn quarters(mut a: v128, mut b: v128, mut c: v128, mut d: v128) -> (v128, v128, v128, v128) {
    b = v128_xor(b, rotate::<7>(i32x4_add(a, d)));
    c = v128_xor(c, rotate::<9>(i32x4_add(b, a)));
    d = v128_xor(d, rotate::<13>(i32x4_add(c, b)));
    a = v128_xor(a, rotate::<18>(i32x4_add(d, c)));
    (a, b, c, d)
}

/// Every number's bits, rotated to the left.
#[inline(always)]
fn rotate<const BITS: u32>(vector: v128) -> v128 {
    v128_or(i32x4_shl(vector, BITS), u32x4_shr(vector, 32 - BITS))
}

/// The numbers of a vector, so many places further to the front.
#[inline(always)]
fn turn<const PLACES: usize>(vector: v128) -> v128 {
    match PLACES {
        1 => i32x4_shuffle::<1, 2, 3, 0>(vector, vector),
        2 => i32x4_shuffle::<2, 3, 0, 1>(vector, vector),
        _ => i32x4_shuffle::<3, 0, 1, 2>(vector, vector),
    }
}
