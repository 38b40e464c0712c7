"""Counts and errors for the systems of others, each in a module that is imported by name and needs its extra."""
