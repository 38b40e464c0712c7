"""Counts and errors for other systems, each in a module that is imported by name and needs its extra."""
