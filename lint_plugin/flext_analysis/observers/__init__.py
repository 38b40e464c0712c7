"""Who reads what of an error, where errors go, and which raises would be seen to change.

PYTEST_DONT_REWRITE
"""
