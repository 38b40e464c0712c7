"""``--flext-report``: which typed errors the tests create, and which are never asserted on."""
