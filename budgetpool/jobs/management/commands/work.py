"""`manage.py work`: do long work, with whichever engine the settings name."""

from typing import Any

from django.core.management import BaseCommand
from django.core.management.base import CommandParser

from budgetpool.jobs import engine
from budgetpool.jobs.keeper import Keeper


class Command(BaseCommand):
    help = (
        "Does what waits in the queue, one job at a time, and keeps watch over the other workers. "
        "Start as many as there are cores, on as many machines as you like."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--until-done", action="store_true", help="stop as soon as nothing waits"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        keeper = Keeper()
        keeper.start()
        try:
            engine.chosen().work(until_done=options["until_done"])
        finally:
            keeper.end()
