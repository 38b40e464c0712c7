"""The rules, one per file; each holds a RULE, and every file here is registered."""
