import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from budgetpool.audit import trail
from budgetpool.audit.models import AuditEvent
from tests.cast import signed_in
from tests.trail import trail_of

pytestmark = pytest.mark.django_db


def test_a_look_at_somebody_elses_file_is_written_down_with_its_reason(adviser, stranger):
    trail.seen(actor=adviser, subject=stranger, why="mandate", region_code="BIJ3-09")
    trail.record(actor=adviser, action="user.changed", subject=stranger)
    [look] = trail_of(stranger).filter(action="user.seen")
    assert (look.actor, look.details) == (adviser, {"why": "mandate"})
    assert [event.action for event in trail_of(stranger)] == ["user.changed", "user.seen"]


def test_looking_at_ones_own_file_is_no_look(stranger):
    assert trail.seen(actor=stranger, subject=stranger, why="own") is None
    assert not AuditEvent.objects.exists()


def test_one_request_names_all_its_events_and_its_answer(stranger):
    answer = signed_in(stranger).post("/account", {"name": "Sam S.", "language": "en"})
    [event] = trail_of(stranger)
    assert event.action == "profile.changed"
    assert event.details == {"fields": ["language", "name"]}
    assert event.request_id == answer.headers["X-Request-ID"]
    assert len(event.request_id) == 32


def test_a_client_does_not_choose_the_name_of_its_request():
    answer = Client(headers={"X-Request-ID": "mine"}).get("/sign-in")
    assert answer.headers["X-Request-ID"] != "mine"


@pytest.mark.parametrize("change", [{"action": "other"}, None])
def test_the_database_refuses_to_change_or_remove_an_event(stranger, change):
    event = trail.record(actor=stranger, action="user.changed", subject=stranger)
    rows = AuditEvent.objects.filter(pk=event.pk)
    with pytest.raises(DatabaseError, match="never changed or removed"), transaction.atomic():
        rows.update(**change) if change else rows._raw_delete("default")
    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        event.delete()
