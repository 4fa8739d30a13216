//! Bounds on what a script may leave behind: output, results, and how deep it may go.

use belljar_tests::script;
use serde_json::json;

#[test]
fn output_is_cut_at_its_limit() {
    for (stream, write) in [
        ("stdout", "print('x' * 10)"),
        ("stderr", "print('x' * 10, file=sys.stderr)"),
        ("stdout", "os.write(1, b'x' * 10_000_000)"),
        ("stderr", "os.write(2, b'xxx')"),
        (
            "stdout",
            "try: print('x' * 1000, flush=True)\n        except BaseException: pass",
        ),
    ] {
        let source = format!("import os, sys\ndef main():\n    while True:\n        {write}");
        let run = script(source).output_bytes(1000).run();
        let run = run
            .fails_with("output_exceeded")
            .says("1000 bytes")
            .says(stream);
        let outcome = run.outcome();
        assert!(outcome.truncated.names().eq([stream]), "{write}");
        let (cut, other) = match stream {
            "stdout" => (&outcome.stdout, &outcome.stderr),
            _ => (&outcome.stderr, &outcome.stdout),
        };
        assert_eq!((cut.len(), other.len()), (1000, 0), "{write}");
    }
}

#[test]
fn empty_writes_grow_nothing() {
    let source = "
import os, sys
def main():
    for _ in range(100_000):
        os.write(1, b'')
        os.write(2, b'')
        sys.stdout.write('')
        sys.stdout.flush()
    return 'done'";
    let run = script(source).output_bytes(1).run().gives(&json!("done"));
    assert_eq!((run.stdout(), run.stderr()), (String::new(), String::new()));
    assert_eq!(run.outcome().stdout.capacity(), 0);
}

#[test]
fn a_giant_result_is_refused() {
    script("def main():\n    print('kept')\n    return list(range(2_000_000))")
        .run()
        .fails_with("result_too_large")
        .says("4194304")
        .prints("kept\n");
}

#[test]
fn deep_recursion_is_an_exception_that_can_be_caught() {
    let source = "
def f(n): return f(n + 1)
def main():
    try:
        f(0)
    except RecursionError as error:
        return str(error)";
    script(source)
        .run()
        .gives(&json!("maximum recursion depth exceeded"));
}

#[test]
fn recursion_with_a_raised_limit_ends_in_a_stack_overflow_and_nothing_worse() {
    let source = "
import sys
class Deep:
    def __init__(self, depth): self.depth = depth
    def __repr__(self): return '%r' % Deep(self.depth + 1)
def main():
    print('kept')
    sys.setrecursionlimit(10**9)
    repr(Deep(0))";
    let run = script(source).run().prints("kept\n");
    let kind = run.fault().kind.name();
    // Python notices most of them itself.
    assert!(["exception", "stack_overflow"].contains(&kind), "{kind}");
    let source = "
import sys
def f(): f()
def main():
    print('kept')
    sys.setrecursionlimit(10**9)
    f()";
    script(source)
        .run()
        .fails_with("stack_overflow")
        .prints("kept\n");
}

#[test]
fn a_callers_small_stack_does_not_matter() {
    let source = "
import sys
def main():
    sys.setrecursionlimit(10**9)
    value = ()
    for _ in range(1_000_000):
        value = (value,)
    return hash(value)";
    let thread = std::thread::Builder::new().stack_size(128 << 10);
    let run = move || script(source).run().fault().kind.name();
    assert_eq!(thread.spawn(run).unwrap().join().unwrap(), "stack_overflow");
}
