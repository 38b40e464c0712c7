"""Ways to call: each defines ``$g``, which calls ``$f`` with its argument, a number."""

from __future__ import annotations

from trials.generated_programs.calls import blocks, classes, concurrency, functions, iteration

__all__ = ["CALLS"]

CALLS = functions.CALLS | classes.CALLS | iteration.CALLS | concurrency.CALLS | blocks.CALLS
