#!/usr/bin/env python
"""Budgetpool's command line."""

import os
import sys

RUN = "Run it so: pip install uv && uv run --no-dev manage.py " + " ".join(sys.argv[1:])
if sys.version_info[:2] != (3, 13):  # whoever starts it with another one is told so
    sys.exit(f"Budgetpool needs Python 3.13, and this is {sys.version.split()[0]}. {RUN}")
try:
    from django.core.management import execute_from_command_line
except ModuleNotFoundError:
    sys.exit(f"Django is not installed here. {RUN}")

# These two serve pages on this machine over plain HTTP; every other command, and every real
# server, starts with the safe settings.
LOCAL_COMMANDS = {"demo", "runserver"}


def main() -> None:
    if LOCAL_COMMANDS & set(sys.argv[1:2]):
        os.environ.setdefault("DEBUG", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "budgetpool.settings")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
