"""Two people press the same button at the same moment, on PostgreSQL with a connection each."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from allocation import rounds
from allocation.decisions import awards
from allocation.models import Award, Decision, Round, Signature
from budgetpool.audit.models import AuditEvent
from budgetpool.fund import checks, ledger
from budgetpool.mail.models import Message
from budgetpool.refusals import Refusal
from tests.allocation.people import euros
from tests.cast import lotto, make_window

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def at_once(*tasks):
    barrier = Barrier(len(tasks))

    def run(task):
        barrier.wait(timeout=20)
        try:
            return task()
        except Refusal as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tasks)) as threads:
        return list(threads.map(run, tasks))


def books_are_right():
    return all(outcome.ok for outcome in checks.check_ledger())


def test_five_publications_at_once_book_once(signed, chair):
    at_once(*[lambda: rounds.publish(round=signed, member=chair)] * 5)
    assert Decision.objects.count() == 7
    assert Award.objects.count() == 3
    assert Message.objects.filter(key__startswith="decision:").count() == 7
    assert AuditEvent.objects.filter(action="round.published").count() == 1
    assert books_are_right()


def test_two_rounds_cannot_spend_the_same_euro(rich_fund, policy, chair, pool):
    # EUR 10,000 in the pool, two rounds of EUR 6,000: one opens, the other waits for money.
    drafts = []
    for code in ("2027-1", "2027-2"):
        window = make_window(rich_fund, code)
        drafts.append(
            rounds.draft(
                window=window,
                policy=policy,
                ceiling=euros(6_000),
                reserve=euros(0),
                draw=lotto(window),
                member=chair,
            )
        )
    results = at_once(
        *[
            lambda draft=draft: rounds.open(round=draft, member=chair, at=draft.window.opens_at)
            for draft in drafts
        ]
    )
    assert sum(getattr(result, "code", "") == "not_enough_money" for result in results) == 1
    assert Round.objects.filter(status="open").count() == 1
    assert ledger.balance_cents(pool) == 400_000
    assert books_are_right()


def test_publication_and_cancelling_at_once_do_one_of_the_two(signed, chair, second_signer):
    rounds.cancel(round=signed, reason="Stop.", member=chair)
    at_once(
        lambda: rounds.publish(round=signed, member=chair),
        lambda: rounds.cancel(round=signed, reason="Stop.", member=second_signer),
    )
    signed.refresh_from_db()
    awards_made = Award.objects.count()
    assert (signed.status, awards_made) in {("published", 3), ("cancelled", 0)}
    assert books_are_right()


def test_two_second_signatures_at_once_leave_one(proposed, second_signer, twente):
    tasks = [
        lambda: rounds.sign(
            round=proposed,
            sha256=proposed.proposal.sha256,
            no_interest=True,
            member=second_signer,
        )
    ] * 3
    at_once(*tasks)
    assert Signature.objects.filter(withdrawn_at__isnull=True).count() == 2


def test_two_people_who_decline_at_once_offer_two_different_people(published):
    granted = list(Award.objects.select_related("request__worker__user").order_by("pk")[:2])
    at_once(
        *[
            lambda award=award: awards.decline(award=award, actor=award.request.worker.user)
            for award in granted
        ]
    )
    offered = Award.objects.filter(origin="next_in_line")
    assert offered.count() == 2
    assert len({award.request_id for award in offered}) == 2
    assert books_are_right()
