"""Docstrings compared with the code: read, checked, fixed."""
