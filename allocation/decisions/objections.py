"""Objections: filed within six weeks, handled by somebody else, answered with reasons.

A won objection is honoured also when the round's money is gone (Awb 4:25, third paragraph): from
the objection reserve first, then from the pool.
"""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from allocation import letters, lives
from allocation.decisions import honouring, replay
from allocation.models import Consent, Decision, Objection, Round
from allocation.rules import access, terms
from budgetpool.audit import trail
from budgetpool.bsn import refuse_bsn
from budgetpool.mail import outbox
from budgetpool.refusals import NotAllowed, NotReady
from budgetpool.users.models import User
from workers import access as workers_access
from workers.models import Choice, Mandate, TrainingRequest

Status = Objection.Status


def deadline(decision: Decision) -> date:
    """The last day on which an objection to this decision is in time."""
    return terms.object_by(timezone.localdate(decision.decided_at))


def file(
    *,
    decision: Decision,
    actor: User,
    cause: str,
    grounds: str,
    channel: str = Objection.Channel.WEB,
    late_reason: str = "",
    organisation: str = "",
) -> Objection:
    """The worker (or their helper) objects; a receipt with the answer's date is queued.

    Args:
        late_reason: needed after the six weeks; the handler judges whether it excuses the delay
            (Awb 6:11).

    Raises:
        NotYours: neither the worker nor somebody with a mandate to arrange what comes after.
        NotReady: `objected_before`; `late_reason_missing` with the deadline; `grounds_missing`.
        ValidationError: a text that holds a BSN.
    """
    request = TrainingRequest.objects.with_choices().get(pk=decision.request_id)
    workers_access.require(
        actor=actor, worker=request.worker, act=Mandate.Scope.FOLLOW, organisation=organisation
    )
    last_day, today = deadline(decision), timezone.localdate()
    late = today > last_day
    if not grounds.strip():
        raise NotReady("grounds_missing")
    if late and not late_reason.strip():
        raise NotReady("late_reason_missing", deadline_on=last_day.isoformat())
    refuse_bsn(grounds)
    refuse_bsn(late_reason)
    with transaction.atomic():
        Decision.objects.select_for_update().get(pk=decision.pk)
        if Objection.objects.filter(decision=decision).exists():
            raise NotReady("objected_before", decision=decision.pk)
        objection = Objection(
            decision=decision,
            filed_by=actor,
            filed_at=timezone.now(),
            channel=channel,
            cause=cause,
            grounds=grounds.strip(),
            is_late=late,
            late_reason=late_reason.strip() if late else "",
            decide_by=terms.decide_by(max(last_day, today)),
        )
        objection.full_clean()
        objection.save()
        _note(objection, actor, "objection.filed", cause=cause, late=late)
        key, kind, to, params = letters.objection_received(objection, request)
        outbox.queue(key=key, kind=kind, to=to, params=params)
    return objection


def withdraw(*, objection: Objection, actor: User, organisation: str = "") -> Objection:
    """The worker takes the objection back.

    Raises:
        NotYours; WrongStep: it was answered or withdrawn before.
    """
    workers_access.require(
        actor=actor,
        worker=objection.decision.request.worker,
        act=Mandate.Scope.FOLLOW,
        organisation=organisation,
    )
    with transaction.atomic():
        fresh = _locked(objection, "withdraw")
        fresh.status = lives.OBJECTION.after("withdraw", fresh.status)
        return _saved(fresh, actor, "objection.withdrawn")


def assign(*, objection: Objection, handler: User, actor: User) -> Objection:
    """Give an objection to somebody who took no part in the decision (Awb 10:3, 7:5).

    Args:
        handler: holds a seat of board member or administrator in the region.
        actor: likewise; may be the handler.

    Raises:
        NotAllowed: `no_seat`; `took_part`: the handler signed, proposed or adjusted this round;
            `own_interest`; `filed_it`.
        WrongStep: it was answered or withdrawn.
    """
    round = objection.decision.round
    region = round.fund.region
    for person in (actor, handler):
        access.require_seat(person, region=region, roles=access.HANDLERS)
    took_part, own = takers_part(round), access.own_requests(handler, round)
    barred = bar(objection, handler, took_part=took_part, own=own)
    if barred == "took_part":
        raise NotAllowed("took_part", round=round.code)
    if barred == "own_interest":
        raise NotAllowed("own_interest", request=objection.decision.request_id)
    if barred == "filed_it":
        raise NotAllowed("filed_it", request=objection.decision.request_id)
    with transaction.atomic():
        fresh = _locked(objection, "assign")
        fresh.handler = handler
        if fresh.status == Status.FILED:
            fresh.status = Status.ASSIGNED
        return _saved(fresh, actor, "objection.assigned", handler=handler.pk)


def bar(objection: Objection, person: User, *, took_part: set[int], own: set[int]) -> str:
    """Why somebody may not handle an objection: a code of `assign`; nothing where they may.

    Args:
        took_part: who took part in the round, see `takers_part`.
        own: the requests in which this person has an interest.
    """
    if person.pk in took_part:
        return "took_part"
    if objection.decision.request_id in own:
        return "own_interest"
    if person.pk in (objection.filed_by_id, objection.decision.request.worker.user_id):
        return "filed_it"
    return ""


