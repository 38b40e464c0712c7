"""All that is known of one file, without its tree.

PYTEST_DONT_REWRITE
"""
