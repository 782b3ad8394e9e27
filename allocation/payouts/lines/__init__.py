"""A line of a statement, explained by its parts: what may be said, what stands, what is likely."""
