"""What other files of a repository mean for a raise in one of them."""
