"""The trail with its search, and the people who are known: for a region's administrator alone."""

import ast
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from allocation.lives import AWARD, PROOF
from budgetpool.audit import trail
from budgetpool.audit.models import AuditEvent
from budgetpool.portals.components import trail_words
from tests.cast import make_worker, signed_in

pytestmark = pytest.mark.django_db
TRAIL, PEOPLE = "/board/twente/trail", "/board/twente/people"
ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("budgetpool", "allocation", "workers", "employers", "api")
RECORDS = ("record", "record_many", "_record", "_note", "_noted", "noted")


@pytest.fixture
def desk(administrator):
    return signed_in(administrator)


def body(page):
    return page.content.decode().split("<tbody")[1].split("</tbody")[0]


def lines(page):
    return body(page).count("rowheader")


def seen(by, worker, region):
    return trail.seen(actor=by, subject=worker, why="mandate", region_code=region.code)


def test_it_is_found_by_who_what_when_and_whom(twente, desk, adviser, chair, worker):
    other = make_worker("Bram Other", twente)
    seen(adviser, worker, twente.region)
    seen(adviser, other, twente.region)
    seen(chair, other, twente.region)
    code = twente.region.code
    trail.record(actor=chair, action="worker.changed", subject=other, region_code=code)
    assert lines(desk.get(TRAIL, {"whom": f"w-{worker.pk}"})) == 1
    about = desk.get(TRAIL, {"whom": f"W-{other.pk}"})
    assert (lines(about), f"W-{worker.pk}<" in body(about)) == (3, False)
    assert lines(desk.get(TRAIL, {"who": "ad adv"})) == 2
    assert lines(desk.get(TRAIL, {"who": adviser.email, "kind": "workers.worker"})) == 2
    assert lines(desk.get(TRAIL, {"kind": "workers.worker", "what": "looks"})) == 3
    assert lines(desk.get(TRAIL, {"kind": "workers.worker", "what": "steps"})) == 1
    tomorrow = f"{timezone.localdate() + timedelta(days=1):%d-%m-%Y}"
    assert "Niets gevonden" in body(desk.get(TRAIL, {"since": tomorrow}))


def test_whoever_searches_about_a_person_stands_in_it(twente, desk, administrator, worker):
    desk.get(TRAIL, {"whom": f"W-{worker.pk}"})
    event = AuditEvent.objects.get(action="trail.searched")
    assert (event.actor, event.details["whom"]) == (administrator, f"W-{worker.pk}")
    assert desk.get(TRAIL, {"format": "csv"}).status_code == 200
    assert AuditEvent.objects.get(action="list.exported").details["list"] == "trail"


@pytest.mark.parametrize("whom", ["Anna", "R-", "X-1", "R-1;drop", "R-٣"])
def test_what_is_no_number_is_refused_in_words(desk, whom):
    answer = desk.get(TRAIL, {"whom": whom})
    assert answer.status_code == 422
    assert "Schrijf het nummer zo" in answer.content.decode()
    assert lines(answer) == 0


def test_nothing_of_another_region_is_found(drenthe, desk, adviser_of_drenthe):
    stranger = make_worker("Dirk Elders", drenthe)
    seen(adviser_of_drenthe, stranger, drenthe.region)
    for query in ({"whom": f"W-{stranger.pk}"}, {"who": "Door"}, {"what": "looks"}):
        assert lines(desk.get(TRAIL, query)) == 0
    assert "Dirk Elders" not in body(desk.get(PEOPLE, {"words": "Dirk"}))
    assert AuditEvent.objects.filter(action="worker.seen").count() == 1


def test_a_person_is_found_by_the_name_they_said_and_each_look_is_kept(desk, administrator, worker):
    for too_short in ("", worker.name[:2]):
        assert lines(desk.get(PEOPLE, {"words": too_short})) == 0
    assert not AuditEvent.objects.filter(action="worker.seen").exists(), "nobody was shown"
    page = desk.get(PEOPLE, {"words": worker.name[:4]})
    assert worker.name in body(page)
    assert f"whom=W-{worker.pk}" in body(page)
    event = AuditEvent.objects.get(action="worker.seen")
    assert (event.actor, event.subject_id) == (administrator, str(worker.pk))
    desk.get(PEOPLE, {"words": worker.name[:4], "format": "csv"})
    assert AuditEvent.objects.filter(action="worker.seen").count() == 2


def test_a_longer_trail_asks_the_database_no_more(twente, desk, adviser):
    counts = set()
    for number in range(4):
        seen(adviser, make_worker(f"Person {number}", twente), twente.region)
        desk.get(TRAIL)
        with CaptureQueriesContext(connection) as asked:
            desk.get(TRAIL)
        counts.add(len(asked))
    assert len(counts) == 1


def steps_of(tree):
    """The last parts of the codes that a file writes into the trail."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        values = [word.value for word in node.keywords if word.arg == "action"]
        if name in RECORDS:
            values += node.args
        for value in values:
            for one in ast.walk(value):
                if isinstance(one, ast.Constant) and isinstance(one.value, str):
                    found = re.fullmatch(r"[a-z_]+\.([a-z_]+)", one.value)
                    if found:
                        yield found.group(1)


def test_every_step_that_is_written_down_has_words():
    """A code of a program is nothing to read; the next step fails here until it has words."""
    written = {
        step
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if "migrations" not in path.parts
        for step in steps_of(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert len(written) > 100
    # Codes that are built from a state.
    states = {step.to for life in (AWARD, PROOF) for step in life.steps.values() if step.to}
    assert (written | states) - set(trail_words.STEPS) == set()
