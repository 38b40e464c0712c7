"""Errors as data: values as JSON, an error's document and the way back, problem documents (RFC 9457)."""
