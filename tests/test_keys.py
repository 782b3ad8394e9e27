"""A number that somebody writes where a key stands is a key, or nobody's; never a fault."""

import re
from pathlib import Path

import pytest
from django.urls import get_resolver

from budgetpool.fund.models import Fund
from budgetpool.keys import LARGEST, key_of

ROOT = Path(__file__).resolve().parent.parent
# These read numbers that are no keys: days, hours, telephone numbers, lines of a file.
OTHER_NUMBERS = {
    "allocation/optimiser/counterfactual/out_of_reach.py",
    "allocation/optimiser/inputs/table.py",
    "allocation/optimiser/verify/reach.py",
    "allocation/optimiser/verify/round.py",
    "allocation/payouts/lines/finding.py",
    "api/sheets/columns.py",
    "budgetpool/bank/account_numbers.py",
    "budgetpool/demo/obstacles.py",
    "budgetpool/keys.py",
    "budgetpool/portals/account/entrance.py",
    "budgetpool/portals/components/answer_fields.py",
    "budgetpool/register/words.py",
    "workers/unmet.py",
}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("412", 412),
        ("0412", 412),
        ("0", 0),
        (str(LARGEST), LARGEST),
        (str(LARGEST + 1), None),
        ("9" * 400, None),
        ("0" * 400 + "7", 7),
        ("", None),
        ("-1", None),
        ("1.0", None),
        ("1e3", None),
        ("٣", None),
        ("²", None),
        ("1\0", None),
    ],
)
def test_a_key_is_read_or_nobodys(text, key):
    assert key_of(text) == key


@pytest.mark.django_db
@pytest.mark.parametrize("text", [str(LARGEST), str(LARGEST + 1), "9" * 400])
def test_every_database_can_be_asked_for_it(text):
    assert not Fund.objects.filter(pk__in={key_of(text)}).exists()


def routes_below(resolver):
    """The routes of every address, ours and those of libraries."""
    for one in resolver.url_patterns:
        yield str(one.pattern)
        if hasattr(one, "url_patterns"):
            yield from routes_below(one)


def test_every_number_in_an_address_is_a_key():
    """Django's `int` takes numbers that no database does."""
    routes = list(routes_below(get_resolver()))
    assert [route for route in routes if "<int:" in route] == []
    assert len([route for route in routes if "<key:" in route]) > 100


@pytest.mark.django_db
@pytest.mark.parametrize("number", [LARGEST + 1, 10**40])
def test_a_number_too_large_is_no_address(client, number):
    for address in (
        f"/v1/trainings/{number}",
        f"/v1/school-awards/{number}",
        f"/employers/{number}",
    ):
        assert client.get(address).status_code == 404


def test_nobody_reads_a_key_in_a_way_of_their_own():
    """Each way of its own forgot one thing: a number that no column holds is a fault there."""
    found = {
        str(path.relative_to(ROOT))
        for package in ("allocation", "api", "budgetpool", "employers", "workers")
        for path in (ROOT / package).rglob("*.py")
        if re.search(r"\.is(digit|decimal|numeric)\(", path.read_text())
    }
    assert found == OTHER_NUMBERS
