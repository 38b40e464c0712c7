"""Programs made by hypothesis, run before and after ``migrate``: both must print the same."""
