"""One raise of a builtin error: is it rewritten, or why is it left?"""
