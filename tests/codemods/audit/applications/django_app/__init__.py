"""A guest book over Django and its REST framework."""
