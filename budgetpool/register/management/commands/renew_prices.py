"""`manage.py renew_prices`: gives trainings the price that holds today. Run it every night."""

from typing import Any

from django.core.management import BaseCommand
from django.core.management.base import CommandParser
from django.db import transaction

from budgetpool.register import prices
from budgetpool.register.models import Training


class Command(BaseCommand):
    help = "Give each training the price that its school announced for today."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say how many would change")

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            changed = prices.renew(Training.objects.all())
            if options["dry_run"]:
                transaction.set_rollback(True)
        verb = "would change" if options["dry_run"] else "changed"
        self.stdout.write(f"{len(changed)} prices {verb}.")
