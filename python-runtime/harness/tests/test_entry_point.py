"""Which scripts have a `main`, and how it gets its input."""

import sys

from support import function

NO_MAIN = ("missing_main", "Script must contain a 'def main()' function")


def test_main_may_be_defined_in_any_module_level_block() -> None:
    for script in (
        "if True:\n    def main(): return 1",
        "try:\n    import nothing_of_this_name\nexcept ImportError:\n    def main(): return 1",
        "try:\n    pass\nfinally:\n    def main(): return 1",
        "for _ in 1, 2:\n    def main(): return 1",
        "while True:\n    def main(): return 1\n    break",
        "import contextlib\nwith contextlib.suppress():\n    def main(): return 1",
        "match 1:\n    case _:\n        def main(): return 1",
        "@lambda function: function\ndef main(): return 1",
        "global main\ndef main(): return 1",
        "def main(): return 0\ndef main(): return 1",
    ):
        assert function(script).value == 1, script


def test_anything_else_named_main_is_not_it() -> None:
    for script in (
        "",
        "x = 1",
        "main = lambda: 1",
        "class main: pass",
        "class A:\n    def main(self): pass",
        "class A:\n    class main:\n        def main(self): pass",
        "def outer():\n    def main(): pass",
        "def outer():\n    global main\n    def main(): pass\nouter()",
        "from os.path import join as main",
        "main = 4",
        "def Main(): pass",
        "if False:\n    def main(): pass",
    ):
        function(script).fails_with(*NO_MAIN)


def test_without_main_nothing_runs() -> None:
    outcome = function("print('running')\ndef man(): pass")
    assert outcome.stdout == ""


def test_a_main_after_code_that_never_ends_is_not_missing() -> None:
    # The compiler drops what follows an endless loop; the loop is what the author must hear of.
    for script in (
        "while True:\n    raise StopIteration('loop')\ndef main(): pass",
        "while 1:\n    raise StopIteration('loop')\nelse:\n    pass\ntry:\n    def main(): pass\nfinally: pass",
    ):
        function(script).fails_with("exception", "StopIteration: loop")


def test_a_main_that_was_not_or_is_no_longer_defined_is_missing() -> None:
    for script in (
        "if __name__ == '__main__':\n    def main(): pass",
        "def main(): pass\ndel main",
        "def main(): pass\nmain = 5",
    ):
        function(script).fails_with(*NO_MAIN)


def test_generic_functions_count_and_generic_classes_and_type_aliases_do_not() -> None:
    if sys.version_info < (3, 14):
        return
    assert function("def main[T](value: T) -> T: return value", input_text="3").value == 3
    assert function("async def main[T = int](*values: T): return 3").value == 3
    for script in (
        "class main[T]: pass",
        "class main[T]:\n    def main(self): pass",
        "type main = int",
        "type main[T] = list[T]",
        "def f[main: int](): pass",
        "class A[main: (int, str)]: pass",
    ):
        function(script).fails_with(*NO_MAIN)


def test_a_parameter_gets_the_decoded_input() -> None:
    assert function(
        "def main(data): return data['a']", input_text='{"a": [1, 2.5, "é"]}'
    ).value == [1, 2.5, "é"]
    assert function("def main(data, /): return data", input_text="null").value is None
    assert function("def main(self, other=2): return [self, other]", input_text="1").value == [1, 2]
    assert function("def main(*rest): return rest", input_text="1").value == [1]
    assert function("async def main(data): return data", input_text="1").value == 1


def test_a_keyword_only_input_gets_it_by_name() -> None:
    assert function("def main(*, input): return input", input_text="1").value == 1
    assert function(
        "def main(*, other=0, input=5): return [other, input]", input_text="1"
    ).value == [0, 1]


def test_without_parameters_input_is_ignored() -> None:
    assert function("def main(): return 'fine'", input_text="1").value == "fine"


def test_without_input_the_default_holds_else_none() -> None:
    assert function("def main(data=5): return data").value == 5
    assert function("def main(data): return data").value is None
    assert function("def main(*, input=5): return input").value == 5
    assert function("def main(*, input): return input").value is None
    assert function("def main(*rest): return rest").value == []


def test_a_decorated_main_gets_what_its_definition_asks_for() -> None:
    wrapper = """
import functools
def decorate(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs): return ["wrapped", function(*args, **kwargs)]
    return wrapper
@decorate
"""
    assert function(wrapper + "def main(): return 1", input_text="2").value == ["wrapped", 1]
    assert function(wrapper + "def main(data): return data", input_text="2").value == ["wrapped", 2]
    assert function(wrapper + "def main(data=3): return data").value == ["wrapped", 3]
    assert function(wrapper + "def main(data): return data").value == ["wrapped", None]
    assert (
        function(wrapper + "async def main(data=3): return data").fault["kind"]
        == "not_serializable"
    )


