"""What happens to a partner's requests, told to its program (Standard Webhooks)."""
