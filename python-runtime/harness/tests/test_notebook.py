"""Scripts that are nearly Python."""

from support import function, program

PLOT = "import math\nprint(math.floor(1.5))"


def test_a_markdown_fence_is_taken_off() -> None:
    for fenced in (
        "```python\nprint(1)\n```",
        "\n\n```py\nprint(1)\n```\n\nThis prints one.\n",
        "```\nprint(1)",
        "~~~ python3\nprint(1)\n~~~\n```bash\npip install x\n```",
        "```python\nprint(1)\n```\nand then\n```python\n```",
        "````python\nx = '''\n```\n'''\nprint(1)\n````",
        '\ufeff```python title="a.py"\r\nprint(1)\r\n```\r\n',
    ):
        outcome = program(fenced)
        assert (outcome.exit_code, outcome.stdout, outcome.stderr) == (0, "1\n", ""), fenced
    assert function("```python\ndef main():\n    return 1\n```").value == 1


def test_lines_keep_their_numbers() -> None:
    fault = function("```python\ndef main():\n    return 1 / 0\n```").fault
    assert fault["line"] == 3
    assert "return 1 / 0" in fault["traceback"]


def test_settings_of_a_notebook_mean_nothing() -> None:
    for command in ("%matplotlib inline", "%load_ext autoreload", "%%time", "%config X = 1"):
        outcome = program(f"{command}\n{PLOT}")
        assert (outcome.exit_code, outcome.stdout, outcome.stderr) == (0, "1\n", ""), command
    inside = program("if True:\n    %matplotlib inline\nprint(7 % 4)")
    assert (inside.exit_code, inside.stdout) == (0, "3\n")


def test_installing_says_that_nothing_is_installed() -> None:
    for command in ("!pip install pandas", "%pip install -q x", "!python -m pip install x"):
        outcome = program(f"{command}\n{PLOT}")
        assert (outcome.exit_code, outcome.stdout) == (0, "1\n"), command
        assert "/runtime" in outcome.stderr
    fenced = function("```python\n!pip install x\ndef main():\n    return 1\n```")
    assert (fenced.value, fenced.stderr.count("/runtime")) == (1, 1)


def test_what_can_not_be_mended_gets_a_hint() -> None:
    for script, hint in (
        ("!ls", "notebook"),
        ("%run other.py", "notebook"),
        ("x = 1\n%time f()", "notebook"),
        ("pip install pandas\nimport pandas", "/runtime"),
        ("$ pip install pandas", "/runtime"),
        (">>> print(1)", "prompts"),
        ("Here is the code:\n```python\nprint(1)\n```", "Markdown"),
        ("import asyncio\nprint(await f())", "asyncio.run"),
        ("async with x: pass", "asyncio.run"),
        ("async for y in x: pass", "asyncio.run"),
    ):
        outcome = program(script)
        assert outcome.exit_code == 1 and hint in outcome.stderr, (script, outcome.stderr)
        fault = function(script).fault
        assert fault["kind"] == "syntax_error" and hint in fault["message"], (script, fault)


def test_an_error_in_python_stays_what_it_is() -> None:
    script = 'def f(:\n    """\n```python\nprint(1)\n```\n"""\n'
    assert program("x = 1\ny = = 2").stderr.count("Markdown") == 0
    assert program('"""\n```\nprint(1)\n```\n"""\ny = = 2').exit_code == 1
    assert program(script).stdout == ""
    assert program("```python\ny = = 2\n```").stderr.count("line 2") == 1
    assert program("5 % 3\n!rm\n%matplotlib").stdout == ""
