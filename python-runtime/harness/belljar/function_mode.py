"""Function mode: import the script as a module, call `main` once, answer with its value."""

from __future__ import annotations

from types import CoroutineType

from . import arguments, closing, entry_point, event_loop, faults, interpreter, turns, wire
from .encoder import encode
from .script import compile_script, new_module, text

_NO_MAIN = faults.fault("missing_main", "Script must contain a 'def main()' function")


def run(script: bytes, input_text: bytes | None) -> bytes:
    """The answer of a script that defines `main`."""
    try:
        code = compile_script(script)
    except BaseException as error:
        return faults.from_compiler(error)
    definition = entry_point.find(code)
    if definition is None and not _has_unreachable_main():
        return _NO_MAIN
    namespace = new_module("script")
    try:
        exec(code, namespace)
        main = namespace.get("main")
        if definition is not None and callable(main):
            value = arguments.invoke(main, definition, input_text)
            if type(value) is CoroutineType:
                value = event_loop.run(value)
            if turns.pending:
                turns.finish()
            closing.keep(value)
            interpreter.reclaim()
            answer = wire.VALUE + encode(value)
        else:  # Its definition never ran, or was undone.
            answer = _NO_MAIN
    except BaseException as error:
        answer = faults.INDESCRIBABLE
        for _ in interpreter.ATTEMPTS:
            try:
                any(map(interpreter.free_tool, interpreter.TOOLS))
                interpreter.restore_recursion_limit()
                answer = _failed(error)
                break
            except BaseException:
                pass  # The script's tracer or profiler; having raised, it is unset.
    closing.close()
    return answer


def _failed(error: BaseException) -> bytes:
    """The answer of a script that `error` stopped, who knows where."""
    interpreter.free_reserve()
    closing.keep(error)
    interpreter.reclaim_after_failure()
    return faults.from_exception(error)


def _has_unreachable_main() -> bool:
    try:
        return entry_point.is_unreachable(text())
    except (RecursionError, MemoryError):  # It compiled, but is nested too deeply to look at.
        return False
