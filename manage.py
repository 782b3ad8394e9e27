#!/usr/bin/env python
"""Budgetpool's command line."""

import sys

RUN = "Run it so: pip install uv && uv run --no-dev manage.py " + " ".join(sys.argv[1:])
if sys.version_info[:2] != (3, 13):  # whoever starts it with another one is told so
    sys.exit(f"Budgetpool needs Python 3.13, and this is {sys.version.split()[0]}. {RUN}")
try:
    from budgetpool.command_line import main
except ModuleNotFoundError:
    sys.exit(f"Django is not installed here. {RUN}")

if __name__ == "__main__":
    main()
