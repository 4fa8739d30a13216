"""What scripts display: objects by their own word, within caps."""

import json
from typing import Any

from belljar import display
from support import function, program

PNG = "b'\\x89PNG\\r\\n'"


def shown(body: str, **request: Any) -> list[Any]:
    """What a program displays that defines `thing`."""
    return program(f"{body}\ndisplay(thing)", **request).items


def of_class(methods: str, name: str = "Thing") -> list[Any]:
    return shown(
        f"class {name}:\n    {methods}\n    def __repr__(self): return 'a thing'\nthing = {name}()"
    )


def test_text_is_shown_as_it_is_and_others_by_their_repr() -> None:
    assert shown("thing = 'it is\\n\\ud800'") == [("text/plain", b"it is\n?", "")]
    assert shown("thing = [1, 'x']") == [("text/plain", b"[1, 'x']", "")]


def test_the_richest_form_wins_and_plain_text_says_it_in_words() -> None:
    methods = "_repr_latex_ = lambda s: '$x$'\n    _repr_html_ = lambda s: '<b>\\u00fc</b>'"
    assert of_class(methods) == [("text/html", "<b>ü</b>".encode(), "a thing")]
    assert of_class("_repr_svg_ = lambda s: '<svg/>'") == [("image/svg+xml", b"<svg/>", "a thing")]
    assert of_class("_repr_latex_ = lambda s: '$x$'") == [("text/latex", b"$x$", "a thing")]
    assert of_class("_repr_markdown_ = lambda s: '# x'") == [("text/markdown", b"# x", "a thing")]


def test_images_are_bytes_or_base64() -> None:
    expected = [("image/png", b"\x89PNG\r\n", "a thing")]
    assert of_class(f"_repr_png_ = lambda s: {PNG}") == expected
    assert of_class("_repr_png_ = lambda s: 'iVBORw0K'") == [
        ("image/png", b"\x89PNG\r\n", "a thing")
    ]
    assert of_class("_repr_jpeg_ = lambda s: b'x'") == [("image/jpeg", b"x", "a thing")]


def test_json_is_encoded_as_results_are() -> None:
    ((media_type, data, _),) = of_class(
        "_repr_json_ = lambda s: {'a': (1, float('nan')), 'b': {2}}"
    )
    assert (media_type, json.loads(data)) == ("application/json", {"a": [1, None], "b": [2]})


def test_metadata_is_left_out() -> None:
    assert of_class("_repr_html_ = lambda s: ('<i>', {'isolated': True})")[0][1] == b"<i>"


def test_a_bundle_has_many_forms_of_which_one_is_shown() -> None:
    bundle = "{'text/plain': 'words', 'text/html': '<b>', 'text/latex': '$'}"
    expected = [("text/html", b"<b>", "words")]
    assert (
        of_class(f"_repr_mimebundle_ = lambda s, include=None, exclude=None: {bundle}") == expected
    )
    assert program(f"display({bundle}, raw=True)").items == expected
    only_plain = program("display({'text/plain': 'words'}, raw=True)")
    assert only_plain.items == [("text/plain", b"words", "")]
    own = program("display({'application/x-own': 'data', 'text/plain': 'p'}, raw=True)")
    assert own.items == [("application/x-own", b"data", "p")]
    outcome = function("def main():\n    display([1], raw=True)")
    outcome.fails_with("exception", "TypeError: display(..., raw=True) takes dicts, not list")


def test_several_are_shown_in_order_in_both_modes() -> None:
    assert [item[1] for item in program("display(1, 2)\ndisplay(3)").items] == [b"1", b"2", b"3"]
    outcome = function("def main():\n    display('a')\n    return 5")
    assert (outcome.items, outcome.value) == ([("text/plain", b"a", "")], 5)


def test_what_was_shown_before_a_failure_is_kept() -> None:
    outcome = function("def main():\n    display('a')\n    1 / 0")
    assert outcome.items == [("text/plain", b"a", "")]
    assert outcome.fault["kind"] == "exception"


