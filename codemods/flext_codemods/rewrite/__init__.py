"""One file: findings to edits, edits to checked bytes."""
