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
from tests.allocation.people import ask
from tests.cast import make_window, make_worker, signed_in
from workers.data.looks import looks

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
    # Each of the two searches is itself a look at that person.
    assert lines(desk.get(TRAIL, {"whom": f"w-{worker.pk}"})) == 1 + 1
    about = desk.get(TRAIL, {"whom": f"W-{other.pk}"})
    assert (lines(about), f"W-{worker.pk}<" in body(about)) == (3 + 1, False)
    assert lines(desk.get(TRAIL, {"who": "ad adv"})) == 2
    assert lines(desk.get(TRAIL, {"who": adviser.email, "kind": "workers.worker"})) == 2
    assert lines(desk.get(TRAIL, {"kind": "workers.worker", "what": "looks"})) == 3 + 2
    assert lines(desk.get(TRAIL, {"kind": "workers.worker", "what": "steps"})) == 1
    tomorrow = f"{timezone.localdate() + timedelta(days=1):%d-%m-%Y}"
    assert "Niets gevonden" in body(desk.get(TRAIL, {"since": tomorrow}))


def test_whoever_looks_at_the_trail_stands_in_it(desk, administrator):
    shown = body(desk.get(TRAIL))
    event = AuditEvent.objects.get(action="trail.seen")
    assert event.actor == administrator
    assert administrator.name in shown, "their own look is the first line"
    assert not AuditEvent.objects.filter(action="trail.searched").exists()
    assert desk.get(TRAIL, {"format": "csv"}).status_code == 200
    assert AuditEvent.objects.filter(action="trail.seen").count() == 2
    assert AuditEvent.objects.get(action="list.exported").details["list"] == "trail"
    assert desk.get(TRAIL, {"whom": "Anna"}).status_code == 422
    assert AuditEvent.objects.filter(action="trail.seen").count() == 2, "nothing was shown"


@pytest.mark.parametrize("by_request", [False, True])
def test_whoever_searches_about_a_person_stands_in_it_and_the_person_reads_it(
    twente, desk, administrator, worker, by_request
):
    whom = ask(worker, make_window(twente)).reference if by_request else f"W-{worker.pk}"
    desk.get(TRAIL, {"whom": whom})
    event = AuditEvent.objects.get(action="trail.searched")
    assert (event.actor, event.details) == (administrator, {"by_name": False, "whom": whom})
    look = AuditEvent.objects.get(action="worker.seen")
    assert (look.actor, look.subject_id) == (administrator, str(worker.pk))
    assert [(one.who, one.action) for one in looks(worker)] == [(administrator.name, "worker.seen")]
    assert administrator.name in signed_in(worker.user).get("/my/data").content.decode()


def test_the_words_that_were_typed_to_search_are_not_kept(desk):
    desk.get(TRAIL, {"who": "Anna Nowak"})
    event = AuditEvent.objects.get(action="trail.searched")
    assert event.details == {"by_name": True, "whom": ""}
    assert not AuditEvent.objects.filter(action="worker.seen").exists()


@pytest.mark.parametrize("whom", ["Anna", "R-", "X-1", "R-1;drop", "R-٣"])
def test_what_is_no_number_is_refused_in_words(desk, whom):
    answer = desk.get(TRAIL, {"whom": whom})
    assert answer.status_code == 422
    assert "Schrijf het nummer zo" in answer.content.decode()
    assert lines(answer) == 0


def test_nothing_of_another_region_is_found(drenthe, desk, adviser_of_drenthe):
    stranger = make_worker("Dirk Elders", drenthe)
    seen(adviser_of_drenthe, stranger, drenthe.region)
    asked = ask(stranger, make_window(drenthe))
    for query in ({"whom": f"W-{stranger.pk}"}, {"whom": asked.reference}, {"who": "Door"}):
        assert lines(desk.get(TRAIL, query)) == 0
    shown = body(desk.get(TRAIL, {"what": "looks"}))
    assert (f"W-{stranger.pk}<" in shown, adviser_of_drenthe.name in shown) == (False, False)
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
