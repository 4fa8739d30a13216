//! numpy's default integer has 64 bits, as on every machine that users know.
//!
//! The wheel is compiled for 32-bit WebAssembly, where C's `long` has 32 bits, and pointers too. numpy's
//! default integer is the one of pointers (`NPY_INTP`, which here is `NPY_LONG`), so sums and products
//! were wrong without a word from 2³¹ on. The edits make it `long long`. Positions in arrays
//! stay 32 bits wide: the compiled code that reads them takes them so.
//!
//! What is Python follows in `harness/wide_integers.py`; docs/compatibility.md says what is what.

use super::edit::Op::{
    Access, AccessAt, Address, Call, CallIndirect, Get, Number, Number64, Plain, Set,
};
use super::edit::{CodeEdit, DataEdit, Op, code};

/// Numbers of types in numpy.
const LONG: i32 = 7;
const LONG_LONG: i32 = 9;

/// Flags for making an array: C-contiguous, aligned, writable.
const DEFAULT_FLAGS: i32 = 0x501;
/// Aligned.
const ALIGNED: i32 = 0x100;
/// The flag for all that `same_kind` casting allows, 64 bits for 32 among it.
const SAME_KIND: i32 = 0x400_0000;

const DESCRIPTOR_OF: Op = Call("PyArray_DescrFromType");
const FROM_ANY: Op = Call("PyArray_FromAny");

/// The variable `_Intp_dtype`, and `_LongLong_dtype`.
const INTP_CLASS: u32 = 27_642_972;
const LONG_LONG_CLASS: u32 = 27_642_932;

/// The address of `l` in the table of types by letter, and the address from which its entries from
/// `L` on are stored: the types of `L`, `M`, `N` and `O`.
const LETTER_L: u32 = 27_651_938;
const LETTERS_FROM_CAPITAL_L: u32 = 27_651_874;
const L_M_N_O: i64 = 8 | 21 << 16 | 8 << 32 | 17 << 48;
const WIDE_L_M_N_O: i64 = L_M_N_O + 2;

/// The classes `int` of Python and `numpy.int32`.
const INT: u32 = 26_106_228;
const INT32: u32 = 26_435_440;

const LEGACY_BINOMIAL: &str = "__pyx_pw_5numpy_6random_6mtrand_11RandomState_87binomial";
const SAMPLE_LONG: &str = "sklearn's loops that draw without replacement fill arrays of C's long";
const POSITIONS: &str =
    "positions and counts may be given as 64-bit integers, now that those are the default";

/// The type that a function asks for: `old` and `new` are it and the call.
macro_rules! type_asked_for {
    ($function:literal, $reason:literal) => {
        CodeEdit {
            function: $function,
            old: &[Number(LONG), DESCRIPTOR_OF],
            new: &[Number(LONG_LONG), DESCRIPTOR_OF],
            times: 1,
            reason: $reason,
        }
    };
}

/// The edit of making an argument an array of positions, with these two limits of its dimensions.
macro_rules! positions_from {
    ($function:literal, $dimensions:literal, $flags:expr) => {
        CodeEdit {
            function: $function,
            old: &[Number($dimensions), Number($flags), Number(0), FROM_ANY],
            new: &[
                Number($dimensions),
                Number($flags | SAME_KIND),
                Number(0),
                FROM_ANY,
            ],
            times: 1,
            reason: POSITIONS,
        }
    };
}

/// A loop of sklearn that draws without replacement, and where it has the type for its array.
macro_rules! sample {
    ($function:literal, $argument:literal) => {
        CodeEdit {
            function: $function,
            old: &[Address(INT), Access(code::I32_STORE, 2, $argument)],
            new: &[Address(INT32), Access(code::I32_STORE, 2, $argument)],
            times: 2,
            reason: SAMPLE_LONG,
        }
    };
}

