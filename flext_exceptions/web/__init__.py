"""Typed errors answered over HTTP: one module for each kind of server, imported by name."""
