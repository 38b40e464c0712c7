"""Ways to work with errors, one per module, each imported by its name, since they import logging and more."""
