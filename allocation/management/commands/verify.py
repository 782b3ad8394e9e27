"""manage.py verify FOLDER OUT: check a published division without a solver."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from allocation.optimiser.program import arguments, verify


class Command(BaseCommand):
    """The same as `python -m allocation.optimiser verify`, beside the other commands."""

    help = verify.HELP
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        arguments.verify(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        ending = verify.run(options, say=self.stdout.write, warn=self.stderr.write)
        if ending:
            raise SystemExit(ending)
