"""Take a legacy repository from builtin exceptions to typed ones without changing its behaviour. PYTEST_DONT_REWRITE"""
