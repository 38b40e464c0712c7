"""A whole run over the paths of a command line."""
