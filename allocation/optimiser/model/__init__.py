"""The round as arrays of whole numbers: options, limits, goals, and a program per stage."""
