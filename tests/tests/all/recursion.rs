//! The depth to which a script may recurse through C code, and the size that the compiler takes: as on a
//! desk, as far as the stack reaches, and a clean error beyond.

use belljar_tests::script;
use serde_json::json;

#[test]
fn long_chains_and_deep_nests_compile() {
    let source = "
def main():
    branches = ''.join(f'    elif x == {i}:\\n        return {i}\\n' for i in range(1, 300))
    space = {}
    exec('def f(x):\\n    if x == 0:\\n        return 0\\n' + branches, space)
    nest = ''.join(' ' * i + 'if True:\\n' for i in range(90)) + ' ' * 90 + 'y = 1\\n'
    exec(nest, space)
    comprehension = '0'
    for _ in range(40):
        comprehension = f'[{comprehension} for _ in (1,)]'
    depth, value = 0, eval(comprehension)
    while value:
        depth, value = depth + 1, value[0]
    return [space['f'](299), eval('+'.join(['1'] * 1000)), space['y'], depth]
";
    script(source).run().gives(&json!([299, 1000, 1, 40]));
}

#[test]
fn functions_called_by_c_recurse_some_hundred_levels() {
    let source = "
import functools, sys

def rank(n):
    return 0 if n == 0 else sorted([n - 1], key=rank)[0]

def depth(t):
    return 0 if not t else 1 + max(map(depth, t))

@functools.cache
def double(n):
    return 0 if n == 0 else 2 + double(n - 1)

def main():
    nest = []
    for _ in range(250):
        nest = [nest]
    deep = [rank(300), depth(nest)]
    sys.setrecursionlimit(2000)
    return [*deep, double(900)]
";
    script(source).run().gives(&json!([299, 250, 1800]));
}

#[test]
fn recursion_without_end_is_an_exception_that_can_be_caught() {
    let source = "
import functools, json, sys
sys.setrecursionlimit(10**9)

@functools.cache
def cached(n):
    return cached(n + 1)

def rank(n):
    return sorted([n + 1], key=rank)[0]

class Repr:
    def __repr__(self):
        return repr(self)

class Equal:
    def __eq__(self, other):
        return self == other

class Attribute:
    def __getattr__(self, name):
        return getattr(self, name + 'x')

def main():
    found = []
    for attempt in (
        lambda: cached(0), lambda: rank(0), lambda: repr(Repr()), lambda: Equal() == Equal(),
        lambda: Attribute().a, lambda: json.loads('[' * 10**5 + ']' * 10**5),
        lambda: json.loads('{\"a\":' * 10**5), lambda: eval('+'.join(['1'] * 5000)),
    ):
        try:
            attempt()
            found.append('no error')
        except RecursionError:
            found.append('RecursionError')
    return sorted(set(found))
";
    script(source)
        .generously()
        .run()
        .gives(&json!(["RecursionError"]));
}

#[test]
fn what_is_too_complex_to_compile_is_no_syntax_error() {
    let mut source = "def main(x):\n    if x == 0:\n        return 0\n".to_owned();
    for branch in 1..2000 {
        source += &format!("    elif x == {branch}:\n        return 1\n");
    }
    script(&source)
        .generously()
        .run()
        .fails_with("exception")
        .says("RecursionError");
}
