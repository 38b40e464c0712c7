"""One raise of a builtin error: whether it is rewritten, and if not, why."""
