"""What comes in: the frames of a problem, the policy and its clauses, each refused by name."""
