"""The life of an award: accepted or declined, advanced, completed, determined, or ended otherwise.

One table says which step is possible from which state. The steps that move money out of the fund
belong to the payouts, which call `take` inside their own transaction.
"""

from __future__ import annotations

import io
from datetime import date
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from djmoney.money import Money

from allocation import letters, lives
from allocation.decisions import places, telling
from allocation.models import Award, Decision, Round
from allocation.rounds import publishing, snapshot
from allocation.rounds.lock import locked
from allocation.rules import courses
from budgetpool import lazily
from budgetpool.audit import trail
from budgetpool.fund import ledger
from budgetpool.fund.models import Account
from budgetpool.mail import outbox
from budgetpool.refusals import NotReady, TooLate
from budgetpool.users.models import User
from workers import access
from workers.models import Choice, Mandate, TrainingRequest

if TYPE_CHECKING:
    import pandas as pd
else:
    pd = lazily.module("pandas")

Status = Award.Status


# The moment that each step sets.
MOMENTS: Final = {
    "accept": "answered_at",
    "advance": "advanced_at",
    "complete": "completed_at",
    "determine": "determined_at",
    "decline": "ended_at",
    "cancel": "ended_at",
    "no_show": "ended_at",
    "recover": "ended_at",
}
# Whoever was there did not stay away, and stops the training where the place cannot go to another.
NOT_AFTER_START: Final = ("decline", "no_show")


def take(
    *,
    award: Award,
    step: str,
    actor: User | None,
    reason: str = "",
    determined_amount: Money | None = None,
) -> Award:
    """Put an award into its next state and write the audit event, in the caller's transaction.

    Args:
        step: a step of `lives.AWARD` that changes the state.
        reason: why it ended otherwise; kept with the award.
        determined_amount: for `determine` only: what the training cost in the end, at most the
            awarded amount (Awb 4:46, second paragraph).

    Raises:
        WrongStep: not possible from the award's present state.
        NotReady: `has_started` with `started_on`, for a step that is over by then.
    """
    with transaction.atomic():
        fresh = (
            Award.objects.select_for_update(of=("self",))
            .select_related("round__fund__region", "request__worker__region", "account")
            .get(pk=award.pk)
        )
        to = lives.AWARD.after(step, fresh.status)
        if step in NOT_AFTER_START and fresh.started_on is not None:
            raise NotReady("has_started", started_on=fresh.started_on.isoformat())
        moment = MOMENTS[step]
        if moment == "ended_at":
            fresh.status_before_end = fresh.status
            fresh.end_reason = reason
        fresh.status = to
        setattr(fresh, moment, timezone.now())
        if step == "determine":
            fresh.determined_amount = determined_amount
        fresh.full_clean()
        fresh.save()
        trail.record(
            actor=actor,
            action=f"award.{to}",
            subject=fresh,
            region_code=fresh.round.fund.region.code,
            request=fresh.request_id,
        )
    return fresh


def accept(*, award: Award, actor: User, organisation: str = "", share: bool = False) -> Award:
    """The worker (or their helper) says yes to the training; the school hears that.

    Args:
        share: the school may know who it is (name, e-mail address, phone number).

    Raises:
        NotYours: neither the worker nor somebody with a mandate to arrange what comes after.
        WrongStep: the award was answered before.
        TooLate: the last day to answer has passed.
    """
    with transaction.atomic():
        _require(award, actor, organisation)
        if timezone.localdate() > award.accept_by:
            raise TooLate("accept_by_passed", deadline_on=award.accept_by.isoformat())
        accepted = take(award=award, step="accept", actor=actor)
        places.tell_of_yes(accepted, actor=actor, organisation=organisation, share=share)
        return accepted


def decline(*, award: Award, actor: User, reason: str = "", organisation: str = "") -> Award | None:
    """The worker says no; the next in line of the same class of equal cases is offered the place.

    Declining costs nothing: there is no sanction, and no waiting credit is lost by it.

    Returns:
        The award of the next in line, or None where there is nobody left.

    Raises:
        NotYours, WrongStep: as `accept`; an accepted award can be declined until money is paid.
        NotReady: `has_started`: then the training is stopped, see `proofs.stop`.
    """
    with transaction.atomic():
        _require(award, actor, organisation)
        was_accepted = Award.objects.filter(pk=award.pk, status=Status.ACCEPTED).exists()
        following = _release(award, actor, reason)
        if was_accepted:
            telling.tell_school_about(award, kind="school_person_left")
        return following


