"""`manage.py ask_contributions`: ask the terms that begin, and remind of those that are late.

Meant to run every business day; running it twice asks and reminds nothing twice.
"""

import datetime
import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.translation import gettext as _

from budgetpool.bank.reasons import euros
from budgetpool.fund.models import Fund
from employers.deposits import reminders
from employers.pledges import requests


class Command(BaseCommand):
    help = "Ask every term of a pledge that begins, and remind of requests that are late."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--day", type=datetime.date.fromisoformat, help="YYYY-MM-DD; today")
        parser.add_argument("--dry-run", action="store_true", help="show, store nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        asked: list[dict[str, Any]] = []
        reminded: list[dict[str, Any]] = []
        with transaction.atomic():
            for fund in Fund.objects.select_related("region").order_by("pk"):
                asked += [
                    _row(contribution)
                    for contribution in requests.ask_due(fund=fund, day=options["day"])
                ]
                reminded += [
                    _row(contribution) | {"number": number}
                    for contribution, number in reminders.due(fund, options["day"])
                    if reminders.send(contribution, number)
                ]
            if options["dry_run"]:
                transaction.set_rollback(True)
        if options["json"]:
            self.stdout.write(json.dumps({"asked": asked, "reminded": reminded}, indent=1))
            return
        for row in asked:
            self.stdout.write(_("Asked %(employer)s for %(amount)s, %(reference)s") % _told(row))
        for row in reminded:
            self.stdout.write(_("Reminded %(employer)s of %(amount)s, %(reference)s") % _told(row))
        self.stdout.write(
            _("%(asked)s asked, %(reminded)s reminded")
            % {"asked": len(asked), "reminded": len(reminded)}
        )


def _row(contribution: Any) -> dict[str, Any]:
    return {
        "employer": contribution.employer.name,
        "reference": contribution.reference,
        "amount_cents": contribution.amount_cents,
        "due_on": contribution.due_on.isoformat(),
    }


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "amount": euros(row["amount_cents"])}