def test_a_decorator_that_changes_the_parameters_is_believed() -> None:
    script = "def inject(f):\n    return lambda: f(42)\n@inject\ndef main(data): return data"
    assert function(script, input_text="1").value == 42


def test_a_main_that_became_another_callable_gets_its_input() -> None:
    cached = "import functools\n@functools.lru_cache\ndef main(data): return data"
    partial = "import functools\ndef main(a, b): return [a, b]\nmain = functools.partial(main, 1)"
    instance = "class Task:\n    def __call__(self, data): return data\ndef main(data): pass\nmain = Task()"
    assert function(cached, input_text="1").value == 1
    assert function(partial, input_text="2").value == [1, 2]
    assert function(instance, input_text="3").value == 3


def test_wrappers_that_wrap_themselves_end() -> None:
    script = "def main(*args): return len(args)\nclass Loop:\n    def __call__(self, *a): return len(a)\nmain = Loop()\nmain.__wrapped__ = main"
    assert function(script, input_text="1").value == 1


def test_several_parameters_get_the_members_of_an_object() -> None:
    for parameters, returned, text, expected in (
        ("a, b", "[a, b]", '{"a": 1, "b": 2}', [1, 2]),
        ("a, b=5", "[a, b]", '{"a": 1}', [1, 5]),
        ("a=3, b=5", "[a, b]", '{"b": 1}', [3, 1]),
        ("a=3, b=5", "[a, b]", "{}", [3, 5]),
        ("a, b, /, c", "[a, b, c]", '{"c": 3, "b": 2, "a": 1}', [1, 2, 3]),
        ("*, a, b=2", "[a, b]", '{"a": 1}', [1, 2]),
        ("*, a", "a", '{"a": 1}', 1),
        ("**kw", "kw", '{"a": 1, "b": 2}', {"a": 1, "b": 2}),
        ("a, **kw", "[a, kw]", '{"a": 1, "b": 2}', [1, {"b": 2}]),
        ("*rest, **kw", "[rest, kw]", '{"a": 1}', [[], {"a": 1}]),
        ("first, *rest, last=2", "[first, rest, last]", '{"first": 1}', [1, [], 2]),
    ):
        script = f"def main({parameters}): return {returned}"
        assert function(script, input_text=text).value == expected, parameters
    decorated = "import functools\n@functools.cache\ndef main(a, b): return a - b"
    assert function(decorated, input_text='{"b": 1, "a": 3}').value == 2
    assert function("async def main(a, b): return a + b", input_text='{"a": 1, "b": 2}').value == 3


def test_one_parameter_gets_an_object_as_it_is() -> None:
    for parameters in ("a", "a, /", "*a", "a=1", "*, input"):
        name = parameters.strip("*, /=1")
        script = f"def main({parameters}): return {name}"
        value = function(script, input_text='{"a": 1}').value
        assert value in ({"a": 1}, [{"a": 1}]), parameters


def test_what_is_no_such_object_goes_to_the_only_parameter_that_needs_a_value() -> None:
    for parameters, text, expected in (
        ("rows, limit=10", "[1]", [[1], 10]),
        ("rows, limit=10", '{"k": 1}', [{"k": 1}, 10]),
        ("rows=1, limit=10", '{"k": 1}', [{"k": 1}, 10]),
        ("rows, **limit", '{"k": 1}', [{"k": 1}, {}]),
        ("*rows, **limit", "1", [[1], {}]),
        ("rows, limit=10", None, [None, 10]),
        ("rows=1, limit=10", None, [1, 10]),
    ):
        script = f"def main({parameters}): return [rows, limit]"
        assert function(script, input_text=text).value == expected, (parameters, text)


def test_an_input_that_does_not_fit_says_what_main_takes() -> None:
    takes = "TypeError: main() takes 'a' and 'b' by name, as members of an input object; "
    for text, problem in (
        (None, "there is no input"),
        ("[1, 2]", "the input is no object but of type list"),
        ('{"a": 1}', "the input lacks 'b'"),
        ('{"a": 1, "b": 2, "c": 3}', "the input has 'c', too"),
    ):
        outcome = function("def main(a, b): pass", input_text=text)
        outcome.fails_with("exception", takes + problem)
    function("def main(**kw): pass", input_text="1").fails_with(
        "exception",
        "TypeError: main() takes anything by name, as members of an input object;"
        " the input is no object but of type int",
    )


def test_integers_in_the_input_may_be_of_any_length() -> None:
    digits = "9" * 5000
    outcome = function(
        "import sys\ndef main(n): return [n % 1000, sys.get_int_max_str_digits()]",
        input_text=digits,
    )
    assert outcome.value == [999, sys.get_int_max_str_digits()]


def test_input_nested_too_deeply_is_an_exception() -> None:
    text = "[" * 200_000 + "]" * 200_000
    assert function("def main(data): pass", input_text=text).fault["kind"] == "exception"
