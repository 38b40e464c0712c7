"""The processes that work on files, here or in a cluster."""