def test_a_method_that_fails_is_passed_over_with_a_word() -> None:
    for methods, word in (
        ("_repr_html_ = lambda s: 1 / 0", "_repr_html_ of Thing raised ZeroDivisionError"),
        ("_repr_html_ = lambda s: 5", "_repr_html_ of Thing gave int, which is no text/html"),
        ("_repr_png_ = lambda s: [1]", "_repr_png_ of Thing gave list"),
        ("_repr_mimebundle_ = lambda s: {}['x']", "_repr_mimebundle_ of Thing raised KeyError"),
    ):
        outcome = program(
            f"class Thing:\n    {methods}\n    __repr__ = lambda s: 'r'\ndisplay(Thing())"
        )
        assert outcome.items == [("text/plain", b"r", "")], methods
        assert word in outcome.stderr, outcome.stderr


def test_none_means_that_there_is_no_such_form() -> None:
    assert of_class("_repr_html_ = lambda s: None") == [("text/plain", b"a thing", "")]
    assert of_class("_repr_html_ = None")[0][0] == "text/plain"


def test_a_repr_that_raises_is_told() -> None:
    item = program("class Bad:\n    def __repr__(self): raise ValueError\ndisplay(Bad())").items[0]
    assert item[1] == b"<Bad whose repr raised ValueError>"


def test_classes_and_mocks_are_not_asked() -> None:
    assert shown("class thing:\n    def _repr_html_(self): return '<b>'")[0][0] == "text/plain"
    assert shown("from unittest.mock import Mock\nthing = Mock()")[0][0] == "text/plain"


def test_a_loop_ends_with_the_most_items_there_may_be() -> None:
    outcome = program("for i in range(100_000): display(i)\nprint('end')")
    assert len(outcome.items) == display.ITEMS
    assert outcome.is_cut
    assert outcome.stdout == "end\n"
    assert outcome.stderr == f"display: left out more than {display.ITEMS} items\n"


def test_what_is_too_large_is_left_out_and_the_rest_is_not() -> None:
    outcome = program(
        f"display('a')\ndisplay({{'text/html': 'x' * {display.ITEM_BYTES}}}, raw=True)\ndisplay('b')"
    )
    assert [item[1] for item in outcome.items] == [b"a", b"b"]
    assert outcome.is_cut and "the limit for one item is 2,097,152" in outcome.stderr


def test_all_of_them_together_are_limited_too() -> None:
    outcome = program(
        "for _ in range(5): display({'text/html': 'x' * 1_500_000}, raw=True)\ndisplay('z')"
    )
    assert [len(item[1]) for item in outcome.items] == [1_500_000, 1_500_000, 1]
    assert outcome.is_cut and "for all items" in outcome.stderr


def test_long_text_and_long_words_are_cut() -> None:
    assert len(program("display('x' * 10**6)").items[0][1].decode()) == 200_001
    item = of_class(
        "_repr_html_ = lambda s: '<b>'\n    def __repr__(s): return 'w' * 10**6\n    __str__ = None"
    )
    assert len(item[0][2]) <= 2001 or item[0][2] == "a thing"


def test_a_request_that_wants_nothing_gets_nothing() -> None:
    script = "class Thing:\n    def _repr_html_(self): print('asked')\ndisplay(Thing())\nfor i in range(99): display(i)"
    outcome = program(script, shows=False)
    assert (outcome.items, outcome.is_cut, outcome.stdout, outcome.stderr) == ([], False, "", "")


def test_a_script_may_have_a_display_of_its_own() -> None:
    assert function("def display(x): return x + 1\ndef main(): return display(1)").value == 2


def test_what_a_script_breaks_breaks_only_its_own() -> None:
    outcome = function(
        "import builtins\nbuiltins.display = None\ndel builtins.repr\ndef main(): return 1"
    )
    assert outcome.value == 1
    assert program("display(1)").items == [("text/plain", b"1", "")]
