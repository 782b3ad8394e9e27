"""The stages in their order (floors, coverage, value, people), and the certificate of each."""
