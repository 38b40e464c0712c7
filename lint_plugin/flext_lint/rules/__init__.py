"""The rules, one a file; each holds a RULE, and being here registers it."""
