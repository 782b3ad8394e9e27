"""Every address answers every role as the matrix says, and no address is forgotten."""

import re
from operator import attrgetter

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from budgetpool.limits.models import Counter
from tests.access.matrix import EVERYBODY, MATRIX, THINGS
from tests.cast import signed_in
from tests.sharing import harmless, shared

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
VERBS = ("GET", "POST")


def things_of(row, **_others):
    """The fixtures that a row's address is about."""
    found = [THINGS[key][0] for key in row.args.values()]
    return [name for name in found if name]


def names(resolver=None, namespace=""):
    """Every name of an address, and the pattern of those that have none."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = entry.namespace or ""
            yield from names(entry, f"{namespace}{inner}:" if inner else namespace)
        else:
            yield f"{namespace}{entry.name or entry.pattern}"


def in_matrix(name):
    # The back office has a rule of its own for all its pages: test_back_office.py.
    return not name.startswith("admin:")


def test_every_address_has_a_row_in_the_matrix():
    rows = [row.url for row in MATRIX]
    assert sorted(set(filter(in_matrix, names())) - set(rows)) == []
    assert sorted(set(rows) - set(names())) == []
    assert len(rows) == len(set(rows))


@shared
def cookies(
    stranger,
    worker,
    worker_of_drenthe,
    sister,
    viewer,
    payer,
    manager,
    other_manager,
    teacher,
    other_teacher,
    partner_manager,
    other_partner_manager,
    chair,
    second_signer,
    treasurer,
    adviser,
    administrator,
    chair_of_drenthe,
    treasurer_of_drenthe,
    adviser_of_drenthe,
    superuser,
):
    """What the browser of each role holds once somebody has signed in."""
    found = locals()
    people = {role: found[role.removesuffix("_user")] for role in EVERYBODY}
    return {
        role: signed_in(person.user if role.endswith("_user") else person).cookies
        for role, person in people.items()
    }


@pytest.fixture
@harmless
def cast(cookies):
    """Every role of the matrix with a browser of its own."""
    browsers = {"visitor": Client()} | {role: Client() for role in EVERYBODY}
    for role, held in cookies.items():
        browsers[role].cookies = held
    return browsers


@pytest.mark.asks(names=things_of)
@pytest.mark.parametrize("row", MATRIX, ids=lambda row: row.url)
def test_an_address_answers_each_role_as_the_matrix_says(row, cast, request):
    address = reverse(row.url, kwargs={name: thing(request, key) for name, key in row.args.items()})
    # Those who may come last, because what they post can change what the others would see.
    for role in sorted(cast, key=lambda role: role in row.opens_to):
        for verb in VERBS:
            Counter.objects.all().delete()
            browser = cast[role]
            answer = (browser.get if verb == "GET" else browser.post)(address)
            status = answer.status_code
            if answer.headers.get("Content-Type", "").startswith("text/html"):
                assert not re.search(rb"{{|{%", answer.content), "a template's tag is shown"
            expected = row.expected(role, verb)
            if expected is None:
                assert status >= 400 or (role == "visitor" and status == 302), (role, verb)
            else:
                assert status == expected, (role, verb)


def person_of(request, role):
    found = request.getfixturevalue(role.removesuffix("_user"))
    return found.user if role.endswith("_user") else found


def thing(request, key):
    fixture, path = THINGS[key]
    return path if fixture is None else attrgetter(path)(request.getfixturevalue(fixture))
