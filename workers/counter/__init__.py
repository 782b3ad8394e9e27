"""The counter: people who help, under a mandate, on the record."""
