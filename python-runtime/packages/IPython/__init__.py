"""The part of IPython that scripts written for notebooks use: what shows things.

This is no shell: `get_ipython()` is None, as in any program that IPython does not run. What a sandbox
displays is in its answer; see `IPython.display`.
"""

from IPython import display

__all__ = ["display", "get_ipython", "version_info"]

#: The version whose names this has; the rest says that it is not IPython itself.
__version__ = "9.0.0+belljar"
version_info = (9, 0, 0, "")


def get_ipython():
    """The running shell: there is none."""
    return None
