"""Intake and reflections: for the worker and their adviser, never for the division."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from tests.cast import make_worker
from tests.refusing import refuses
from workers.counter import mandates
from workers.data import retention
from workers.learning import intake, reflections
from workers.learning.skills import skills
from workers.learning.statements import PARTS, STATEMENTS
from workers.models import Intake, TrainingRequest

ROOT = Path(__file__).resolve().parents[2]


def test_there_are_fifteen_statements_in_five_parts():
    assert len(STATEMENTS) == 15
    assert [one.part for one in STATEMENTS] == [
        part for part, count in zip(PARTS, (3, 3, 3, 4, 2), strict=True) for _ in range(count)
    ]


def test_no_module_that_divides_money_knows_the_intake_or_the_reflections():
    """Otherwise a weakness that somebody tells would become a currency."""
    names = {"Intake", "Reflection", "workers.learning", "intake", "reflections"}
    guilty = []
    for path in (ROOT / "allocation").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.ImportFrom(module=module, names=imported):
                    words = {module or "", *(one.name for one in imported)}
                case ast.Import(names=imported):
                    words = {one.name for one in imported}
                case ast.Attribute(attr=attr):
                    words = {attr}
                case _:
                    continue
            if words & names or any(word.startswith("workers.learning") for word in words):
                guilty.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert guilty == []


def test_without_consent_nothing_is_kept(worker):
    with pytest.raises(ValidationError):
        intake.answer(actor=worker.user, worker=worker, consent=False, answers={"time": "no"})
    assert not Intake.objects.exists()


def test_every_statement_may_be_skipped_and_each_no_leads_to_a_step(worker):
    kept = intake.answer(
        actor=worker.user,
        worker=worker,
        consent=True,
        answers={"time": "no", "dare_ask": "unknown", "money": "rather_not", "device": "yes"},
    )
    assert [one.code for one in intake.steps(kept.answers)] == ["dare_ask", "time"]


def test_the_board_and_advisers_without_a_mandate_do_not_see_it(worker, adviser, chair):
    intake.answer(actor=worker.user, worker=worker, consent=True, answers={"time": "no"})
    for somebody in (chair, adviser):
        with refuses("not_yours"):
            intake.of(actor=somebody, worker=worker)
    mandates.give(actor=worker.user, worker=worker, adviser=adviser, scope="read", given="web")
    assert intake.of(actor=adviser, worker=worker).answers == {"time": "no"}


def test_after_three_months_it_is_neither_shown_nor_kept(worker):
    kept = intake.answer(actor=worker.user, worker=worker, consent=True, answers={"time": "no"})
    assert kept.keep_until == timezone.localdate() + timedelta(days=92)
    Intake.objects.update(keep_until=timezone.localdate() - timedelta(days=1))
    assert intake.of(actor=worker.user, worker=worker) is None
    counts = retention.run(decided=TrainingRequest.objects.none().values("pk"))
    assert counts["intakes"] == 1
    assert not Intake.objects.exists()


def test_groups_below_ten_are_not_counted(twente):
    for number in range(11):
        person = make_worker(f"Person {chr(65 + number)}", twente)
        intake.answer(
            actor=person.user,
            worker=person,
            consent=True,
            answers={"time": "no", "money": "no" if number < 9 else "yes"},
        )
        if number < 9:
            assert intake.counted(twente.region) is None
    assert intake.counted(twente.region) == {"time": 11}


def test_a_reflection_is_tagged_with_skills_by_address(worker):
    uri = next(iter(skills()))
    written = reflections.write(
        actor=worker.user,
        worker=worker,
        month="2027-02",
        first_time="De kassa gedaan",
        learned_from="",
        next_time="",
        tagged=[uri],
    )
    assert written.skills == [uri]
    with pytest.raises(ValidationError):
        reflections.write(
            actor=worker.user,
            worker=worker,
            month="2027-02",
            first_time="x",
            learned_from="",
            next_time="",
            tagged=["http://example.nl/skill"],
        )


def test_every_skill_has_an_address_a_version_and_dutch_words():
    assert len(skills()) >= 10
    for skill in skills().values():
        assert skill.uri.startswith("http://data.europa.eu/esco/skill/")
        assert (skill.scheme, skill.version) == ("ESCO", "1.2.0")
        assert skill.said("nl") != skill.said("en")