pub(super) const CODE: &[CodeEdit] = &[
    type_asked_for!(
        "int_default_descriptor",
        "the default integer: arrays of Python's integers, `zeros(3, int)`"
    ),
    type_asked_for!(
        "discover_descriptor_from_pylong",
        "the type of a Python integer that fits"
    ),
    CodeEdit {
        function: "discover_descriptor_from_pylong",
        old: &[Number(LONG), Number(LONG_LONG)],
        new: &[Number(LONG_LONG), Number(LONG_LONG)],
        times: 1,
        reason: "the type of a Python integer: no narrower one is tried first",
    },
    type_asked_for!("_convert_from_any", "`dtype(int)`"),
    type_asked_for!("PyArray_ArangeObj", "`arange` without a type"),
    type_asked_for!(
        "_multiarray_umath_exec",
        "what stands for a Python integer where types are chosen"
    ),
    CodeEdit {
        function: "convert_ufunc_arguments",
        old: &[
            Number(LONG),
            Plain(&[code::I32_EQ, code::BR_IF, 0]),
            Plain(code::BLOCK_WITHOUT_RESULT),
        ],
        new: &[
            Number(LONG_LONG),
            Plain(&[code::I32_EQ, code::BR_IF, 0]),
            Plain(code::BLOCK_WITHOUT_RESULT),
        ],
        times: 1,
        reason: "a Python integer of the default type is taken as it is",
    },
    CodeEdit {
        function: "ufunc_generic_fastcall",
        old: &[
            Get(5),
            Get(9),
            Access(code::I32_STORE, 2, 304),
            Number(LONG),
            DESCRIPTOR_OF,
        ],
        new: &[
            Get(5),
            Get(9),
            Plain(&[code::I64_EXTEND_I32_S]),
            Access(code::I64_STORE, 3, 304),
            Number(LONG_LONG),
            DESCRIPTOR_OF,
        ],
        times: 1,
        reason: "functions of one Python integer that fits 32 bits, such as `negative(5)`",
    },
    CodeEdit {
        function: "int_common_dtype",
        old: &[AccessAt(code::I32_LOAD, 2, INTP_CLASS)],
        new: &[AccessAt(code::I32_LOAD, 2, LONG_LONG_CLASS)],
        times: 2,
        reason: "a Python integer with booleans, or with types of users",
    },
    CodeEdit {
        function: "reducelike_promote_and_resolve",
        old: &[Number(LONG), Set(9)],
        new: &[Number(LONG_LONG), Set(9)],
        times: 1,
        reason: "sums and products of booleans",
    },
    CodeEdit {
        function: "reducelike_promote_and_resolve",
        old: &[Number(3), Plain(&[code::I32_LE_U])],
        new: &[Number(7), Plain(&[code::I32_LE_U])],
        times: 1,
        reason: "sums and products of integers narrower than 64 bits are widened",
    },
    CodeEdit {
        function: "set_typeinfo",
        old: &[Number(LONG), AccessAt(code::I32_STORE_16, 1, LETTER_L)],
        new: &[Number(LONG_LONG), AccessAt(code::I32_STORE_16, 1, LETTER_L)],
        times: 1,
        reason: "`dtype('l')`",
    },
    CodeEdit {
        function: "set_typeinfo",
        old: &[
            Number64(L_M_N_O),
            AccessAt(code::I64_STORE, 1, LETTERS_FROM_CAPITAL_L),
        ],
        new: &[
            Number64(WIDE_L_M_N_O),
            AccessAt(code::I64_STORE, 1, LETTERS_FROM_CAPITAL_L),
        ],
        times: 1,
        reason: "`dtype('L')`",
    },
    positions_from!("PyArray_Repeat", 1, DEFAULT_FLAGS),
    positions_from!("PyArray_PutTo", 0, DEFAULT_FLAGS),
    positions_from!("PyUFunc_GenericReduction", 1, DEFAULT_FLAGS),
    CodeEdit {
        function: "PyArray_Choose",
        old: &[Number(0), Number(0), Number(0), Number(0), FROM_ANY],
        new: &[Number(0), Number(0), Number(SAME_KIND), Number(0), FROM_ANY],
        times: 1,
        reason: POSITIONS,
    },
    CodeEdit {
        function: LEGACY_BINOMIAL,
        old: &[
            Number(LONG),
            Get(6),
            Access(code::I32_LOAD, 2, 180),
            CallIndirect(0),
            Number(0),
            Number(0),
            Number(ALIGNED),
        ],
        new: &[
            Number(LONG),
            Get(6),
            Access(code::I32_LOAD, 2, 180),
            CallIndirect(0),
            Number(0),
            Number(0),
            Number(ALIGNED | SAME_KIND),
        ],
        times: 1,
        reason: POSITIONS,
    },
    CodeEdit {
        function: LEGACY_BINOMIAL,
        old: &[
            Call("legacy_random_binomial"),
            Access(code::I64_STORE_32, 2, 0),
            Get(1),
            Number(4),
        ],
        new: &[
            Call("legacy_random_binomial"),
            Access(code::I64_STORE, 3, 0),
            Get(1),
            Number(8),
        ],
        times: 1,
        reason: "`np.long` has 64 bits, so this fills an array of them",
    },
    CodeEdit {
        function: LEGACY_BINOMIAL,
        old: &[Get(18), Access(code::I64_STORE_32, 2, 0), Get(7), Get(7)],
        new: &[Get(18), Access(code::I64_STORE, 3, 0), Get(7), Get(7)],
        times: 1,
        reason: "the same, for arrays of arguments",
    },
    CodeEdit {
        function: "__pyx_pw_5numpy_6random_6mtrand_11RandomState_103multinomial",
        old: &[Get(3), Number(2), Plain(&[code::I32_SHL]), Set(10)],
        new: &[Get(3), Number(3), Plain(&[code::I32_SHL]), Set(10)],
        times: 1,
        reason: "the bytes of a row of `np.long`",
    },
    CodeEdit {
        function: "legacy_random_multinomial",
        old: &[Get(4), Number(4), Plain(&[code::I32_ADD]), Set(4)],
        new: &[Get(4), Number(8), Plain(&[code::I32_ADD]), Set(4)],
        times: 1,
        reason: "the next of a row of `np.long`; counts are not negative, and the array is zero, \
                 so their low half is all there is to store",
    },
    CodeEdit {
        function: "legacy_random_multinomial",
        old: &[Get(6), Number(2), Plain(&[code::I32_SHL])],
        new: &[Get(6), Number(3), Plain(&[code::I32_SHL])],
        times: 1,
        reason: "the last of a row of `np.long`",
    },
    CodeEdit {
        function: "__pyx_f_5numpy_6random_6mtrand_int64_to_long",
        old: &[Plain(&[code::I32_WRAP_I64]), Call("PyLong_FromLong")],
        new: &[Call("PyLong_FromLongLong")],
        times: 1,
        reason: "a single number drawn from a distribution keeps all of its bits",
    },
    sample!(
        "__pyx_fuse_0__pyx_f_7sklearn_5utils_7_random__sample_without_replacement_with_tracking_selection",
        120
    ),
    sample!(
        "__pyx_fuse_1__pyx_f_7sklearn_5utils_7_random__sample_without_replacement_with_tracking_selection",
        120
    ),
    sample!(
        "__pyx_fuse_0__pyx_f_7sklearn_5utils_7_random__sample_without_replacement_with_pool",
        136
    ),
    sample!(
        "__pyx_fuse_1__pyx_f_7sklearn_5utils_7_random__sample_without_replacement_with_pool",
        136
    ),
    sample!(
        "__pyx_fuse_0__pyx_f_7sklearn_5utils_7_random__sample_without_replacement_with_reservoir_sampling",
        120
    ),
    sample!(
        "__pyx_fuse_1__pyx_f_7sklearn_5utils_7_random__sample_without_replacement_with_reservoir_sampling",
        120
    ),
];

