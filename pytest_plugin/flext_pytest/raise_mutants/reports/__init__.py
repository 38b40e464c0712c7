"""Reports of raise mutants: terminal, JSON, HTML."""
