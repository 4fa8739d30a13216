"""Animations: displayed as what plays them, and made without files."""

from support import function, program

REQUIRES = ("matplotlib.pyplot",)

ANIMATION = """
import matplotlib.pyplot as plt
from matplotlib.animation import FuncAnimation
figure, axes = plt.subplots(figsize=(2, 1))
axes.set_title('Wave')
line, = axes.plot([0, 1], [0, 1])
animation = FuncAnimation(figure, lambda n: line.set_ydata([n, 1]), frames=3)
"""


def test_an_animation_that_is_shown_plays() -> None:
    outcome = program(f"{ANIMATION}plt.show()")
    [(media_type, data, words)] = outcome.items
    assert (media_type, words) == ("text/html", "Animation: Wave"), outcome
    assert b"frames[2]" in data and b"frames[3]" not in data


def test_an_animation_that_is_left_open_plays_too() -> None:
    assert [item[0] for item in program(ANIMATION).items] == ["text/html"]


def test_an_animation_that_is_returned_is_displayed_once() -> None:
    outcome = function(f"{ANIMATION}\ndef main():\n    return [animation, animation]\n")
    assert outcome.value == ["Animation: Wave (displayed)"] * 2
    assert [item[0] for item in outcome.items] == ["text/html"]


def test_its_page_needs_no_file() -> None:
    outcome = program(f"{ANIMATION}print('frames[2]' in animation.to_jshtml())\nplt.close()")
    assert outcome.stdout == "True\n", outcome


def test_frames_beyond_what_an_item_may_have_are_dropped() -> None:
    script = ANIMATION.replace("(2, 1)", "(30, 20)").replace("frames=3", "frames=40")
    script += "axes.imshow(__import__('numpy').random.rand(400, 400))\nplt.show()"
    [(media_type, data, _)] = program(script).items
    assert media_type == "text/html" and len(data) < 2 << 20
