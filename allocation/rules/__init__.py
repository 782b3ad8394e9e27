"""Who may do what, and what counts: access, policies, points, terms, exclusions, waiting credit."""
