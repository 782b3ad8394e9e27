"""The people who can sign in to the demo, one per role, each bound to its own place."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from django.contrib.auth.hashers import make_password

from budgetpool.fund.models import Fund, Seat
from budgetpool.register.models import Provider, ProviderSeat
from budgetpool.users import addresses
from budgetpool.users.models import User
from employers.models import Employer, EmployerMember
from employers.models.employer import Role

PASSWORD: Final = "budgetpool-demo"  # noqa: S105 (serves on this machine only, and is printed)
SINCE: Final = date(2026, 1, 1)


@dataclass(frozen=True)
class Person:
    """One login of the demo."""

    role: str
    name: str
    email: str


BOARD = Person("board, proposes", "Carla Kuipers", "voorzitter@demo.example")
SECOND = Person("board, signs second", "Sjoerd Haarman", "bestuur@demo.example")
TREASURER = Person("treasurer", "Tamara Vos", "penningmeester@demo.example")
ADVISER = Person("adviser", "Ilse Veldhuis", "adviseur@demo.example")
ADMINISTRATOR = Person("administrator", "Wouter Smit", "beheer@demo.example")
EMPLOYER = Person("employer", "Bianca Wessels", "werkgever@demo.example")
PROVIDER = Person("school", "Dirk Scholten", "opleider@demo.example")
PARTNER = Person("partner, its program", "Petra Kramer", "partner@demo.example")
AWARDED = Person("worker, awarded", "", "toegekend@demo.example")
LEARNING = Person("worker, in training", "", "leert@demo.example")
REFUSED = Person("worker, refused", "", "afgewezen@demo.example")
BEGUN = Person("worker, invited, filling in", "Ewa Kowalska", "begonnen@demo.example")
ASKED = Person("worker, invited, asked", "Marvin Pinas", "aangevraagd@demo.example")
SEATS: Final = (
    (BOARD, Seat.Role.BOARD),
    (SECOND, Seat.Role.BOARD),
    (TREASURER, Seat.Role.TREASURER),
    (ADVISER, Seat.Role.ADVISER),
    (ADMINISTRATOR, Seat.Role.ADMINISTRATOR),
)


def seat_everybody(fund: Fund) -> None:
    """Give the fund's people their accounts and seats."""
    for person, role in SEATS:
        user = account(person)
        if role == Seat.Role.ADMINISTRATOR and not user.is_staff:
            user.is_staff = True
            user.save(update_fields=["is_staff"])
        Seat.objects.get_or_create(
            user=user, region=fund.region, role=role, defaults={"since": SINCE}
        )


def manage(employer: Employer) -> User:
    """Let the demo's employer act for this organisation."""
    user = account(EMPLOYER)
    EmployerMember.objects.get_or_create(
        employer=employer, user=user, defaults={"role": Role.MANAGER}
    )
    return user


def teach(provider: Provider) -> None:
    """Let the demo's provider act for this provider of the register."""
    ProviderSeat.objects.get_or_create(
        user=account(PROVIDER), provider=provider, defaults={"since": SINCE}
    )


def account(person: Person, name: str = "", *, password: str | None = PASSWORD) -> User:
    """The person's account; made once. Without a password nobody signs in with it."""
    found = User.objects.filter(email=person.email).first()
    if found is not None:
        return found
    user = User.objects.create_user(person.email, name=person.name or name, language="nl")
    if password is not None:
        user.password = _hashed(password)
        user.save(update_fields=["password"])
        addresses.prove(user)
    return user


@cache
def _hashed(password: str) -> str:
    """Hashed once: a slow hash for each of ten logins would take seconds and protect nothing."""
    return make_password(password)
