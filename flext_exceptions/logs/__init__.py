"""Typed errors in log entries and reports, without their secrets: one module for each library, imported by name."""
