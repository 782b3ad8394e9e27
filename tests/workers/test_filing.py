"""Whole requests of a partner, many at a time: the same rules, and each refused alone."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.refusing import refuses
from tests.sharing import harmless, shared
from workers import filing
from workers.filing import Filing, Wish
from workers.models import CostLine, TrainingRequest, Worker

pytestmark = pytest.mark.django_db
FACTS = {
    "name": "Ewa Nowak",
    "birth_date": date(1991, 3, 4),
    "email": "ewa@example.nl",
    "municipality": "Enschede",
    "contract": "agency",
    "sector": "H",
    "education": "mbo2",
    "training_hours_two_years": 0,
    "has_study_finance": False,
}


@shared
def one(forklift, forklift_in_march):
    return Filing(FACTS, "case-17", [Wish(forklift, forklift_in_march)])


def number(one, at, **facts):
    name = f"{chr(65 + at // 26)}{chr(97 + at % 26)}rst Nowak{at}"
    return replace(one, reference=f"case-{at}", facts=FACTS | {"name": name} | facts)


@pytest.fixture
@harmless
def file(window, stranger):
    def file(*filings):
        return filing.file(actor=stranger, organisation="Bureau", window=window, filings=filings)

    return file


def test_each_is_filed_or_refused_alone(file, one):
    answers = file(one, replace(one, reference="case-18"), number(one, 3), one)
    assert [type(answer).__name__ for answer in answers] == [
        "TrainingRequest",
        "NotReady",
        "TrainingRequest",
        "NotReady",
    ]
    with refuses("one_request_per_window"):
        raise answers[1]
    with refuses("reference_used"):
        raise answers[3]
    assert TrainingRequest.objects.count() == Worker.objects.count() == 2


def test_a_reference_is_used_once_in_a_window(file, one):
    file(one)
    [refused] = file(replace(number(one, 4), reference="case-17"))
    with refuses("reference_used"):
        raise refused


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"wishes": []}, "incomplete"),
        ({"facts": FACTS | {"email": ""}}, "incomplete"),
        ({"facts": FACTS | {"sector": ""}}, "incomplete"),
    ],
)
def test_what_is_not_whole_is_refused_by_the_service_itself(file, one, change, code):
    [refused] = file(replace(one, **change))
    with refuses(code):
        raise refused


def test_the_register_is_asked_by_the_service_itself(file, one, forklift):
    [dear] = file(replace(one, wishes=[Wish(forklift, costs={"exam": 9_900})]))
    with refuses("above_catalogue_price"):
        raise dear
    [twice] = file(replace(one, wishes=[Wish(forklift), Wish(forklift)]))
    with refuses("chosen_already"):
        raise twice
    forklift.is_open = False
    [closed] = file(replace(one, wishes=[Wish(forklift)]))
    with refuses("not_on_offer"):
        raise closed
    assert not TrainingRequest.objects.exists()


def test_a_hundred_take_as_many_statements_as_three(file, one):
    counts = []
    for first, many in ((0, 3), (10, 110)):
        with CaptureQueriesContext(connection) as statements:
            answers = file(*[number(one, at) for at in range(first, many)])
        assert all(isinstance(answer, TrainingRequest) for answer in answers)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 20, counts
    assert CostLine.objects.count() == 2 * 103
