"""Whole awards: the mixed-integer search over a core, heuristics, and exact knapsacks."""
