"""Every address answers every role as the matrix says, and no address is forgotten."""

import logging
import re
import time
from operator import attrgetter

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from budgetpool import urls
from budgetpool.limits.models import Counter
from budgetpool.portals.account import staying
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
        role: in_use(signed_in(person.user if role.endswith("_user") else person)).cookies
        for role, person in people.items()
    }


def in_use(browser):
    """One that was used a moment ago, so that no page writes that down again."""
    session = browser.session
    session[staying.KEY] = int(time.time())
    session.save()
    return browser


@pytest.fixture
@harmless
def cast(cookies):
    """Every role of the matrix with a browser of its own."""
    browsers = {"visitor": Client()} | {role: Client() for role in EVERYBODY}
    for role, held in cookies.items():
        browsers[role].cookies = held
    for browser in browsers.values():
        browser.handler = browsers["visitor"].handler  # middleware is loaded once
    return browsers


@pytest.fixture
@harmless
def short_refusals():
    """Ten thousand refusals: their page is the same each time, and so is their line in the log."""
    log = logging.getLogger("django.request")
    with pytest.MonkeyPatch.context() as patch:
        for status in (403, 404):
            patch.setattr(urls, f"handler{status}", answers(status), raising=False)
        patch.setattr(log, "disabled", True)
        yield


def answers(status):
    return lambda request, exception: HttpResponse("Refused", status=status)


def holds(answer):
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        assert not re.search(rb"{{|{%", answer.content), "a template's tag is shown"


@pytest.mark.parametrize("address", ["/board/twente", "/nowhere"])
def test_the_page_of_a_refusal_is_whole_for_each_role(address, cast):
    seen = set()
    for browser in cast.values():
        answer = browser.get(address)
        seen.add(answer.status_code)
        holds(answer)
        if answer.status_code >= 400:
            assert b"<h1" in answer.content
    assert seen == ({200, 302, 403, 404} if "board" in address else {404})


@pytest.mark.asks(names=things_of)
@pytest.mark.parametrize("row", MATRIX, ids=lambda row: row.url)
def test_an_address_answers_each_role_as_the_matrix_says(row, cast, short_refusals, request):
    address = reverse(row.url, kwargs={name: thing(request, key) for name, key in row.args.items()})
    # Those who may come last, because what they post can change what the others would see.
    for role in sorted(cast, key=lambda role: role in row.opens_to):
        for verb in VERBS:
            Counter.objects.all()._raw_delete("default")
            browser = cast[role]
            answer = (browser.get if verb == "GET" else browser.post)(address)
            status = answer.status_code
            holds(answer)
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
