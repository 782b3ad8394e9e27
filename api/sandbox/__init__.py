"""A made-up fund to try the interface on, only where everything is made up."""
