"""Which errors entry points may answer with: the error contract, and its form as OpenAPI."""
