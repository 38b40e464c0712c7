"""The data that recipes, checks and reports share."""
