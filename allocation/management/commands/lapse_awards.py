"""`manage.py lapse_awards`: offers unanswered awards to the next in line. Run it every night."""

import json
from typing import Any

from django.core.management import BaseCommand
from django.core.management.base import CommandParser

from allocation.decisions import awards
from allocation.payouts import cancelling


class Command(BaseCommand):
    help = "Take back awards that nobody answered in time, and offer each to the next in line."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say which would lapse")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        late = list(awards.unanswered().values_list("request_id", flat=True))
        offered = [] if options["dry_run"] else awards.lapse()
        helped = 0 if options["dry_run"] else cancelling.catch_up()
        told = {
            "lapsed": len(late),
            "offered": len(offered),
            "helped": helped,
            "dry_run": options["dry_run"],
        }
        if options["json"]:
            self.stdout.write(json.dumps(told))
            return
        verb = "would lapse" if options["dry_run"] else "lapsed"
        self.stdout.write(f"{len(late)} awards {verb}, {len(offered)} offered to the next in line.")
        if helped:
            self.stdout.write(f"{helped} awards for a cancelled start were helped on.")
