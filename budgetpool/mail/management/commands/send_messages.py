"""Send the messages that wait. Run it from a timer, or with --loop as a service."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from budgetpool.mail import delivery


class Command(BaseCommand):
    help = "Send the e-mails, text messages and letters that are due."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=int, default=1000, help="at most so many at once")
        parser.add_argument(
            "--loop", type=int, metavar="SECONDS", help="go on, with a pause between turns"
        )
        parser.add_argument("--dry-run", action="store_true", help="only count what waits")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dry_run"]:
            self.stdout.write(f"{delivery.waiting()} messages wait.")
            return
        while True:
            sent, failed = delivery.send_due(limit=options["limit"])
            self.stdout.write(f"{sent} sent, {failed} not sent, {delivery.waiting()} wait.")
            if not options["loop"]:
                return
            time.sleep(options["loop"])
