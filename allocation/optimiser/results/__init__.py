"""What goes out: decisions, summaries, lots."""
