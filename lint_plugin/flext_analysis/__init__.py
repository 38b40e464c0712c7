"""Read Python code for what it raises and handles. PYTEST_DONT_REWRITE

Shared by the linter, the codemods and the raise coverage of the pytest plugin. It depends on none of them, and needs
only the standard library.
"""
