#!/usr/bin/env python
"""Budgetpool's command line."""

import os
import sys

from django.core.management import execute_from_command_line

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
