"""Ways to work with errors, one a module, each imported by its name: they bring logging and more along."""
