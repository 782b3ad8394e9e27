"""What people do not find is counted without persons, and rare wishes point at nobody."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from budgetpool.operations import traces
from tests.cast import signed_in
from workers import unmet
from workers.models import UnmetSearch

pytestmark = pytest.mark.django_db
SINCE = date(2020, 1, 1)


@pytest.mark.parametrize(
    ("typed", "counted"),
    [
        ("Hovenier", "hovenier"),
        ("Hygiëne in de keuken", "hygiene keuken"),
        ("bel mij op 06 12345678", ""),
        ("jan@example.org", ""),
        ("ik ben Jan Jansen en ik zoek al heel lang ander werk", ""),
        ("", ""),
    ],
)
def test_only_a_few_words_without_figures_are_counted(typed, counted):
    assert unmet.key_of(typed) == counted


def test_one_visit_counts_once_for_the_same_words(twente):
    known = []
    for typed in ("hovenier", "Hovenier ", "hovenier"):
        known = unmet.count_search(fund=twente, text=typed, known=known)
    assert (known, UnmetSearch.objects.get().people) == (["hovenier"], 1)


def test_words_of_four_people_are_told_together(twente):
    for people, word in ((5, "hovenier"), (4, "stukadoor")):
        for _ in range(people):
            unmet.count_search(fund=twente, text=word, known=[])
    assert unmet.searches(twente, since=SINCE) == ([unmet.Wish("hovenier", 5)], 4)


def test_a_count_is_kept_for_two_years(twente):
    unmet.count_search(fund=twente, text="hovenier", known=[])
    today = timezone.localdate()
    for days, forgotten in ((690, 0), (800, 1)):
        counts = traces.forget(today=today + timedelta(days=days))
        assert counts["unmet_searches"] == forgotten


def test_a_search_that_finds_nothing_reaches_the_boards_page(draft_of_worker, worker, chair):
    address = reverse("apply:trainings", args=[draft_of_worker.pk])
    for _ in range(5):
        signed_in(worker.user).get(address, {"text": "ruimtevaartpiloot"})
    signed_in(worker.user).get(address, {"text": "heftruck"})
    html = signed_in(chair).get(reverse("board-unmet-demand", args=["twente"])).content.decode()
    assert "ruimtevaartpiloot" in html
    assert "heftruck" not in html
    assert worker.name not in html
