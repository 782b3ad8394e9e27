"""The command line: `manage.py` in a checkout, `budgetpool` where the wheel is installed."""

import os
import sys

from django.core.management import execute_from_command_line

# These two serve pages on this machine over plain HTTP; every other command, and every real
# server, starts with the safe settings.
LOCAL_COMMANDS = {"demo", "runserver"}


def main() -> None:
    """Run the command that the process was started with."""
    if LOCAL_COMMANDS & set(sys.argv[1:2]):
        os.environ.setdefault("DEBUG", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "budgetpool.settings")
    execute_from_command_line(sys.argv)
