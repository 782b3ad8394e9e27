"""A person's own data: who looked, everything in one file, erased, destroyed in time."""
