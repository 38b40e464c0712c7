"""A lending library over FastAPI."""
