"""``--flext-raise-coverage``: which raise sites of typed errors the tests reach."""
