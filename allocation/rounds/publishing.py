"""Publish a round: decisions, money and letters in one transaction, or nothing of it."""

from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from allocation import letters
from allocation.models import Award, Decision, Explanation, Round, Scenario
from allocation.rounds import line_keys, record, steps
from allocation.rounds.lock import locked
from allocation.rules import access
from budgetpool.audit import trail
from budgetpool.fund import ledger
from budgetpool.fund.models import Account
from budgetpool.mail import outbox
from budgetpool.money import from_cents, to_cents
from budgetpool.refusals import NotReady
from budgetpool.users.models import User
from workers.models.window import ANSWER_DAYS

BATCH: Final = 500


def publish(*, round: Round, member: User) -> Round:
    """Make the signed outcome final: one decision per request, one account per award, letters.

    Everything happens in one transaction, so that a crash leaves either nothing or the whole;
    asking again is harmless. With a ceiling of € 500,000 and awards of € 498,300 the round's
    account keeps € 1,700 afterwards.

    Raises:
        NotAllowed: no seat, or an own interest.
        WrongStep: the round is not signed.
        NotReady: `not_two_signatures`, `above_ceiling`, `requests_missing`; `not_explained`: what
            would have changed each refusal is not found yet.
        NotEnoughMoney: the round's account holds less than the awards; nothing was written.
    """
    with transaction.atomic():
        fresh = locked(round)
        access.require_step(member, fresh, "publish")
        if fresh.status == Round.Status.PUBLISHED:
            return fresh
        steps.take(fresh, "publish")
        outcomes = _checked(fresh)
        fresh.published_at = timezone.now()
        fresh.full_clean()
        fresh.save()
        decisions = _decide(fresh, outcomes)
        awards = _award(fresh, [outcome for outcome in outcomes if outcome.awarded], member)
        keys = line_keys.keys_of(
            fresh, list(fresh.window.requests.values_list("worker_id", flat=True))
        )
        outbox.queue_many(letters.decisions(fresh, decisions, awards, keys))
        trail.record(
            actor=member,
            action="round.published",
            subject=fresh,
            region_code=fresh.fund.region.code,
            decisions=len(decisions),
            awards=len(awards),
            spent_cents=sum(outcome.amount_cents for outcome in outcomes),
        )
    return fresh


def require(*, round: Round, member: User) -> None:
    """Refuse at once what `publish` would refuse after a while; raises what it raises."""
    access.require_step(member, round, "publish")
    steps.check(round, "publish")
    _require_signed(round)


def accept_by(day: date) -> date:
    """The last day on which somebody can say yes to an award that was offered on `day`."""
    return day + timedelta(days=ANSWER_DAYS)


def _require_signed(round: Round) -> Scenario:
    """The scenario under which two signatures stand, and whose refusals are explained."""
    scenario = round.proposal
    assert scenario is not None
    signatures = round.signatures.filter(withdrawn_at__isnull=True, scenario=scenario)
    if len(set(signatures.values_list("signer", flat=True))) != 2:
        raise NotReady("not_two_signatures", round=round.code)
    if not Explanation.objects.filter(scenario=scenario).exists():
        raise NotReady("not_explained", scenario=scenario.name)
    return scenario


def _checked(round: Round) -> list[record.Outcome]:
    """The outcome that was signed, after a last look at what must be true of it."""
    scenario = _require_signed(round)
    outcomes = record.outcomes(scenario)
    spent = sum(outcome.amount_cents for outcome in outcomes)
    if spent > to_cents(round.ceiling):
        raise NotReady("above_ceiling", spent_cents=spent, ceiling_cents=to_cents(round.ceiling))
    if len(outcomes) != round.snapshot.requests:
        raise NotReady("requests_missing", decided=len(outcomes), frozen=round.snapshot.requests)
    return outcomes


def _decide(round: Round, outcomes: list[record.Outcome]) -> list[Decision]:
    assert round.published_at is not None
    rows = [
        Decision(
            round=round,
            request_id=outcome.request,
            awarded=outcome.awarded,
            choice_id=outcome.choice,
            amount=from_cents(outcome.amount_cents),
            points=outcome.points,
            reason=outcome.reason,
            params=outcome.params,
            decided_at=round.published_at,
        )
        for outcome in outcomes
    ]
    for row in rows:
        row.clean_fields(exclude=["round", "request", "choice"])
    return Decision.objects.bulk_create(rows, batch_size=BATCH)


def _award(round: Round, outcomes: list[record.Outcome], member: User) -> list[Award]:
    assert round.account is not None
    assert round.published_at is not None
    codes = {outcome.request: account_code(outcome.request) for outcome in outcomes}
    accounts = ledger.open_accounts(
        fund=round.fund, kind=Account.Kind.AWARD, codes=list(codes.values())
    )
    ledger.post_many(
        ledger.Entry(
            debit=round.account,
            credit=accounts[codes[outcome.request]],
            amount=outcome.amount_cents,
            reference=reference(outcome.request),
            memo="reserved",
            posted_by=member,
        )
        for outcome in outcomes
    )
    last_day = accept_by(timezone.localdate(round.published_at))
    rows = [
        Award(
            round=round,
            request_id=outcome.request,
            choice_id=_chosen(outcome),
            amount=from_cents(outcome.amount_cents),
            account=accounts[codes[outcome.request]],
            origin=Award.Origin.ROUND,
            granted_at=round.published_at,
            accept_by=last_day,
        )
        for outcome in outcomes
    ]
    for row in rows:
        row.clean_fields(exclude=["round", "request", "choice", "account", "replaces"])
    return Award.objects.bulk_create(rows, batch_size=BATCH)


def _chosen(outcome: record.Outcome) -> int:
    assert outcome.choice is not None, "an award is for one choice"
    return outcome.choice


def account_code(request: int) -> str:
    """The code of the account that holds the money of a request's award."""
    return f"award-{request}"


def reference(request: int) -> str:
    """The reference of the transfer that sets an award's money apart."""
    return f"award:{request}:reserved"
