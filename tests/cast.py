"""The tests' cast: a few people with their places, and a double of each who may see none of it.

Twente is where things happen; Drenthe is the double. Fixtures give saved rows; what a test needs
beyond them it makes itself.
"""

import pytest
from django.test import Client

from budgetpool.fund.models import Fund, Region, Seat
from budgetpool.users.models import User


def make_person(name, **fields):
    """An account whose e-mail address follows from the name."""
    email = f"{name.lower().replace(' ', '.')}@example.nl"
    return User.objects.create_user(email, name=name, **fields)


def make_fund(code, name):
    region = Region.objects.create(code=code, name=name, slug=name.lower(), valid_from=2015)
    return Fund.objects.create(region=region, name=f"Scholingsfonds {name}")


def seat(name, fund, role):
    """A new person with a seat in the fund's region."""
    person = make_person(name)
    Seat.objects.create(user=person, region=fund.region, role=role)
    return person


def signed_in(person, *, second_factor=False):
    """A browser in which this person has signed in."""
    browser = Client()
    browser.force_login(person)
    if second_factor:
        session = browser.session
        session["account_authentication_methods"] = [{"method": "mfa", "at": 0, "type": "totp"}]
        session["account_authentication_methods_user"] = str(person.pk)
        session.save()
    return browser


@pytest.fixture
def twente(db):
    return make_fund("BIJ3-09", "Twente")


@pytest.fixture
def drenthe(db):
    return make_fund("BIJ3-04", "Drenthe")


@pytest.fixture
def chair(twente):
    return seat("Carla Chair", twente, Seat.Role.BOARD)


@pytest.fixture
def second_signer(twente):
    return seat("Sander Second", twente, Seat.Role.BOARD)


@pytest.fixture
def treasurer(twente):
    return seat("Tess Treasurer", twente, Seat.Role.TREASURER)


@pytest.fixture
def adviser(twente):
    return seat("Ad Adviser", twente, Seat.Role.ADVISER)


@pytest.fixture
def administrator(twente):
    person = seat("Anna Administrator", twente, Seat.Role.ADMINISTRATOR)
    person.is_staff = True
    person.save(update_fields=["is_staff"])
    return person


@pytest.fixture
def chair_of_drenthe(drenthe):
    return seat("Dirk Chair", drenthe, Seat.Role.BOARD)


@pytest.fixture
def treasurer_of_drenthe(drenthe):
    return seat("Dora Treasurer", drenthe, Seat.Role.TREASURER)


@pytest.fixture
def adviser_of_drenthe(drenthe):
    return seat("Door Adviser", drenthe, Seat.Role.ADVISER)


@pytest.fixture
def stranger(db):
    """Somebody with an account and no place anywhere."""
    return make_person("Sam Stranger")


@pytest.fixture
def superuser(db):
    return User.objects.create_superuser("root@example.nl", name="Root")
