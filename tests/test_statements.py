"""Statements whose text is written once."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from budgetpool.audit.models import AuditEvent
from budgetpool.fund.models import Region
from budgetpool.statements import Adding, Reading

pytestmark = pytest.mark.django_db

EVENTS = Reading(
    lambda action, since, key: (
        AuditEvent.objects.filter(action=action, at__gte=since)
        .exclude(pk=key)
        .order_by("pk")
        .values_list("subject_id", "at", "details", "actor_id")
    ),
    action=str,
    since=datetime,
    key=int,
)


def event(subject, action="worker.seen", at=None):
    made = AuditEvent(action=action, subject_type="x", subject_id=subject, details={"a": ["é'%s"]})
    made.at = at or timezone.now()
    Adding(AuditEvent).add(made)
    return made


def test_what_was_added_is_read_back_with_its_types_by_other_values_each_time():
    early, late = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
    first, second = event("one", at=early), event("two", at=late)
    assert first.pk
    assert second.pk == AuditEvent.objects.get(subject_id="two").pk
    assert EVENTS.rows(action="worker.seen", since=early, key=0) == [
        ("one", early, {"a": ["é'%s"]}, None),
        ("two", late, {"a": ["é'%s"]}, None),
    ]
    assert [row[0] for row in EVENTS.rows(action="worker.seen", since=late, key=0)] == ["two"]
    assert not EVENTS.rows(action="worker.seen", since=late, key=second.pk)
    assert not EVENTS.rows(action="' OR 1=1 --", since=early, key=0)


def test_an_added_row_is_stored_and_no_new_one():
    row = event("one")
    assert not row._state.adding
    with pytest.raises(TypeError):
        row.save()


def test_a_value_without_a_place_is_refused():
    reading = Reading(
        lambda code: Region.objects.values_list("name").filter(code=code), code=str, other=int
    )
    with pytest.raises((ValueError, TypeError)):
        reading.rows(code="X", other=1)
    reading = Reading(
        lambda code, other: Region.objects.values_list("name").filter(code=code),
        code=str,
        other=int,
    )
    with pytest.raises(ValueError, match="other has no place"):
        reading.rows(code="X", other=1)
