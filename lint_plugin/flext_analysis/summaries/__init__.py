"""Everything that is known about one file, without its tree.

PYTEST_DONT_REWRITE
"""
