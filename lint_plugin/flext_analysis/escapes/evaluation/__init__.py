"""What the code of a function does with values: one visit of one function.

PYTEST_DONT_REWRITE
"""
