"""What raise mutants tell: terminal, JSON, HTML."""
