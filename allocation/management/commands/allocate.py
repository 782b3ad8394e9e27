"""manage.py allocate FOLDER --out FOLDER: divide a round that stands in files."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from allocation.optimiser.program import allocate, arguments


class Command(BaseCommand):
    """The same as `python -m allocation.optimiser allocate`, beside the other commands."""

    help = allocate.HELP
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        arguments.allocate(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        ending = allocate.run(options, say=self.stdout.write, warn=self.stderr.write)
        if ending:
            raise SystemExit(ending)
