"""Take a legacy repository from builtin exceptions to typed ones without changing what it does. PYTEST_DONT_REWRITE"""
