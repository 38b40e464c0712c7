"""What other files of a repository say about a raise in one of them."""
