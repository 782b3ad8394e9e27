"""The road of a worker gives one answer to one question, in one language."""

import io
import json
import re
import zipfile
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import translation

from allocation.decisions.files import rows_about
from allocation.models import Award
from budgetpool import written
from budgetpool.audit import trail
from budgetpool.mail import reasons
from budgetpool.portals.application.questions import CONTRACTS

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = [*(ROOT / "budgetpool").rglob("*.html"), *(ROOT / "budgetpool").rglob("*.txt")]
SOURCES = [
    path
    for package in ("budgetpool", "workers", "allocation", "api")
    for path in (ROOT / package).rglob("*.py")
]


@pytest.mark.parametrize(("language", "said"), [("nl", "Op oproep"), ("en", "On call")])
def test_options_are_in_the_language_of_the_reader(language, said):
    with translation.override(language):
        assert str(dict(CONTRACTS)["on_call"]) == said


def test_a_label_with_a_hint_is_no_text_before_a_page_is_drawn():
    with translation.override("nl"):
        dutch = [str(label.hint) for _code, label in CONTRACTS if label.hint]
    with translation.override("en"):
        english = [str(label.hint) for _code, label in CONTRACTS if label.hint]
    assert dutch
    assert not set(dutch) & set(english)


@pytest.mark.parametrize(
    ("end", "said"),
    [
        ((2026, 12, 10, 17), "donderdag 10 december 2026, 17:00 uur"),
        ((2026, 12, 11, 0), "donderdag 10 december 2026, 24:00 uur"),
    ],
)
def test_the_end_of_a_window_is_said_with_its_hour(end, said):
    with translation.override("nl"):
        shown = written.until(datetime(*end, tzinfo=ZoneInfo("Europe/Amsterdam")))
    assert shown.replace("\u00a0", " ") == said


def test_no_page_or_letter_says_the_end_of_a_window_in_a_way_of_its_own():
    other = re.compile(r"closes_at\|(?!until\b)\w+")
    assert [p.name for p in TEMPLATES if other.search(p.read_text())] == []
    by_hand = re.compile(r"\b(?:day|moment)\([\w.]*clos(?:es|ed)_at\)")
    # The record of a decision says when somebody closed the round, not when a window ended.
    found = {p.name for p in SOURCES if by_hand.search(p.read_text())}
    assert found - {"decision_record.py"} == set()


def test_a_refusal_says_the_reason_of_each_choice_in_order():
    choices = [
        {"choice": 2, "awarded": False, "reason": "edition_full"},
        {"choice": 1, "awarded": False, "reason": "below_cutoff", "points": 60, "needed": 70},
        {"choice": 3, "awarded": False, "reason": "cap_reached"},
    ]
    with translation.override("en"):
        said = reasons.why_refused("below_cutoff", {"choices": choices})
    assert [line[:9] for line in said] == ["Choice 1:", "Choice 2:", "Choice 3:"]
    assert "70" in said[0]
    assert "full" in said[1]
    assert "limit" in said[2]


def test_every_kind_of_look_belongs_to_somebody():
    """A new code `thing.seen` must name a row that `rows_about` or the worker's own file finds."""
    codes = {
        code
        for path in SOURCES
        for code in re.findall(r'action="([a-z]+)\.seen"', path.read_text())
    }
    own = {"worker", "request", "intake", "portfolio"}
    beside = {"award", "objection", "exclusion", "dropout"}
    # The trail itself is about nobody in particular; who asks for a number leaves worker.seen.
    of_nobody = {"trail"}
    assert codes <= own | beside | of_nobody, "add the row to allocation.decisions.files.rows_about"
    named = set(rows_about.__code__.co_names)
    assert {"Award", "Objection", "Exclusion", "ProviderDropout"} <= named


@pytest.mark.django_db
def test_the_check_shows_no_error_after_a_right_answer(client, twente):
    address = reverse("worker:check", args=["twente"])
    right = client.get(address, {"age": "30", "next": "age"}, secure=True)
    assert "question-error" not in right.content.decode()
    unanswered = client.get(address, {"age": "30", "next": "region"}, secure=True)
    assert "question-error" in unanswered.content.decode()


def test_the_archive_tells_the_same_looks_as_the_page(client, published, treasurer):
    award = Award.objects.select_related("request__worker__user").first()
    trail.record(actor=treasurer, action="award.seen", subject=award, region_code="BIJ3-09")
    client.force_login(award.request.worker.user)
    assert treasurer.name in client.get(reverse("worker:data")).content.decode()
    bundle = zipfile.ZipFile(io.BytesIO(client.get(reverse("worker:take-data")).content))
    newest, *_ = json.loads(bundle.read("data.json"))["looks"]
    assert (newest["who"], newest["action"]) == (treasurer.name, "award.seen")
