"""``audit``: what a code base raises, what may leave each function, and how its entry points may answer."""
