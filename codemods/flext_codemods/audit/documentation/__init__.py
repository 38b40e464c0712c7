"""Docstrings held to the code: read, compared, mended."""
