"""Every region's round divided at once."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from allocation.models import Scenario
from budgetpool.audit.models import AuditEvent
from tests.allocation.regions import make_rounds

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.django_db
def test_every_region_gets_one_verified_division_and_asking_again_adds_none():
    made = make_rounds(2)
    told = json.loads(national("2027-1", "--json"))
    assert (told["rounds"], told["verified"], told["missing"]) == (2, 2, [])
    scenarios = Scenario.objects.filter(name="Landelijke ronde", verified=True)
    assert {one.round_id for one in scenarios} == {one.pk for one in made}
    assert {one.people for one in scenarios} == {3}
    assert {one.computed_by for one in scenarios} == {None}
    assert AuditEvent.objects.filter(action="round.computed", actor=None).count() == 2
    again = json.loads(national("2027-1", "--json"))
    assert (again["verified"], scenarios.count()) == (2, 2)


@pytest.mark.django_db
def test_a_name_that_no_round_has_is_refused(drawn):
    with pytest.raises(CommandError, match="No closed and drawn round"):
        national("2031-9")
    assert national("2027-1", "--dry-run").strip() == str(drawn)
    assert not drawn.scenarios.exists()


def national(*arguments):
    said = StringIO()
    call_command("run_national", *arguments, stdout=said)
    return said.getvalue()
