"""Send the events that wait for partners. Run it from a timer, or with --loop as a service."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from api.webhooks import sending, work


class Command(BaseCommand):
    help = "Send the events to partners' programs that are due, first tries and later ones."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=int, default=1000, help="at most so many at once")
        parser.add_argument(
            "--loop", type=int, metavar="SECONDS", help="go on, with a pause between turns"
        )
        parser.add_argument("--dry-run", action="store_true", help="only count what waits")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dry_run"]:
            self.stdout.write(f"{sending.waiting()} deliveries wait.")
            return
        while True:
            arrived, missed = work.sweep(limit=options["limit"])
            self.stdout.write(f"{arrived} arrived, {missed} did not, {sending.waiting()} wait.")
            if not options["loop"]:
                return
            time.sleep(options["loop"])
