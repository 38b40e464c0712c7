"""Back office of a small online shop."""

__version__ = "2.14.0"
