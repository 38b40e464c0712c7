"""One file as text and tree: statements, names, positions, raise statements.

PYTEST_DONT_REWRITE
"""
