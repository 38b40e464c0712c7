"""Small applications of each framework, which the tests audit and run."""
