//! The reasons that tests themselves give, in the words of docs/compatibility.md.

use crate::expected::Why;

/// The words that the sandbox's side says, and the reason that they stand for. The first that fits
/// counts.
const REASONS: &[(&[&str], Why, &str)] = &[
    (
        &[
            "_testcapi",
            "_testinternalcapi",
            "_testlimitedcapi",
            "_testbuffer",
            "_testmultiphase",
            "test modules",
            "is not built",
            "absent at",
            "_testimportmultiple",
            "_xxtestfuzz",
            "_testclinic",
        ],
        Why::Inside,
        "Looks into the interpreter or numpy by modules in C that exist for tests alone, and are not built.",
    ),
    (
        &[
            "fp exception",
            "fp errors",
            "FP exception",
            "floating point errors",
        ],
        Why::Lacks,
        "Looks at the processor's floating-point flags, which WebAssembly has none of: nothing is warned of.",
    ),
    (
        &["InterpreterPool", "_interp", "subinterpreter"],
        Why::Lacks,
        "Starts further interpreters in the same process.",
    ),
    (
        &[
            "subprocess",
            "fork",
            "no processes",
            "multiprocessing",
            "starts a process",
        ],
        Why::Lacks,
        "Starts other processes.",
    ),
    (
        &[
            "xhausts",
            "stack on WASI",
            "Stack overflow",
            "stack_overflow",
            "deep recursion",
        ],
        Why::Lacks,
        "Wants more of C's stack than there is; most of these CPython itself leaves out on WASI.",
    ),
    (
        &["thread", "Thread", "joins", "waits for"],
        Why::Lacks,
        "Wants threads that run at the same time, or wait for each other.",
    ),
    (
        &["socket", "network", "loopback", "ssl", "SSL"],
        Why::Lacks,
        "Uses the network, or TLS.",
    ),
    (
        &[
            "temporary directory",
            "FileNotFoundError",
            "Errno 44",
            "Errno 2]",
            "Errno 69",
            "Read-only",
            "PermissionError",
            "NotADirectoryError",
            "No such file",
            "Not supported",
            "Errno 58",
            "Errno 52",
            "Errno 76",
            "Errno 8]",
            "Bad file descriptor",
            "zoneinfo data",
            "symlink",
            "working dir",
            "umask",
            "chmod",
            "mkfifo",
            "hardlink",
        ],
        Why::Lacks,
        "Makes, opens or lists files: the sandbox has none of its own.",
    ),
    (
        &[
            "No module named",
            "cannot import",
            "has no attribute",
            "requires _",
            "not available",
            "unavailable",
            "not supported on",
            "needs ",
        ],
        Why::Lacks,
        "Needs a module or a function of the system that is not built for WASI: ctypes, curses, readline, fcntl, pwd, signals and the like.",
    ),
    (
        &[
            "WASI",
            "wasi",
            "WASM",
            "wasm",
            "Emscripten",
            "mscripten",
            "platform",
            "POSIX",
            "Linux",
            "Unix",
            "require",
            "signal",
        ],
        Why::Lacks,
        "Says itself that it is not for WebAssembly.",
    ),
    (
        &[
            "resource",
            "bigmem",
            "memory",
            "Memory",
            "64-bit",
            "64bit",
            "64 bit",
            "too large",
            "ssize_t",
            "maxsize",
        ],
        Why::Lacks,
        "Wants more memory, or longer sequences, than 32-bit addresses reach.",
    ),
    (
        &["timeout:", "not run: timeout"],
        Why::Lacks,
        "Takes longer than the five minutes that a unit has, or waits for what never comes.",
    ),
];

/// The reason behind what was said, if it is known.
pub(crate) fn known(said: &str) -> Option<(Why, &'static str)> {
    REASONS
        .iter()
        .find(|(words, _, _)| words.iter().any(|word| said.contains(word)))
        .map(|&(_, why, reason)| (why, reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tests_say_has_a_reason() {
        let (why, _) = known("requires subprocess support").unwrap();
        assert_eq!(why, Why::Lacks);
        assert_eq!(known("assert 3 == 4"), None);
    }
}
