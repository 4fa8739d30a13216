"""An old name of `IPython.display`."""

from IPython.display import *  # noqa: F403
