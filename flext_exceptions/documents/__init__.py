"""Errors as data: values as JSON, an error's document and how to read it, problem documents (RFC 9457)."""
