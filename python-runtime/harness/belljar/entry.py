"""Where the host enters: one request in, exactly one answer out."""

from __future__ import annotations

from . import (
    display,
    door,
    faults,
    figures,
    function_mode,
    interpreter,
    options,
    program_mode,
    wire,
)

#: The interpreter's exit status, and whether it should quit: neither ever concerns a script.
_DONE = (0, False)


def turn(request: bytes, environ: object = None) -> tuple[int, bool]:
    """Run the script in `request` and hand its answer to the host."""
    try:
        answer = _answer(request)
        if figures.open_figures:
            display.close()
    except BaseException as error:
        any(map(interpreter.free_tool, interpreter.TOOLS))
        answer = faults.internal(error)
    door.call(answer)
    return _DONE


def _answer(frame: bytes) -> bytes:
    request = wire.parse(frame)
    if request.seed is not None:
        options.seed(request.seed)
    if request.options is not None:
        options.apply(request.options)
    if not request.display:
        display.turn_off()
    if request.mode == wire.FUNCTION:
        return function_mode.run(request.script, request.input)
    if request.mode == wire.PROGRAM:
        return program_mode.run(request.script)
    raise wire.MalformedRequest(f"there is no mode {request.mode}")
