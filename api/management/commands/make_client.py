from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from api import administrators, tokens
from api.models import Partner
from api.oauth import clients
from budgetpool.fund.models import Region
from budgetpool.refusals import Refusal


class Command(BaseCommand):
    help = (
        "Show a new secret for the program of a partner; with --kvk and --email the partner is "
        "admitted first, and --administrator lets somebody manage it in the portal."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the partner's name")
        parser.add_argument("--label", default="first secret", help="what the secret is for")
        parser.add_argument("--days", type=int, default=tokens.VALID_DAYS, help="how long it works")
        parser.add_argument("--kvk", help="a new partner's KvK number, 8 digits")
        parser.add_argument("--email", help="a new partner's address for notices")
        parser.add_argument(
            "--region", action="append", default=[], help="code of a region; may be repeated"
        )
        parser.add_argument("--administrator", help="e-mail address of who manages it")

    @transaction.atomic
    def handle(
        self,
        *,
        name: str,
        label: str,
        days: int,
        kvk: str | None,
        email: str | None,
        region: list[str],
        administrator: str | None,
        **options: Any,
    ) -> None:
        try:
            partner = Partner.objects.filter(name=name).first()
            if partner is None:
                partner = _enrolled(name, kvk, email, region)
            elif region:
                partner.regions.add(*_regions(region))
            if administrator:
                administrators.keep(partner=partner, email=administrator, name=administrator)
            client = clients.open_client(partner=partner)
            made, secret = clients.add_secret(client=client, label=label, valid_days=days)
        except ValidationError as error:
            raise CommandError("; ".join(error.messages), returncode=2) from error
        except Refusal as refused:
            raise CommandError(str(refused), returncode=2) from refused
        self.stderr.write(
            f"For {partner}, until {made.expires_at:%Y-%m-%d}. "
            "Its client_id, and its client_secret, which is shown once:"
        )
        self.stdout.write(f"{client.client_id}\n{secret}")


def _enrolled(name: str, kvk: str | None, email: str | None, codes: list[str]) -> Partner:
    if not (kvk and email and codes):
        raise CommandError(
            f"There is no partner {name!r}. Add --kvk, --email and --region to admit it.",
            returncode=2,
        )
    return tokens.enrol(name=name, kvk=kvk, contact_email=email, regions=_regions(codes))


def _regions(codes: list[str]) -> list[Region]:
    found = {region.code: region for region in Region.objects.filter(code__in=codes)}
    unknown = [code for code in codes if code not in found]
    if unknown:
        raise CommandError(
            f"No region has the code {', '.join(unknown)}. See manage.py load_regions.",
            returncode=2,
        )
    return list(found.values())
