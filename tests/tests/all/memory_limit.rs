//! The memory limit: who raises what, and who is told.

use belljar_tests::{program, script, shared};
use serde_json::json;

#[test]
fn a_memory_error_that_is_caught_is_the_scripts_own_affair() {
    let source = "
def main():
    try:
        hoard = bytearray(1 << 30)
    except MemoryError as error:
        return 'caught'";
    script(source)
        .memory_bytes(400 << 20)
        .run()
        .gives(&json!("caught"));
}

#[test]
fn a_memory_error_that_is_not_caught_is_the_limits_doing() {
    let source = "
def main():
    print('kept')
    hoard = []
    while True:
        hoard.append('x' * 1_000_000 + str(len(hoard)))";
    script(source)
        .memory_bytes(400 << 20)
        .run()
        .fails_with("memory_exceeded")
        .says("MemoryError")
        .says("memory_bytes")
        .says(&(400 << 20).to_string())
        .at_line(6)
        .prints("kept\n");
}

#[test]
fn a_memory_error_of_numpys_is_the_limits_doing_too() {
    // It raises a subclass of MemoryError with a name of its own.
    script("import numpy as np\ndef main(): return np.ones(2**27).sum()")
        .memory_bytes(400 << 20)
        .run()
        .fails_with("memory_exceeded")
        .says("MemoryError")
        .says("memory_bytes")
        .at_line(2);
}

#[test]
fn a_memory_error_of_the_scripts_own_making_is_an_exception() {
    script("def main(): raise MemoryError('mine')")
        .run()
        .fails_with("exception")
        .says("MemoryError: mine");
}

#[test]
fn memory_used_up_in_small_pieces_is_still_told_as_the_limits_doing() {
    let bombs = [
        "a = []\n    while True: a.append([a])",
        "a = {}\n    while True: a[len(a)] = str(len(a))",
        "a = []\n    while True: a.append(object())",
        "a = 'x'\n    while True: a += a",
        "a = []\n    while True: a.append((lambda: a, {len(a)}, 'x' * 9))",
        "import numpy as np\n    a = [np.ones(10**6)]\n    while True: a.append(np.concatenate(a))",
        "a = [0]\n    while True: a *= 2",
        "import itertools\n    a = set(itertools.count())",
        "try:\n        a = []\n        while True: a.append(bytearray(4096))\n    finally:\n        \
         print(len(a), a.append(bytearray(10**8)))",
        "a = []\n    while True: a.append({})",
        "a = []\n    for _ in iter(int, 1): a.append(type('C', (), {}))",
        "import pandas as pd\n    a = []\n    while True: a.append(pd.DataFrame({'x': range(10**5)}))",
    ];
    let interpreter = shared().info().image.memory_bytes >> 20;
    let mut problems = Vec::new();
    for (bomb, megabytes) in bombs
        .iter()
        .flat_map(|bomb| [20, 50, 90].map(|n| (bomb, interpreter + n)))
    {
        let source = format!("def main():\n    print('kept')\n    {bomb}");
        let program = script(source).memory_bytes(megabytes << 20).build();
        let outcome = shared().execute(&program).unwrap();
        assert!(outcome.stdout.starts_with(b"kept\n"), "{bomb}");
        assert!(outcome.usage.memory_bytes <= megabytes << 20, "{bomb}");
        let completion = format!("{:?}", outcome.completion);
        if !completion.contains("MemoryExceeded") {
            problems.push(format!("{megabytes} MiB, {bomb:?}: {completion:.150}"));
        }
    }
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn a_program_that_needs_too_much_memory_gets_a_traceback_or_the_limit() {
    let run = program("print('kept')\na = bytearray(10**9)")
        .memory_bytes(400 << 20)
        .run();
    assert_eq!(run.stdout(), "kept\n");
    match run.fault_if_any() {
        Some(fault) => assert_eq!(fault.kind.name(), "memory_exceeded"),
        None => assert!(run.stderr().contains("MemoryError"), "{}", run.stderr()),
    }
}

#[test]
fn less_memory_than_the_snapshot_has_is_one_clean_answer() {
    for bytes in [1 << 20, 64 << 20, 90 << 20] {
        let program = script("def main(): return 1").memory_bytes(bytes).build();
        match shared().execute(&program) {
            Ok(outcome) => {
                let ending = format!("{:?}", outcome.completion);
                assert!(
                    ending.contains("Value(1)") || ending.contains("MemoryExceeded"),
                    "{ending}"
                );
            }
            Err(error) => {
                let text = error.to_string();
                assert!(text.contains("memory_bytes"), "{text}");
                assert!(!text.contains("wasm"), "{text}");
            }
        }
    }
}
