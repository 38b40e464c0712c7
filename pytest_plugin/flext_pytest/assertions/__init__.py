"""Assertions on typed errors, and how a failure shows them."""
