"""What the frameworks' entry points share.

PYTEST_DONT_REWRITE
"""
