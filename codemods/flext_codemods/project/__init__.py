"""The project on disk: its files, their state in git, and which are skipped."""
