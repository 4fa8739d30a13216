"""Where notebooks of old find `display`."""
