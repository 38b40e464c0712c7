"""``audit``: what a code base raises, what may leave each function, and what its entry points may answer with."""
