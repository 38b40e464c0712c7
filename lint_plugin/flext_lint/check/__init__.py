"""``flext-lint check``: files, selection, noqa, cache, fixes and formats.

PYTEST_DONT_REWRITE
"""
