"""A drop-out as a job: done once, all of it or nothing, whatever becomes of the worker program."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from allocation.models import Payout, ProviderDropout, Recovery, Replacement
from allocation.payouts import confirming, planning, tasks
from budgetpool.audit.models import AuditEvent
from budgetpool.jobs import work
from budgetpool.jobs.models import Job
from budgetpool.mail.models import Message
from budgetpool.refusals import NotAllowed, NotReady, TooLate
from tests.payouts.conftest import statement
from tests.payouts.test_paying import enter, send
from tests.sharing import shared

pytestmark = pytest.mark.django_db


@shared
def facts(opened, school, treasurer):
    return {
        "fund": opened.fund,
        "provider": school.provider,
        "reason": "Expelled from the register",
        "choose_by": timezone.localdate() + timedelta(days=28),
        "actor": treasurer,
    }


@shared
def paid(award, school, opened, main_iban, treasurer, second_treasurer):
    """EUR 480 of EUR 600 was paid to the school."""
    payout = planning.advance(invoice=enter(award, treasurer), actor=treasurer)
    send(opened.fund, treasurer, second_treasurer)
    statement(main_iban, (-48_000, payout.end_to_end_id, {}))
    confirming.confirm(fund=main_iban.fund, actor=treasurer)
    return award


def written():
    return (
        ProviderDropout.objects.count(),
        Replacement.objects.count(),
        Recovery.objects.count(),
        Message.objects.filter(kind="training_replacement").count(),
        AuditEvent.objects.filter(action="provider.dropped_out").count(),
    )


def test_the_job_drops_out_in_the_name_of_who_asked(facts, paid):
    tasks.ask_drop_out(**facts)
    (job,) = tasks.of_fund(facts["fund"])
    assert (job.state, job.progress) == (Job.State.DONE, {"people": 1})
    assert job.result == {"dropout": ProviderDropout.objects.get().pk}
    assert written() == (1, 1, 1, 1, 1)
    event = AuditEvent.objects.get(action="provider.dropped_out")
    assert event.actor == facts["actor"]


def test_what_cannot_be_is_refused_before_anything_waits(facts, treasurer_of_drenthe):
    for wrong, error in (
        ({"actor": treasurer_of_drenthe}, NotAllowed),
        ({"reason": " "}, NotReady),
        ({"choose_by": timezone.localdate()}, TooLate),
    ):
        with pytest.raises(error):
            tasks.ask_drop_out(**(facts | wrong))
    assert not Job.objects.exists()


def test_asking_twice_while_it_runs_gives_the_same_job_and_afterwards_the_same_drop_out(
    facts, paid
):
    key = f"{tasks.prefix(facts['fund'])}{facts['provider'].pk}"
    waiting = Job.objects.create(key=key, state=Job.State.RUNNING)
    assert tasks.ask_drop_out(**facts) == waiting
    assert written() == (0, 0, 0, 0, 0)
    waiting.delete()
    for _ in range(2):
        tasks.ask_drop_out(**facts)
    assert work.latest(key).result == {"dropout": ProviderDropout.objects.get().pk}
    assert written() == (1, 1, 1, 1, 1)


def test_a_worker_that_dies_half_way_leaves_nothing_and_the_next_one_does_it_all(facts, paid):
    def die_at_the_last_step(execute, sql, params, many, context):
        if 'INSERT INTO "audit_auditevent"' in sql and "provider.dropped_out" in params:
            raise SystemExit
        return execute(sql, params, many, context)

    with connection.execute_wrapper(die_at_the_last_step):
        job = tasks.ask_drop_out(**facts)
    job.refresh_from_db()
    assert job.state == Job.State.RUNNING
    assert written() == (0, 0, 0, 0, 0)
    # The queue gives it to another worker.
    tasks.drop_out.enqueue(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.DONE
    assert written() == (1, 1, 1, 1, 1)


def test_a_payment_that_went_to_the_bank_since_stops_the_job_and_changes_nothing(
    facts, award, treasurer, second_treasurer
):
    planning.advance(invoice=enter(award, treasurer), actor=treasurer)
    send(facts["fund"], treasurer, second_treasurer)
    tasks.ask_drop_out(**facts)
    (job,) = tasks.of_fund(facts["fund"])
    assert job.state == Job.State.FAILED
    assert job.result["code"] == "payments_at_bank"
    assert written() == (0, 0, 0, 0, 0)
    assert Payout.objects.get().status == Payout.Status.BATCHED