/// The kind and the letter of a built-in type.
macro_rules! letter {
    ($what:literal, $address:literal, $old:literal, $new:literal, $reason:literal) => {
        DataEdit {
            what: $what,
            address: $address,
            old: $old,
            new: $new,
            reason: $reason,
        }
    };
}

pub(super) const DATA: &[DataEdit] = &[
    DataEdit {
        what: "the types of sums in reducelike_promote_and_resolve",
        address: 22_081_920,
        old: &[8, 7, 8, 7, 8, 7, 8, 7, 8],
        new: &[10, 9, 10, 9, 10, 9, 10, 9, 10],
        reason: "sums and products of integers narrower than 64 bits are widened",
    },
    letter!(
        "LONG_Descr",
        26_424_604,
        b"il",
        b"ii",
        "`int32` has the letter it has elsewhere, one that stands for 32 bits"
    ),
    letter!(
        "ULONG_Descr",
        26_424_676,
        b"uL",
        b"uI",
        "`uint32` has the letter it has elsewhere, one that stands for 32 bits"
    ),
    letter!(
        "LONGLONG_Descr",
        26_424_748,
        b"iq",
        b"il",
        "`int64` has the letter it has elsewhere"
    ),
    letter!(
        "ULONGLONG_Descr",
        26_424_820,
        b"uQ",
        b"uL",
        "`uint64` has the letter it has elsewhere"
    ),
];
