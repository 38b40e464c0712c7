"""The meaning of names and classes in one file that a rule or recipe examines.

PYTEST_DONT_REWRITE
"""
