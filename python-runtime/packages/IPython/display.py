"""What notebooks show things with; here each becomes an item of the answer's `display`.

The names and what they do are those of IPython. Three things a sandbox cannot: what was shown cannot be
changed (`update` shows it anew), nothing is fetched, and nothing is read from files that are not there.
"""

from IPython.core import display as _core
from IPython.core.display import *
from IPython.lib import display as _lib
from IPython.lib.display import *

__all__ = [*_core.__all__, *_lib.__all__, "set_matplotlib_formats", "set_matplotlib_close"]


def set_matplotlib_formats(*formats, **kwargs):
    """Choose what figures are displayed as: the first of PNG and SVG."""
    import matplotlib

    wanted = [name for name in formats if name in ("png", "svg")]
    if wanted:
        matplotlib.rcParams["savefig.format"] = wanted[0]


def set_matplotlib_close(close=True):
    """Whether figures are closed after they were shown: they are."""
