"""Call `main` with what it asks for of the request's input."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from inspect import CO_VARARGS, CO_VARKEYWORDS
from json import JSONDecoder
from types import CodeType, FunctionType
from typing import Any

_decode = JSONDecoder().decode

_TAKES_REST = CO_VARARGS | CO_VARKEYWORDS

#: More decorators than this on one `main` are a loop.
_MOST_WRAPPERS = 100


def invoke(main: Callable[..., Any], definition: CodeType, input_text: bytes | None) -> Any:
    """Call `main` once, with the decoded input if it takes any.

    A single parameter gets the input as it is, several get an object's members by their names.
    Without input the parameters' defaults hold; a single parameter without one is None.
    """
    function = _defined_function(main, definition)
    code = definition if function is None else function.__code__
    if not (code.co_argcount or code.co_kwonlyargcount or code.co_flags & _TAKES_REST):
        return main()
    if function is not None and _takes_names(code):
        return _by_name(main, function, input_text)
    if code.co_argcount:
        defaults = function.__defaults__ if function is not None else None
        if input_text is None and defaults:
            return main()
        return main(_decode_input(input_text))
    if code.co_kwonlyargcount and "input" in code.co_varnames[: code.co_kwonlyargcount]:
        named_defaults = function.__kwdefaults__ if function is not None else None
        if input_text is None and named_defaults:
            return main()
        return main(input=_decode_input(input_text))
    if input_text is not None and code.co_flags & CO_VARARGS:
        return main(_decode_input(input_text))
    return main()


def _takes_names(code: CodeType) -> bool:
    """Whether a function has several parameters, or one that only goes by its name.

    `input` by name is the input as it is.
    """
    names = code.co_argcount + code.co_kwonlyargcount
    return bool(
        names > 1
        or code.co_flags & CO_VARKEYWORDS
        or (code.co_kwonlyargcount and code.co_varnames[0] != "input")
    )


def _by_name(main: Callable[..., Any], function: FunctionType, input_text: bytes | None) -> Any:
    """Call `main` with the members of an input object as arguments.

    An input that is no such object goes to the first parameter, or to `input`, if that is the
    only one that must have a value: `def main(rows, limit=10)`.
    """
    code = function.__code__
    positional = code.co_varnames[: code.co_argcount]
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    optional = {*positional[len(positional) - len(function.__defaults__ or ()) :]}
    optional.update(function.__kwdefaults__ or ())
    required = [name for name in names if name not in optional]
    if input_text is None and not required:
        return main()
    value = _decode_input(input_text)
    if input_text is None:
        problem = "there is no input"
    elif type(value) is not dict:
        problem = f"the input is no object but of type {type(value).__name__}"
    elif lacking := [name for name in required if name not in value]:
        problem = f"the input lacks {_listed(lacking)}"
    elif not code.co_flags & CO_VARKEYWORDS and (extra := value.keys() - set(names)):
        problem = f"the input has {_listed(sorted(extra))}, too"
    else:
        first = [value.pop(name) for name in positional[: code.co_posonlyargcount] if name in value]
        return main(*first, **value)
    if positional and not {*required} - {positional[0]}:
        return main(value)
    if "input" in names and not {*required} - {"input"}:
        return main(input=value)
    if input_text is not None and code.co_flags & CO_VARARGS and not required:
        return main(value)
    wanted = _listed(names) if names else "anything"
    raise TypeError(f"main() takes {wanted} by name, as members of an input object; {problem}")


def _listed(names: Iterable[str]) -> str:
    """`'a', 'b' and 'c'`."""
    *most, last = map(repr, names)
    return f"{', '.join(most)} and {last}" if most else last


def _defined_function(main: Any, definition: CodeType) -> FunctionType | None:
    """The function whose parameters tell what `main` takes, None if it can't be reached.

    That is `main` itself, unless a decorator replaced it with something that takes anything:
    then it is the function the script defined.
    """
    if type(main) is FunctionType and not main.__code__.co_flags & CO_VARARGS:
        return main
    for _ in range(_MOST_WRAPPERS):
        if type(main) is FunctionType and main.__code__ is definition:
            return main
        main = getattr(main, "__wrapped__", None)
        if main is None:
            break
    return None


def _decode_input(text: bytes | None) -> Any:
    if text is None:
        return None
    try:
        return _decode(text.decode())
    except ValueError:
        # The host has checked the JSON, so this is an int of more digits than Python reads
        # by default; the default is the script's again afterwards.
        limit = sys.get_int_max_str_digits()
        sys.set_int_max_str_digits(0)
        try:
            return _decode(text.decode())
        finally:
            sys.set_int_max_str_digits(limit)
