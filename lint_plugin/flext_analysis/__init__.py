"""Read Python code for what it raises and handles. PYTEST_DONT_REWRITE

Shared by the linter, the codemods and the raise coverage of the pytest plugin; knows none of them, and needs the
standard library only.
"""
