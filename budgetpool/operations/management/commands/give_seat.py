from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from budgetpool.audit import trail
from budgetpool.fund import seats as fund_seats
from budgetpool.fund.models import Region, Seat
from budgetpool.refusals import NotReady
from budgetpool.register import seats
from budgetpool.register.models import Provider
from budgetpool.users import accounts

SCHOOL = "school"


class Command(BaseCommand):
    help = (
        "Give somebody a seat in a region or at a school, or end it. In a region this is for the "
        "first seats: later ones two people of the region give on their own page."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="whose seat; the account is made when it is new")
        parser.add_argument("role", choices=[*Seat.Role.values, SCHOOL])
        parser.add_argument("region", help="the region's code; for a school its KvK number")
        parser.add_argument("--name", default="", help="the person's name, for a new account")
        parser.add_argument("--until", type=date.fromisoformat, help="last day, such as 2027-12-31")

    def handle(
        self, *, email: str, role: str, region: str, name: str, until: date | None, **options: Any
    ) -> None:
        if role == SCHOOL:
            self._school(email, name, region, until)
            return
        place = Region.objects.filter(code=region).first()
        if place is None:
            raise CommandError(f"No region has the code {region}.", returncode=2)
        try:
            with transaction.atomic():
                seat = _give(email, name, role, place, until)
        except (ValidationError, NotReady) as error:
            raise CommandError(_words(error), returncode=2) from error
        end = f" until {seat.until}" if seat.until else ""
        self.stdout.write(f"{seat.user.email}: {role} of {place}{end}")

    def _school(self, email: str, name: str, kvk: str, until: date | None) -> None:
        provider = Provider.objects.filter(kvk=kvk).first()
        if provider is None:
            raise CommandError(f"No school has the KvK number {kvk}.", returncode=2)
        try:
            with transaction.atomic():
                seat = seats.keep(provider=provider, email=email, name=name)
                if until is not None:
                    seat.until = until
                    seat.full_clean()
                    seat.save()
                trail.record(
                    actor=None,
                    action="provider_seat.given" if until is None else "provider_seat.limited",
                    subject=seat,
                    provider=provider.pk,
                    user=seat.user_id,
                )
        except (ValidationError, NotReady) as error:
            raise CommandError(_words(error), returncode=2) from error
        end = f" until {seat.until}" if seat.until else ""
        self.stdout.write(f"{seat.user.email}: {SCHOOL} of {provider}{end}")


def _words(error: ValidationError | NotReady) -> str:
    if isinstance(error, ValidationError):
        return "; ".join(error.messages)
    return "Add --name." if error.code == "name_missing" else str(error)


def _give(email: str, name: str, role: str, region: Region, until: date | None) -> Seat:
    user = accounts.of(email, name=name)
    seat = fund_seats.keep(user=user, region=region, role=role, until=until)
    trail.record(
        actor=None,
        action="seat.given" if until is None else "seat.limited",
        subject=seat,
        region_code=region.code,
        role=role,
        user=user.pk,
    )
    return seat
