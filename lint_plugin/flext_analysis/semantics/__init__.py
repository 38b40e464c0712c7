"""What the names and classes of one file under a rule or recipe are.

PYTEST_DONT_REWRITE
"""
