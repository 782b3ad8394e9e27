"""The old rules, on the same frames and with the same kind of result."""
