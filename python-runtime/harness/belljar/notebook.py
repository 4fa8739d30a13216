"""Scripts that are nearly Python: in a Markdown fence, or with the commands of notebooks.

Only a script that does not compile comes here. What has one meaning is mended, line for line, so
that tracebacks keep their numbers; what has not gets a hint in the compiler's own message.
"""

from __future__ import annotations

import re

_FENCE = re.compile(r"\s*(?P<marks>`{3,}|~{3,})\s*(?P<language>[\w+.-]*)")
_PYTHON = ("", "python", "python3", "py", "py3", "ipython", "ipython3")

#: A line that a notebook takes for itself.
_COMMAND = re.compile(r"(?P<indent>[ \t]*)(?P<command>[!%].*)")
#: Installing packages: there is nothing to install from, and most are there.
_INSTALL = re.compile(r"[!%$ ]*(python3? -m )?(pip3?|conda|mamba|uv pip) +(install|upgrade)\b")
#: Settings of a notebook that mean nothing here. All others do something, and what they did would
#: be missing.
_HARMLESS = re.compile(
    r"%(matplotlib|config|load_ext|reload_ext|autoreload|pylab|%time|%capture)\b"
)

_INSTALLED = (
    "nothing can be installed in the sandbox; GET /runtime lists the packages that are there"
)
_NOTE = f"note: {_INSTALLED}\n"


def mend(source: str, line: int | None) -> tuple[str, str] | None:
    """The Python in `source`, which has an error in a line, and what to tell its author; None
    where there is nothing to mend.
    """
    lines = source.split("\n")
    if line is None or line > len(lines):
        return None
    if _first_fence(lines):
        return "\n".join(_unfenced(lines)), ""
    if _COMMAND.match(lines[line - 1]):
        mended = [_without_command(text) for text in lines]
        if mended[line - 1] != lines[line - 1]:
            notes = any(map(_INSTALL.match, set(lines) - set(mended)))
            return "\n".join(mended), _NOTE if notes else ""
    return None


def explain(error: SyntaxError, source: str) -> None:
    """Add to the compiler's message what it can't know."""
    lines = source.split("\n")
    line = error.lineno or 0
    text = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    hint = None
    if _INSTALL.match(text):
        hint = _INSTALLED
    elif text.startswith(("!", "%")):
        hint = "the commands of notebooks, which start with ! or %, are not Python"
    elif text.startswith(">>>"):
        hint = "leave out the interpreter's prompts, >>> and ..."
    elif _is_before_fences(lines, line):
        hint = "the script looks like Markdown: send only the code between the fences"
    elif error.msg and re.search("'(await|async .*)' outside", error.msg):
        hint = "put it into `async def f()` and call asyncio.run(f())"
    if hint:
        error.msg = f"{error.msg}: {hint}"


def _is_before_fences(lines: list[str], line: int) -> bool:
    """Whether there are fences, and a line comes before all of them."""
    fences = [number for number, text in enumerate(lines, 1) if _FENCE.match(text)]
    return bool(fences) and line <= fences[0]


def _first_fence(lines: list[str]) -> re.Match[str] | None:
    """The opening fence, where it is the first thing there is."""
    first = next((text for text in lines if text.strip()), "")
    fence = _FENCE.match(first)
    return fence if fence and fence["language"].lower() in _PYTHON else None


def _unfenced(lines: list[str]) -> list[str]:
    """The lines inside of Python's fences; others are empty."""
    mended, marks, is_python = [], None, False
    for text in lines:
        fence = _FENCE.match(text)
        if marks is None:
            if fence:
                marks, is_python = fence["marks"], fence["language"].lower() in _PYTHON
            mended.append("")
        elif fence and fence["marks"].startswith(marks) and not fence["language"]:
            marks = None
            mended.append("")
        else:
            mended.append(text if is_python else "")
    return mended


def _without_command(text: str) -> str:
    """A line without a command that means nothing here."""
    found = _COMMAND.match(text)
    if found and (_INSTALL.match(found["command"]) or _HARMLESS.match(found["command"])):
        return f"{found['indent']}pass"
    return text
