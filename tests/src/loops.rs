//! Endless loops, one for each kind of work: those of `cargo xtask bench fuel`.

/// Their names and scripts.
pub const LOOPS: &[(&str, &str)] = &[
    (
        "while_pass",
        include_str!("../../bench/loops/while_pass.py"),
    ),
    ("for_pass", include_str!("../../bench/loops/for_pass.py")),
    ("int", include_str!("../../bench/loops/int.py")),
    ("float", include_str!("../../bench/loops/float.py")),
    ("attribute", include_str!("../../bench/loops/attribute.py")),
    ("call", include_str!("../../bench/loops/call.py")),
    ("append", include_str!("../../bench/loops/append.py")),
    ("dict", include_str!("../../bench/loops/dict.py")),
    ("concat", include_str!("../../bench/loops/concat.py")),
    ("sum", include_str!("../../bench/loops/sum.py")),
    ("sorted", include_str!("../../bench/loops/sorted.py")),
    ("exception", include_str!("../../bench/loops/exception.py")),
    ("regex", include_str!("../../bench/loops/regex.py")),
    (
        "add_arrays",
        include_str!("../../bench/loops/add_arrays.py"),
    ),
];
