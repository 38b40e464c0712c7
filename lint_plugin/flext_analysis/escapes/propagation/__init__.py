"""Which errors leave a function: the fixpoint over programs of blocks.

PYTEST_DONT_REWRITE
"""
