"""What a page of a round reads does not depend on how many requests the round has.

The same round of 30 and of 60 requests: both fill a list's first page. `benchmarks/round_pages.py`
measures the same with 1,500, 6,000 and 20,000.
"""

import pytest
from django.db import connection
from django.test import Client

from allocation import fairness, rounds
from allocation.rules import policies
from benchmarks.reading import Reading
from budgetpool.portals.board import request_lists
from tests.allocation.conftest import RULES, put_in
from tests.allocation.people import ask, euros
from tests.cast import draw, lotto, make_window, make_worker, signed_in

pytestmark = pytest.mark.django_db

FEW, MANY = 30, 60
PAGES = {
    "round": "/board/twente/rounds/{code}",
    "list": "/board/twente/rounds/{code}/requests",
    "filtered list": "/board/twente/rounds/{code}/requests?outcome=refused&words=R-",
    "one request": "/board/twente/rounds/{code}/requests/{request}",
    "difference": "/board/twente/rounds/{code}/difference?before={fcfs}&after={ours}",
    "public page": "/regions/twente/rounds/{code}",
    "open data": "/v1/rounds/{round}/results",
}


def published_round(fund, code, size, edition, chair, second):
    """A published round with so many requests, beside the old rule."""
    window = make_window(fund, code, opens=-14, closes=-1)
    rule = policies.new_version(fund=fund, name="Rule", rules=RULES, member=chair)
    money = {"ceiling": euros(100 * size), "reserve": euros(500)}
    made = rounds.draft(window=window, policy=rule, draw=lotto(window), member=chair, **money)
    made = rounds.open(round=made, member=chair, at=window.opens_at)
    educations = ("mbo_2", "mbo_4", "hbo")
    for place in range(size):
        education = educations[place % len(educations)]
        worker = make_worker(f"{code} {place}", fund, education=education)
        ask(worker, window, edition)
    made = draw(rounds.close(round=made, member=chair), chair, second)
    ours = rounds.compute(round=made, name="Ours", member=chair)
    rounds.compute(round=made, name="Race", rule="fcfs", member=chair)
    made = rounds.propose(
        round=made, scenario=ours, motivation="It helps most.", no_interest=True, member=chair
    )
    made = rounds.sign(round=made, sha256=ours.sha256, no_interest=True, member=second)
    return rounds.publish(round=made, member=second)


def what_is_read(made, browsers):
    """Queries, rows and characters of each page of a round."""
    ours, fcfs = (made.scenarios.get(rule=rule).pk for rule in ("optimiser", "fcfs"))
    request = made.decisions.filter(awarded=False).values_list("request_id", flat=True).first()
    found = {}
    for name, page in PAGES.items():
        address = page.format(code=made.code, request=request, ours=ours, fcfs=fcfs, round=made.pk)
        browser = browsers["public" if name in ("public page", "open data") else "board"]
        browser.get(address)  # what is kept for the next visit is not counted
        with Reading(connection) as read:
            assert browser.get(address).status_code == 200, address
        found[name] = read
    return found


def test_no_page_of_a_round_reads_more_in_a_larger_round(
    rich_fund, edition, chair, second_signer, monkeypatch
):
    monkeypatch.setattr(fairness, "LORENZ_STEPS", 20)  # a curve has fewer points in a small round
    monkeypatch.setattr(request_lists, "PER_PAGE", 3)
    put_in(rich_fund, 2_000_000, "more")
    browsers = {"board": signed_in(chair, second_factor=True), "public": Client()}
    read = {}
    for code, size in (("2027-1", FEW), ("2027-2", MANY)):
        edition.seats = 1_000
        edition.save()
        made = published_round(rich_fund, code, size, edition, chair, second_signer)
        read[size] = what_is_read(made, browsers)
    for page, few in read[FEW].items():
        many = read[MANY][page]
        assert many.queries <= few.queries, page
        assert many.rows <= few.rows, page
        # Numbers get longer, and other lines stand on the page.
        assert many.characters <= 1.25 * few.characters, page
