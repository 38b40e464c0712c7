"""The files of a repository joined: names, classes and observers across modules.

PYTEST_DONT_REWRITE
"""
