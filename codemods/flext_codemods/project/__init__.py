"""The project on disk: which files there are, what git says of them, and which are left whole."""