def plan_hearing(*, objection: Objection, at: datetime, place: str, actor: User) -> Objection:
    """Invite the worker to be heard (Awb 7:2); another moment sends another invitation.

    Raises:
        NotAllowed: `not_the_handler`; WrongStep: nobody handles it yet, or it was answered.
        NotReady: `hearing_in_the_past`.
    """
    if at <= timezone.now():
        raise NotReady("hearing_in_the_past", at=at.isoformat())
    with transaction.atomic():
        fresh = _locked(objection, "plan_hearing")
        _require_handler(fresh, actor)
        fresh.hearing_at, fresh.hearing_place = at, place
        fresh.status = Status.HEARING
        saved = _saved(fresh, actor, "objection.hearing_planned")
        request = TrainingRequest.objects.with_choices().get(pk=fresh.decision.request_id)
        key, kind, to, params = letters.objection_hearing(fresh, request)
        outbox.queue(key=key, kind=kind, to=to, params=params)
    return saved


def report_hearing(*, objection: Objection, report: str, actor: User) -> Objection:
    """Keep a report of what was said (Awb 7:7).

    Raises:
        NotAllowed: `not_the_handler`; WrongStep: no hearing was planned.
    """
    refuse_bsn(report)
    with transaction.atomic():
        fresh = _locked(objection, "report_hearing")
        _require_handler(fresh, actor)
        fresh.hearing_report = report.strip()
        return _saved(fresh, actor, "objection.hearing_reported")


def correct(*, objection: Objection, facts: dict[str, Any], actor: User) -> Objection:
    """Correct facts of the frozen file and divide the round again with them.

    Args:
        facts: of `education`, `contract`, `sector`, `hours_trained`; nothing replays as it was.

    Raises:
        NotAllowed: `not_the_handler`; WrongStep: nobody handles it, or it was answered.
        NotReady: `unknown_fact`; `replay_failed`: the run did not end in a proof.
    """
    lives.OBJECTION.check("correct", objection.status)
    _require_handler(objection, actor)
    outcome = replay.replay(objection, facts)
    with transaction.atomic():
        fresh = _locked(objection, "correct")
        _require_handler(fresh, actor)
        fresh.corrections, fresh.replay = facts, outcome
        return _saved(
            fresh, actor, "objection.replayed", awarded=outcome["awarded"], facts=sorted(facts)
        )


def decide(
    *,
    objection: Objection,
    outcome: str,
    answer: str,
    actor: User,
    choice: Choice | None = None,
    late_excused: bool | None = None,
) -> Objection:
    """Answer an objection with reasons; who wins gets the award that the replay gave.

    Args:
        outcome: `upheld`, `dismissed` or `inadmissible`.
        choice: with `upheld`: what is awarded where no replay says so, for reasons that `answer`
            states; None for the replay's own choice, or for no award.
        late_excused: needed where the objection came late; without an excuse only
            `inadmissible` is possible, with one never for that reason.

    Raises:
        NotAllowed: `not_the_handler`.
        WrongStep: nobody handles it, or it was answered.
        NotReady: `answer_missing`, `unknown_outcome`, `lateness_not_judged`,
            `late_not_excused`, `other_request`.
        NotEnoughMoney: reserve and pool together hold less than the award.
    """
    if outcome not in (Status.UPHELD, Status.DISMISSED, Status.INADMISSIBLE):
        raise NotReady("unknown_outcome", outcome=outcome)
    if not answer.strip():
        raise NotReady("answer_missing")
    refuse_bsn(answer)
    with transaction.atomic():
        fresh = _locked(objection, "decide")
        _require_handler(fresh, actor)
        _judge_lateness(fresh, outcome, late_excused)
        fresh.status = outcome
        fresh.answer = answer.strip()
        fresh.decided_at = timezone.now()
        if outcome == Status.UPHELD:
            fresh.award = honouring.honour(fresh, choice, actor)
        saved = _saved(fresh, actor, "objection.decided", outcome=outcome)
        request = TrainingRequest.objects.with_choices().get(pk=fresh.decision.request_id)
        key, kind, to, params = letters.objection_decided(fresh, request)
        outbox.queue(key=key, kind=kind, to=to, params=params)
    return saved


def takers_part(round: Round) -> set[int]:
    """The people who took part in deciding a round: signers, and who gave or withheld."""
    return {
        *round.signatures.values_list("signer", flat=True),
        *round.adjustments.values_list("member", flat=True),
        *round.consents.filter(
            step__in=(Consent.Step.ADJUST, Consent.Step.UNDO_ADJUST), used_at__isnull=False
        ).values_list("member", flat=True),
    }


def _judge_lateness(objection: Objection, outcome: str, excused: bool | None) -> None:
    if not objection.is_late:
        return
    if excused is None:
        raise NotReady("lateness_not_judged")
    if not excused and outcome != Status.INADMISSIBLE:
        raise NotReady("late_not_excused")
    objection.late_excused = excused


def _require_handler(objection: Objection, actor: User) -> None:
    if objection.handler_id != actor.pk:
        raise NotAllowed("not_the_handler", objection=objection.pk)
    access.require_seat(actor, region=objection.decision.round.fund.region, roles=access.HANDLERS)


def _locked(objection: Objection, step: str) -> Objection:
    fresh = (
        Objection.objects.select_for_update(of=("self",))
        .select_related(
            "decision__round__fund__region",
            "decision__round__reserve_account",
            "decision__request__worker",
        )
        .get(pk=objection.pk)
    )
    lives.OBJECTION.check(step, fresh.status)
    return fresh


def _saved(objection: Objection, actor: User, action: str, **details: Any) -> Objection:
    objection.full_clean()
    objection.save()
    _note(objection, actor, action, **details)
    return objection


def _note(objection: Objection, actor: User, action: str, **details: Any) -> None:
    trail.record(
        actor=actor,
        action=action,
        subject=objection,
        region_code=objection.decision.round.fund.region.code,
        request=objection.decision.request_id,
        **details,
    )
