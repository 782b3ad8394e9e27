"""`manage.py load_contribution_rules [FILE]`: rules of collective agreements, as data."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from employers.models import ContributionRule

ANCHORS = Path(__file__).parents[2] / "data" / "contribution_rules.json"


class Command(BaseCommand):
    help = "Load rules of collective agreements from a JSON file; running it twice is harmless."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=ANCHORS)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rows = json.loads(options["file"].read_text())
            with transaction.atomic():
                for number, row in enumerate(rows, start=1):
                    _load(row, number)
        except (OSError, ValueError) as error:
            raise CommandError(f"{options['file']}: {error}") from error
        self.stdout.write(_("%(count)s rules are loaded") % {"count": len(rows)})


def _load(row: dict[str, Any], number: int) -> None:
    """Keep one rule; a rule is known by its code and its first day."""
    try:
        rule = ContributionRule(**row)
        rule.full_clean(validate_unique=False, validate_constraints=False)
    except (TypeError, ValidationError) as error:
        told = _("Rule %(number)s: %(error)s") % {"number": number, "error": error}
        raise ValueError(told) from error
    ContributionRule.objects.update_or_create(
        code=rule.code,
        valid_from=rule.valid_from,
        defaults={name: value for name, value in row.items() if name not in ("code", "valid_from")},
    )
