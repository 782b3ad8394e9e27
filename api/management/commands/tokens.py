from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from api import tokens
from api.models import PartnerToken
from budgetpool.refusals import Refusal


class Command(BaseCommand):
    help = "List the tokens of partners; withdraw one that leaked, or give another in its place."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--partner", help="only of the partner with this name")
        parser.add_argument("--ending", action="store_true", help="only those that end in a month")
        act = parser.add_mutually_exclusive_group()
        act.add_argument("--withdraw", type=int, metavar="ID", help="end a token at once")
        act.add_argument("--rotate", type=int, metavar="ID", help="show a new one in its place")
        parser.add_argument(
            "--overlap",
            type=int,
            default=tokens.OVERLAP_DAYS,
            metavar="DAYS",
            help="so long the old one works on",
        )

    def handle(
        self,
        *,
        partner: str | None,
        ending: bool,
        withdraw: int | None,
        rotate: int | None,
        overlap: int,
        **options: Any,
    ) -> None:
        if withdraw is not None:
            token = _token(withdraw)
            tokens.revoke(token=token)
            self.stdout.write(f"Withdrawn: {token}")
        elif rotate is not None:
            self._rotate(_token(rotate), overlap)
        else:
            self._list(partner, ending)

    def _rotate(self, token: PartnerToken, overlap: int) -> None:
        try:
            made, secret = tokens.rotate(token=token, label=token.label, overlap_days=overlap)
        except ValidationError as error:
            raise CommandError("; ".join(error.messages), returncode=2) from error
        except Refusal as refused:
            raise CommandError(str(refused), returncode=2) from refused
        self.stderr.write(
            f"For {made.partner}, until {made.expires_at:%Y-%m-%d}; the old one until "
            f"{token.expires_at:%Y-%m-%d %H:%M}. Shown once:"
        )
        self.stdout.write(secret)

    def _list(self, partner: str | None, ending: bool) -> None:
        found = tokens.ending() if ending else PartnerToken.objects.select_related("partner")
        if partner:
            found = found.filter(partner__name=partner)
        for token in found:
            state = "works" if token.works else "ended"
            if token.ends_soon:
                state = "ends soon"
            used = f"used {token.used_on}" if token.used_on else "never used"
            until = _day(token.revoked_at or token.expires_at)
            self.stdout.write(f"{token.pk}\t{state}\tuntil {until}\t{used}\t{token}")


def _token(key: int) -> PartnerToken:
    token = PartnerToken.objects.select_related("partner").filter(pk=key).first()
    if token is None:
        raise CommandError(f"There is no token {key}. List them: manage.py tokens", returncode=2)
    return token


def _day(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d}"
