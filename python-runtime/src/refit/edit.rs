//! Edits: instructions of a function, or bytes of the data, and what replaces them.

use std::collections::BTreeMap;

/// An instruction, or a part of some that is spelled out.
#[derive(Debug, Clone, Copy)]
pub(super) enum Op {
    /// `i32.const` of a number.
    Number(i32),
    /// `i32.const` of an address, as the linker writes it: in five bytes.
    Address(u32),
    /// `call` of a function by its name, as the linker writes it: in five bytes.
    Call(&'static str),
    /// `call_indirect` of a type in table 0, as the linker writes it.
    CallIndirect(u32),
    /// `local.get`.
    Get(u32),
    /// `local.set`.
    Set(u32),
    /// An instruction that loads or stores: its code, alignment and offset in a structure.
    Access(u8, u8, u32),
    /// One that loads or stores at a fixed address, as the linker writes it.
    AccessAt(u8, u8, u32),
    /// `i64.const`.
    Number64(i64),
    /// Instructions of one byte each.
    Plain(&'static [u8]),
}

/// The codes of the instructions that edits need.
pub(super) mod code {
    pub(in crate::refit) const BLOCK_WITHOUT_RESULT: &[u8] = &[0x02, 0x40];
    pub(in crate::refit) const I32_LOAD: u8 = 0x28;
    pub(in crate::refit) const I32_STORE: u8 = 0x36;
    pub(in crate::refit) const I64_STORE: u8 = 0x37;
    pub(in crate::refit) const I32_STORE_16: u8 = 0x3b;
    pub(in crate::refit) const I64_STORE_32: u8 = 0x3e;
    pub(in crate::refit) const I32_EQ: u8 = 0x46;
    pub(in crate::refit) const I32_LE_U: u8 = 0x4d;
    pub(in crate::refit) const I32_ADD: u8 = 0x6a;
    pub(in crate::refit) const I32_SUB: u8 = 0x6b;
    pub(in crate::refit) const I32_SHL: u8 = 0x74;
    pub(in crate::refit) const I32_WRAP_I64: u8 = 0xa7;
    pub(in crate::refit) const I64_EXTEND_I32_S: u8 = 0xac;
    pub(in crate::refit) const BR_IF: u8 = 0x0d;
    pub(in crate::refit) const MEMORY_FILL: &[u8] = &[0xfc, 0x0b, 0];
    pub(in crate::refit) const MEMORY_COPY: &[u8] = &[0xfc, 0x0a, 0, 0];
}

/// An edit of a function.
#[derive(Debug, Clone, Copy)]
pub(super) struct CodeEdit {
    /// The function's name.
    pub(super) function: &'static str,
    /// The instructions that are there.
    pub(super) old: &'static [Op],
    /// The instructions that replace them.
    pub(super) new: &'static [Op],
    /// The number of times that they are there.
    pub(super) times: usize,
    /// The reason for the edit.
    pub(super) reason: &'static str,
}

/// An edit of the initial memory.
#[derive(Debug, Clone, Copy)]
pub(super) struct DataEdit {
    /// The name of the thing at the address: for the message when something else is there.
    pub(super) what: &'static str,
    pub(super) address: u32,
    pub(super) old: &'static [u8],
    /// As many bytes.
    pub(super) new: &'static [u8],
    /// The reason for the edit.
    pub(super) reason: &'static str,
}

/// The bytes of instructions, with functions by name; or the name of one that is not there.
pub(super) fn encode(
    ops: &[Op],
    functions: &BTreeMap<&str, Vec<u32>>,
) -> Result<Vec<u8>, &'static str> {
    let mut out = Vec::new();
    for op in ops {
        match *op {
            Op::Number(number) => {
                out.push(0x41);
                signed(&mut out, number.into());
            }
            Op::Number64(number) => {
                out.push(0x42);
                signed(&mut out, number);
            }
            Op::Address(address) => {
                out.push(0x41);
                padded(&mut out, address);
            }
            Op::Call(name) => {
                let [index] = functions.get(name).map_or(&[][..], Vec::as_slice) else {
                    return Err(name);
                };
                out.push(0x10);
                padded(&mut out, *index);
            }
            Op::CallIndirect(ty) => {
                out.push(0x11);
                padded(&mut out, ty);
                padded(&mut out, 0);
            }
            Op::Get(local) => {
                out.push(0x20);
                unsigned(&mut out, local);
            }
            Op::Set(local) => {
                out.push(0x21);
                unsigned(&mut out, local);
            }
            Op::Access(code, align, offset) => {
                out.extend([code, align]);
                unsigned(&mut out, offset);
            }
            Op::AccessAt(code, align, address) => {
                out.extend([code, align]);
                padded(&mut out, address);
            }
            Op::Plain(bytes) => out.extend_from_slice(bytes),
        }
    }
    Ok(out)
}

/// The low seven bits.
fn low(number: u32) -> u8 {
    (number & 0x7f) as u8
}

fn unsigned(out: &mut Vec<u8>, mut number: u32) {
    while number > 0x7f {
        out.push(low(number) | 0x80);
        number >>= 7;
    }
    out.push(low(number));
}

fn padded(out: &mut Vec<u8>, number: u32) {
    for group in 0..4 {
        out.push(low(number >> (7 * group)) | 0x80);
    }
    out.push(low(number >> 28));
}

fn signed(out: &mut Vec<u8>, mut number: i64) {
    loop {
        let byte = (number & 0x7f) as u8;
        number >>= 7;
        let done = (number == 0 && byte & 0x40 == 0) || (number == -1 && byte & 0x40 != 0);
        out.push(if done { byte } else { byte | 0x80 });
        if done {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instructions_are_encoded_as_the_linker_does() {
        let functions = BTreeMap::from([("f", vec![10_685])]);
        let bytes = |ops: &[Op]| encode(ops, &functions).unwrap();
        assert_eq!(
            bytes(&[Op::Number(7), Op::Call("f")]),
            [0x41, 7, 0x10, 0xbd, 0xd3, 0x80, 0x80, 0]
        );
        assert_eq!(bytes(&[Op::Number(1281)]), [0x41, 0x81, 0x0a]);
        assert_eq!(
            bytes(&[Op::Number(-1), Op::Number(64)]),
            [0x41, 0x7f, 0x41, 0xc0, 0]
        );
        assert_eq!(
            bytes(&[Op::Address(26_106_228)]),
            [0x41, 0xf4, 0xb2, 0xb9, 0x8c, 0]
        );
        assert_eq!(encode(&[Op::Call("g")], &functions), Err("g"));
    }
}
