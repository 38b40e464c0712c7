"""What the entry points of all frameworks share.

PYTEST_DONT_REWRITE
"""