def lapse(*, today: date | None = None) -> list[Award]:
    """Take back the awards that nobody answered in time, and offer each to the next in line.

    Run every night; asking twice is harmless.
    """
    offered = []
    for award in unanswered(today=today):
        with transaction.atomic():
            following = _release(award, None, "not answered in time")
            if following is not None:
                offered.append(following)
    return offered


def unanswered(*, today: date | None = None) -> QuerySet[Award]:
    """The awards whose last day to answer has passed, oldest first."""
    day = today or timezone.localdate()
    return (
        Award.objects.filter(status=Status.GRANTED, accept_by__lt=day)
        .select_related("round")
        .order_by("pk")
    )


def _release(award: Award, actor: User | None, reason: str) -> Award | None:
    # The round first: two people who decline at once must not offer one place to one person.
    round = locked(award.round)
    ended = take(award=award, step="decline", actor=actor, reason=reason)
    target = round.account
    if round.status == Round.Status.FINISHED:
        target = Account.objects.get(fund=round.fund, kind=Account.Kind.POOL, earmark_column="")
    assert target is not None
    ledger.post(
        debit=ended.account,
        credit=target,
        amount=ended.amount,
        reference=f"award:{ended.request_id}:declined",
        memo="released",
        posted_by=actor,
    )
    if round.status != Round.Status.PUBLISHED:
        return None
    following = next_in_line(round, ended)
    if following is None or not _has_room(following):
        return None
    return _offer(round, ended, following, actor)


def _has_room(choice: Choice) -> bool:
    """Whether the start still has a seat: the school may have cancelled it, or filled it since."""
    edition = choice.edition
    return edition is None or courses.taken(edition) < edition.seats


def next_in_line(round: Round, award: Award) -> Choice | None:
    """The choice that is equal to the declined one in everything and has the next lot.

    The lots of a class were drawn once, with the round's seed; nobody chooses here.
    """
    scenario = round.proposal
    if scenario is None or not scenario.classes_csv:
        return None
    classes = pd.read_csv(io.StringIO(scenario.classes_csv), dtype=str, keep_default_na=False)
    workers = snapshot.worker_ids(round)
    mine = next((name for name, pk in workers.items() if pk == award.request.worker_id), None)
    row = classes.loc[classes["worker_id"] == mine]
    if row.empty:
        return None
    alike = classes[classes["class_id"] == row["class_id"].iloc[0]].copy()
    alike["place"] = alike["place"].astype("int64")
    in_order = [workers[name] for name in alike.sort_values("place")["worker_id"]]
    refused = {
        decision.request.worker_id: decision.request_id
        for decision in Decision.objects.filter(
            round=round,
            awarded=False,
            request__worker__in=in_order,
            request__award__isnull=True,
        )
        .exclude(reason=Decision.Reason.WITHHELD_BY_BOARD)
        .select_related("request")
    }
    for worker in in_order:
        if worker in refused:
            return (
                Choice.objects.filter(
                    request=refused[worker],
                    rank=award.choice.rank,
                    training=award.choice.training_id,
                    edition=award.choice.edition_id,
                )
                .select_related("request")
                .first()
            )
    return None


def _offer(round: Round, ended: Award, choice: Choice, actor: User | None) -> Award:
    assert round.account is not None
    account = ledger.open_account(
        fund=round.fund,
        kind=Account.Kind.AWARD,
        code=publishing.account_code(choice.request_id),
    )
    ledger.post(
        debit=round.account,
        credit=account,
        amount=ended.amount,
        reference=publishing.reference(choice.request_id),
        memo="reserved",
        posted_by=actor,
    )
    award = Award(
        round=round,
        request=choice.request,
        choice=choice,
        amount=ended.amount,
        account=account,
        origin=Award.Origin.NEXT_IN_LINE,
        replaces=ended,
        granted_at=timezone.now(),
        accept_by=publishing.accept_by(timezone.localdate()),
    )
    announce(award, actor)
    return award


def announce(award: Award, actor: User | None) -> None:
    """Save a later award, write its audit event and queue its letter."""
    award.full_clean()
    award.save()
    trail.record(
        actor=actor,
        action="award.granted",
        subject=award,
        region_code=award.round.fund.region.code,
        request=award.request_id,
        origin=award.origin,
    )
    request = TrainingRequest.objects.with_choices().get(pk=award.request_id)
    key, kind, to, params = letters.offer(award, request)
    outbox.queue(key=key, kind=kind, to=to, params=params)


def _require(award: Award, actor: User, organisation: str) -> None:
    access.require(
        actor=actor,
        worker=award.request.worker,
        act=Mandate.Scope.FOLLOW,
        organisation=organisation,
    )
