"""``--flext-strict``: a test fails if it lets an untyped exception leave the project's packages."""
