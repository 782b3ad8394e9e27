"""Pledges, the contribution requests that follow from them, and their reminders."""
