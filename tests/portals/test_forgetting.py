"""Files that ended years ago lose their names, looks go in time, and the log proves it."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from allocation.decisions import objections
from allocation.models import Award, Decision, Objection
from allocation.retention import CATEGORIES, ended_files
from budgetpool.audit.models import AuditEvent
from budgetpool.fund.models import Seat
from budgetpool.users.models import User
from tests.cast import make_worker, signed_in
from tests.sharing import shared
from workers.data import retention
from workers.data.destroying import keys_sha256
from workers.models import Destruction, Window, Worker

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=6 * 365)
NONE = Decision.objects.none().values("request_id")


def nightly(*options):
    out = StringIO()
    call_command("destroy_old_data", *options, "--json", stdout=out)
    return json.loads(out.getvalue())


def in_six_years():
    """What the nightly command does with files that ended, six years from now."""
    ended = next(one for one in CATEGORIES if one.code == "ended_files")
    day = timezone.localdate() + LONG_AGO - timedelta(days=ended.days)
    return ended.act(category=ended.code, rule=ended.rule, rows=ended.past(day))


@shared
def ended(published):
    """The published round with all its awards paid and determined."""
    Award.objects.update(status="determined", determined_at=timezone.now(), determined_amount=0)
    return published


def people(published):
    return Worker.objects.filter(requests__decision__round=published)


def test_a_file_that_ended_six_years_ago_loses_its_name_and_keeps_its_decision(ended):
    keys = sorted(people(ended).values_list("pk", flat=True))
    accounts = list(User.objects.filter(worker__in=keys))
    assert nightly()["ended_files"] == 0
    assert not people(ended).filter(name="").exists()
    assert in_six_years() == len(keys)
    for worker in people(ended):
        assert (worker.name, worker.email, worker.phone, worker.birth_date, worker.user_id) == (
            "", "", "", None, None,
        )  # fmt: skip
        assert worker.erased_at is not None
    for account in accounts:
        account.refresh_from_db()
        assert not account.is_active
        assert account.name == "-"
    assert Decision.objects.filter(round=ended).count() == len(keys)
    line = Destruction.objects.get(category="ended_files")
    assert (line.count, line.keys_sha256) == (len(keys), keys_sha256("ended_files", keys))
    assert in_six_years() == 0


@pytest.mark.parametrize("why", ["signed_in", "open_award", "young_award", "window"])
def test_a_file_with_something_of_the_last_five_years_stays(ended, why):
    award = Award.objects.select_related("request__worker__user").first()
    worker, then = award.request.worker, timezone.now() + LONG_AGO
    if why == "signed_in":
        User.objects.filter(pk=worker.user_id).update(last_login=then)
    elif why == "open_award":
        Award.objects.filter(pk=award.pk).update(status="accepted", determined_at=None)
    elif why == "young_award":
        Award.objects.filter(pk=award.pk).update(determined_at=then)
    else:
        Window.objects.update(closes_at=then)
    day = timezone.localdate() + timedelta(days=300)
    assert worker not in ended_files(day)
    assert ended_files(day).exists() is (why != "window")


def test_somebody_who_also_sits_at_the_counter_keeps_the_account(ended, twente):
    worker = people(ended).first()
    both = worker.user
    Seat.objects.create(user=both, region=twente.region, role=Seat.Role.ADVISER)
    in_six_years()
    both.refresh_from_db()
    worker.refresh_from_db()
    assert both.is_active
    assert worker.name == ""


def test_somebody_who_never_asked_is_forgotten_after_two_years(twente):
    old, young = make_worker("Olga Old", twente), make_worker("Yara Young", twente)
    ago = timezone.now() - timedelta(days=731)
    Worker.objects.filter(pk=old.pk).update(created_at=ago)
    User.objects.filter(pk=old.user_id).update(last_login=ago)
    assert nightly()["people_without_requests"] == 1
    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.name, young.name) == ("", "Yara Young")


def test_words_of_an_objection_go_and_its_outcome_stays(published):
    refused = published.decisions.filter(awarded=False).first()
    filed = objections.file(
        decision=refused, actor=refused.request.worker.user, cause="facts", grounds="Mijn verhaal"
    )
    objections.withdraw(objection=filed, actor=refused.request.worker.user)
    Objection.objects.update(decided_at=timezone.now() - LONG_AGO)
    assert nightly()["objection_texts"] == 1
    kept = Objection.objects.get()
    assert (kept.grounds, kept.status) == ("-", "withdrawn")
    assert nightly()["objection_texts"] == 0


def event(action, days, subject):
    return AuditEvent.objects.create(
        at=timezone.now() - timedelta(days=days),
        action=action,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
    ).pk


def test_looks_go_after_eighteen_months_and_changes_stay(stranger):
    gone = [event("worker.seen", 550, stranger), event("account.signed_in", 550, stranger)]
    kept = [event("worker.seen", 540, stranger), event("worker.erased", 5000, stranger)]
    assert nightly()["looks"] == 2
    assert set(AuditEvent.objects.values_list("pk", flat=True)) >= set(kept)
    assert not AuditEvent.objects.filter(pk__in=gone).exists()
    assert Destruction.objects.get(category="looks").keys_sha256 == keys_sha256("looks", gone)


@pytest.mark.parametrize(("action", "days"), [("worker.seen", 540), ("worker.erased", 5000)])
def test_the_database_lets_no_younger_look_and_no_change_go(stranger, action, days):
    key = event(action, days, stranger)
    with pytest.raises(DatabaseError, match="never changed or removed"), transaction.atomic():
        AuditEvent.objects.filter(pk=key).delete()
    with pytest.raises(DatabaseError, match="never changed or removed"), transaction.atomic():
        AuditEvent.objects.filter(pk=key).update(action="other")


def test_the_person_reads_how_long_each_kind_is_kept(worker):
    shown = signed_in(worker.user).get(reverse("worker:data")).content.decode()
    for words in ("18 maanden", "5 jaar", "2 jaar"):
        assert words in shown


def test_every_category_has_its_own_code_purpose_ground_and_term():
    every = [*retention.categories(NONE), *CATEGORIES]
    assert len({one.code for one in every}) == len(every)
    assert all(one.purpose and one.ground and one.days >= 0 for one in every)
    assert all(len(one.rule) <= 200 for one in every)
