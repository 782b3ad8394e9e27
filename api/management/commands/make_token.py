from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from api import tokens
from api.models import Partner
from budgetpool.refusals import Refusal


class Command(BaseCommand):
    help = "Make a token that works for months for a sandbox; others use make_client."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the sandbox's partner")
        parser.add_argument("--label", default="first token", help="what the token is for")
        parser.add_argument("--days", type=int, default=tokens.VALID_DAYS, help="how long it works")

    def handle(self, *, name: str, label: str, days: int, **options: Any) -> None:
        partner = Partner.objects.filter(name=name).first()
        if partner is None:
            raise CommandError(f"There is no partner {name!r}.", returncode=2)
        try:
            token, secret = tokens.make(partner=partner, label=label, valid_days=days)
        except ValidationError as error:
            raise CommandError("; ".join(error.messages), returncode=2) from error
        except Refusal as refused:
            raise CommandError(str(refused), returncode=2) from refused
        self.stderr.write(f"For {partner}, until {token.expires_at:%Y-%m-%d}. Shown once:")
        self.stdout.write(secret)
