"""The files of a repository joined: names and classes across modules.

PYTEST_DONT_REWRITE
"""
