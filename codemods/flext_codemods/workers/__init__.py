"""The processes that do the work, here or in a cluster."""
