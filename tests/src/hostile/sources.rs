//! Source code and JSON that nests deeply: parsers and compilers recurse, too.

use super::{Hostile, May};

pub(super) const SCRIPTS: &[Hostile] = &[
    Hostile {
        name: "json.loads of nested arrays",
        script: "
import json
def main(): json.loads('[' * 200_000)",
        may: May::Fail(&["exception"]),
    },
    Hostile {
        name: "json.loads of nested objects",
        script: r#"
import json
def main(): json.loads('{"a":' * 200_000)"#,
        may: May::Fail(&["exception"]),
    },
    Hostile {
        name: "json.dumps of nested lists",
        script: "
import json
def main():
    a = []
    for _ in range(10**6): a = [a]
    json.dumps(a)",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "eval of nested parentheses",
        script: "
def main(): eval('(' * 100_000 + ')' * 100_000)",
        may: May::Fail(&["exception"]),
    },
    Hostile {
        name: "eval of nested brackets",
        script: "
def main(): eval('[' * 5000 + ']' * 5000)",
        may: May::Fail(&["exception"]),
    },
    Hostile {
        name: "compile of many minus signs",
        script: "
def main(): eval('-' * 100_000 + '1')",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "compile of a long sum",
        script: "
def main(): return eval('+'.join(['1'] * 100_000))",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "compile of a long chain of attributes",
        script: "
def main(): eval('a' + '.b' * 100_000)",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "compile of a long chain of calls",
        script: "
def main(): eval('f' + '()' * 100_000)",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "compile of nested lambdas",
        script: "
def main(): eval('lambda: ' * 50_000 + '1')",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "compile of nested functions",
        script: r"
def main():
    exec('\n'.join('    ' * n + 'def f():' for n in range(99)) + '\n' + '    ' * 99 + 'pass')",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "compile of nested ifs",
        script: "
def main(): exec('if 1: ' * 5000 + 'pass')",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "compile of elif without end",
        script: r"
def main(): exec('if 0: pass\n' + 'elif 0: pass\n' * 50_000)",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "compile of nested conditional expressions",
        script: "
def main(): return eval('1 if 0 else ' * 50_000 + '1')",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "compile of nested f-strings",
        script: r#"
def main(): exec('f"{' * 200 + '1' + '}"' * 200)"#,
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "compile of nested comprehensions",
        script: "
def main(): eval('[' * 90 + '1' + ' for a in b]' * 90)",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "compile of nested patterns",
        script: r"
def main(): exec('match 1:\n case ' + '[' * 5000 + ']' * 5000 + ': pass')",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "ast of a deep expression",
        script: "
import ast
def main():
    tree = ast.Constant(1)
    for _ in range(10**5): tree = ast.UnaryOp(ast.USub(), tree)
    compile(ast.fix_missing_locations(ast.Expression(tree)), 'x', 'eval')",
        may: May::GiveOrFail(&[
            "stack_overflow",
            "exception",
            "memory_exceeded",
            "timeout",
            "fuel_exhausted",
        ]),
    },
    Hostile {
        name: "literal_eval of deep nesting",
        script: "
import ast
def main(): ast.literal_eval('[' * 10_000 + ']' * 10_000)",
        may: May::Fail(&["exception"]),
    },
];
