"""The program: what `python -m allocation.optimiser` and `manage.py` do with files."""
