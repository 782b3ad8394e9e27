"""Deposits: recognised, booked, matched by hand, undone, paid back."""
