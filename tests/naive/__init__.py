"""A second, slow and plain reading of the rules to compare the product with; it imports nothing of it."""
