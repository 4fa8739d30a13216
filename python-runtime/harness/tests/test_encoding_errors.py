"""Return values without a JSON form: what is said about them, and where."""

from support import function, returned

KIND = "not_serializable"


def test_the_path_leads_to_the_value() -> None:
    script = "class Foo: pass\ndef main(): return {'a': [1, 2, 3, Foo()]}"
    message = 'result["a"][3]: object of type Foo is not JSON serializable; return a dict instead, for example vars(...) of it'
    function(script).fails_with(KIND, message)


def test_the_path_leads_through_every_kind_of_container() -> None:
    script = """
import dataclasses, collections, types
@dataclasses.dataclass
class Box: inside: object
def main(): return types.MappingProxyType({1: Box(collections.deque([0, ("x", object())]))})
"""
    message = 'result["1"]["inside"][1][1]: object of type object is not JSON serializable'
    function(script).fails_with(KIND, message)


def test_hints_say_what_to_do() -> None:
    for expression, problem in {
        "(i for i in range(3))": "generator is not JSON serializable; use list(...) to collect what it yields",
        "map(str, [1])": "map is not JSON serializable; use list(...) to collect its items",
        "print": "builtin_function_or_method is not JSON serializable; call it",
        "1j": "complex is not JSON serializable; use [z.real, z.imag] or str(z)",
        "int": "type is not JSON serializable; use an instance, or its __name__",
        "__import__('sys')": "module is not JSON serializable; use its __name__",
        "ValueError('x')": "ValueError is not JSON serializable; use str(...) of it",
        "__import__('re').compile('a')": "re.Pattern is not JSON serializable",
        "object()": "object is not JSON serializable",
    }.items():
        returned(expression).fails_with(KIND, f"result: object of type {problem}")


def test_a_generator_main_is_told_so() -> None:
    function("def main(): yield 1").fails_with(
        KIND,
        "result: object of type generator is not JSON serializable; use list(...) to collect what it yields",
    )
    assert "async for" in function("async def main(): yield 1").fault["message"]


def test_circular_references_are_found() -> None:
    script = "def main():\n    a = {'k': []}\n    a['k'].append((1, a))\n    return a"
    function(script).fails_with(KIND, 'result["k"][0][1]: circular reference: it contains itself')


def test_a_value_twice_is_no_circle() -> None:
    assert function("def main():\n    a = [1]\n    return [a, {'a': a}, {b'k': a}]").value == [
        [1],
        {"a": [1]},
        {"aw==": [1]},
    ]


def test_what_is_nested_too_deeply_is_refused() -> None:
    for depth in (1_500, 5_000):
        script = f"def main():\n    value = {{(): 1}}\n    for _ in range({depth}): value = [value]\n    return value"
        fault = function(script).fault
        assert fault["kind"] == KIND, fault
        assert "nested too deeply" in fault["message"] and len(fault["message"]) < 200, fault


def test_a_long_path_is_shortened() -> None:
    script = (
        "def main():\n    value = print\n    for _ in range(100): value = [value]\n    return value"
    )
    expected = (
        "result" + "[0]" * 6 + "..." + "[0]" * 6 + ": object of type builtin_function_or_method"
    )
    assert function(script).fault["message"].startswith(expected)
    assert len(returned("{'k' * 100_000: print}").fault["message"]) < 300


def test_keys_without_a_text_form_are_refused() -> None:
    returned("{'a': {(1, 2): 3}}").fails_with(
        KIND, 'result["a"]: a key of type tuple has no JSON form; use a string'
    )
    returned("{object(): 3}").fails_with(
        KIND, "result: a key of type object has no JSON form; use a string"
    )
    returned("{frozenset(): 3}").fails_with(
        KIND, "result: a key of type frozenset has no JSON form; use a string"
    )


def test_what_the_scripts_own_code_raises_is_an_exception() -> None:
    script = """
from collections.abc import Mapping
class Broken(Mapping):
    def __len__(self): return 1
    def __getitem__(self, key): return key
    def __iter__(self): raise LookupError("broken")
def main(): return [Broken()]
"""
    outcome = function(script)
    outcome.fails_with("exception", "LookupError: broken")
    assert outcome.fault["line"] == 6


def test_leaving_from_within_a_value_is_an_exit() -> None:
    script = "class M(dict):\n    def items(self): raise SystemExit(5)\ndef main(): return M(a=1)"
    assert function(script).fault["exit_code"] == 5


def test_a_type_that_lies_about_itself_changes_nothing() -> None:
    script = """
class Liar:
    @property
    def __class__(self): return str
class Shy(type):
    def __getattribute__(cls, name): raise RuntimeError(name)
def main(kind): return [Liar()] if kind == 1 else [Shy("S", (), {})()]
"""
    assert function(script, input_text="1").fault["kind"] == KIND
    assert function(script, input_text="2").fault["kind"] in (KIND, "exception")


def test_one_bad_value_does_not_disturb_the_next_run() -> None:
    function("def main():\n    a = []\n    a.append(a)\n    return a")
    assert returned("[[1]]").value == [[1]]
