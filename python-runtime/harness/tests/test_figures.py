"""What matplotlib draws comes with the answer."""

import struct
from typing import Any

from belljar import display
from support import function, program

REQUIRES = ("matplotlib.pyplot",)

IMPORT = "import matplotlib.pyplot as plt\n"


def size_of(png: bytes) -> tuple[Any, ...]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", png[16:24])


def test_show_gives_every_open_figure_and_closes_it() -> None:
    outcome = program(
        IMPORT + "plt.figure(figsize=(3, 2)); plt.plot([1, 2]); plt.title('First')\n"
        "plt.figure(figsize=(4, 1), dpi=50); plt.plot([2, 1])\nplt.show()\nprint(plt.get_fignums())"
    )
    (first, second) = outcome.items
    assert (first[0], size_of(first[1]), first[2]) == ("image/png", (300, 200), "Figure: First")
    assert (size_of(second[1]), second[2]) == ((200, 50), "Figure")
    assert (outcome.stdout, outcome.stderr) == ("[]\n", "")


def test_a_figure_left_open_is_shown_at_the_end_in_both_modes() -> None:
    assert len(program(IMPORT + "plt.plot([1, 2])").items) == 1
    outcome = function(IMPORT + "def main():\n    plt.plot([1, 2])\n    return 1")
    assert (len(outcome.items), outcome.value) == (1, 1)


def test_a_figure_is_shown_once() -> None:
    assert len(program(IMPORT + "f, a = plt.subplots()\nf.show()").items) == 1
    assert len(program(IMPORT + "f, a = plt.subplots()\ndisplay(f)").items) == 1
    assert len(program(IMPORT + "plt.plot([1])\nplt.show()\nplt.show()").items) == 1


def test_an_empty_figure_and_a_closed_one_are_not_shown() -> None:
    assert program(IMPORT + "plt.figure()").items == []
    assert program(IMPORT + "plt.plot([1])\nplt.close()").items == []


def test_a_figure_without_pyplot_is_displayed_too() -> None:
    script = "from matplotlib.figure import Figure\nf = Figure(figsize=(2, 2))\nf.subplots().plot([1])\ndisplay(f)"
    ((media_type, data, _),) = program(script).items
    assert (media_type, size_of(data)) == ("image/png", (200, 200))


def test_svg_is_given_where_it_is_asked_for() -> None:
    ((media_type, data, _),) = program(
        IMPORT
        + "with plt.rc_context({'savefig.format': 'svg'}):\n    plt.plot([1])\n    plt.show()"
    ).items
    assert media_type == "image/svg+xml" and b"<svg" in data


def test_choosing_the_backend_again_changes_nothing() -> None:
    for choice in ("matplotlib.use('Agg')", "plt.switch_backend('agg')"):
        script = f"import matplotlib\n{IMPORT}{choice}\nplt.plot([1])\nplt.show()"
        assert len(program(script).items) == 1, choice


def test_a_thousand_figures_are_cut_off() -> None:
    script = (
        IMPORT
        + "import warnings; warnings.simplefilter('ignore')\nfor i in range(40): plt.figure(figsize=(1, 1)).add_axes([0, 0, 1, 1])"
    )
    outcome = program(script)
    assert len(outcome.items) == display.ITEMS and outcome.is_cut


def test_a_figure_that_can_not_be_drawn_is_told_and_others_are_drawn() -> None:
    script = IMPORT + (
        "class Bad(matplotlib.artist.Artist):\n    def draw(self, renderer): raise SystemExit(9)\n"
        "plt.plot([1]); plt.gca().add_artist(Bad())\nplt.figure(); plt.plot([2])\nprint('end')"
    )
    outcome = program("import matplotlib.artist\n" + script)
    assert (outcome.exit_code, outcome.stdout, len(outcome.items)) == (0, "end\n", 1)
    assert "a figure can't be drawn: SystemExit: 9" in outcome.stderr


def test_an_error_that_can_not_be_told_is_no_failure_of_ours() -> None:
    script = IMPORT + (
        "import matplotlib.artist\nclass Error(Exception):\n    def __str__(self): raise self\n"
        "class Bad(matplotlib.artist.Artist):\n    def draw(self, renderer): raise Error\n"
        "plt.plot([1]); plt.gca().add_artist(Bad())"
    )
    outcome = program(script)
    assert outcome.exit_code == 0 and "can't be drawn: Error\n" in outcome.stderr


def test_a_request_that_wants_nothing_draws_nothing() -> None:
    outcome = program(IMPORT + "plt.plot([1]); plt.show(); plt.plot([1])", shows=False)
    assert (outcome.items, outcome.stderr) == ([], "")


def test_a_figure_is_a_figure_also_after_a_failure() -> None:
    outcome = function(IMPORT + "def main():\n    plt.plot([1])\n    1 / 0")
    assert len(outcome.items) == 1 and outcome.fault["kind"] == "exception"


def test_a_figure_in_the_result_is_displayed_and_the_result_says_so() -> None:
    setup = "import matplotlib.pyplot as plt\ndef main():\n    fig, ax = plt.subplots()\n    ax.plot([1, 2])\n    ax.set_title('Sales')\n    "
    for returned, value in (
        ("return fig", "Figure: Sales (displayed)"),
        ("return {'figure': fig, 'axes': [ax, ax.lines]}", None),
        ("plt.show()\n    return fig", "Figure: Sales (displayed)"),
        ("display(fig)\n    return ax", "Figure: Sales (displayed)"),
        ("return [fig, {(1, 2): 3}]", None),
    ):
        outcome = function(setup + returned)
        assert [media_type for media_type, _, _ in outcome.items] == ["image/png"], returned
        if value is not None:
            assert outcome.value == value, (returned, outcome.value)
    nested = function(setup + "return {'figure': fig, 'axes': [ax, *ax.lines]}").value
    text = "Figure: Sales (displayed)"
    assert nested == {"figure": text, "axes": [text, text]}
    assert function(setup + "return fig", shows=False).value == "Figure: Sales (not displayed)"


def test_an_image_in_the_result_is_displayed() -> None:
    outcome = function("from PIL import Image\ndef main(): return Image.new('RGB', (2, 3))")
    assert outcome.value == "Image: 2 by 3 (displayed)"
    assert [media_type for media_type, _, _ in outcome.items] == ["image/png"]
