"""The employer's portal: what was paid in, what was done with it, and what can be done now."""
