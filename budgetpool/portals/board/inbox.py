"""What waits for one board member, or for an administrator, who answers objections too."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allocation.consultations import concluding
from allocation.decisions import objections
from allocation.models import Consent, Consultation, Objection, Round
from allocation.rounds import ending, four_eyes
from allocation.rules import access, terms
from budgetpool import refusals
from budgetpool.fund import seat_changes, second_person
from budgetpool.fund.models import Fund, Seat
from budgetpool.portals.board import jobs, rounds
from budgetpool.portals.components import fund_work
from budgetpool.portals.components.waits import Item, piled
from budgetpool.users.models import User

OVER = (Round.Status.FINISHED, Round.Status.CANCELLED)
_OWN = gettext_lazy("You said that you have an interest of your own. Other members decide.")
UNANSWERED = (Objection.Status.FILED, Objection.Status.ASSIGNED, Objection.Status.HEARING)


def of(fund: Fund, member: User) -> Iterator[Item]:
    """All that waits for a member of the board."""
    yield from _rounds(fund, member)
    yield from _objections(fund, member)
    yield from fund_work.items(fund, member, Seat.Role.BOARD)
    yield from _consultations(fund)
    yield from _seats(fund, member)


def of_administrator(fund: Fund, member: User) -> Iterator[Item]:
    """What waits for the administrator of a region: objections, and seats to approve."""
    yield from _objections(fund, member)
    yield from _seats(fund, member)


def _seats(fund: Fund, member: User) -> Iterator[Item]:
    """Seats to give or take away; nobody approves what they asked, or what is about themselves."""
    where = reverse("board-seats", args=[fund.region.slug])
    for change in seat_changes.waiting(fund):
        barred = ""
        if change.asked_by_id == member.pk:
            barred = _("You asked for it yourself; now %(who)s has to.") % {
                "who": second_person.who(seat_changes.STEP)
            }
        elif change.user_id == member.pk:
            barred = _("This is about your own seat. Another person has to approve it.")
        words = _("Seat of %(name)s: approve the change")
        what = words % {"name": change.user.name}
        yield Item("seats", what, where, change.asked_at, barred=barred)


def _rounds(fund: Fund, member: User) -> Iterator[Item]:
    for round in rounds.of_fund(fund).exclude(status__in=OVER):
        step = rounds.next_step(round, member)
        if step.barred or (step.url and round.status != Round.Status.PUBLISHED):
            what = _("Round %(code)s: %(step)s") % {"code": round.code, "step": step.title}
            kind = "round_step"
            if round.status == Round.Status.PROPOSED and not step.barred:
                kind = "round_signature"
            if round.status == Round.Status.SIGNED and jobs.explanation_failed(round):
                kind = "explanation"
            where = step.url or reverse("board-round", args=[fund.region.slug, round.code])
            yield Item(kind, what, where, _since(round), _by(round), step.barred)
        if round.status == Round.Status.PUBLISHED:
            yield from _to_finish(round, member)
        elif round.status == Round.Status.PROPOSED:
            yield from _explanation(round, member)
        yield from _asked_by_others(round, member)


def _to_finish(round: Round, member: User) -> Iterator[Item]:
    """A round that nothing keeps open any more; once somebody asks it, the second is asked."""
    if ending.missing_to_finish(round) is not None or four_eyes.standing(round, "finish"):
        return
    assert round.published_at is not None
    since = terms.object_by(timezone.localdate(round.published_at)) + timedelta(days=1)
    barred = _OWN if rounds.own(round, member) else ""
    what = _("Round %(code)s: finish it") % {"code": round.code}
    where = reverse("board-round", args=[round.fund.region.slug, round.code])
    yield Item("round_finish", what, f"{where}#publish", since, barred=str(barred))


def _explanation(round: Round, member: User) -> Iterator[Item]:
    """A search for what would have changed each refusal that ended badly, and has to be asked."""
    job = jobs.explanation_failed(round)
    if job is None:
        return
    barred = _OWN if rounds.own(round, member) else ""
    what = _("Round %(code)s: look again for the explanation") % {"code": round.code}
    where = reverse("board-round", args=[round.fund.region.slug, round.code])
    since = job.finished_at or job.queued_at
    yield Item("explanation", what, f"{where}#explain", since, barred=str(barred))


def _asked_by_others(round: Round, member: User) -> Iterator[Item]:
    """What one member asks, and a second has to ask too; nothing of it to who has an interest."""
    if rounds.own(round, member):
        return
    standing = [one for one in four_eyes.standing(round) if one.step != "record_draw"]
    answered = {_about(one) for one in standing if one.member_id == member.pk}
    for one in {_about(one): one for one in reversed(standing)}.values():
        barred = ""
        if _about(one) in answered:
            barred = _("You asked for it yourself; now another member has to.")
        what = _asked(one) % {"code": round.code, "name": one.member.name}
        yield Item("round_second", what, rounds.page_of(round, one), one.given_at, barred=barred)


def _about(consent: Consent) -> tuple[str, int | None]:
    return consent.step, consent.request_id


def _asked(consent: Consent) -> str:
    """What another member asks, with room for the round's `code` and the member's `name`."""
    return {
        Consent.Step.CANCEL: _("Round %(code)s: %(name)s wants to cancel it. Do you too?"),
        Consent.Step.SEND_BACK: _(
            "Round %(code)s: %(name)s wants to send the proposal back. Do you too?"
        ),
        Consent.Step.FINISH: _("Round %(code)s: %(name)s wants to finish it. Do you too?"),
        Consent.Step.ADJUST: _(
            "Round %(code)s: %(name)s wants to decide otherwise on a request. Do you too?"
        ),
        Consent.Step.UNDO_ADJUST: _(
            "Round %(code)s: %(name)s wants to take back a decision on a request. Do you too?"
        ),
    }[Consent.Step(consent.step)]


def _objections(fund: Fund, member: User) -> Iterator[Item]:
    waiting = Objection.objects.filter(decision__round__fund=fund, status__in=UNANSWERED)
    rows = waiting.select_related(
        "decision__request__worker", "decision__round__fund__region", "handler"
    )
    part: dict[int, tuple[set[int], set[int]]] = {}
    for row in rows:
        round = row.decision.round
        if round.pk not in part:
            own = access.own_requests(member, round)
            part[round.pk] = (objections.takers_part(round), own)
        yield _objection(fund, member, row, *part[round.pk])


def _objection(
    fund: Fund, member: User, row: Objection, took_part: set[int], own: set[int]
) -> Item:
    barred, kind = "", "objection"
    words = _("Objection about %(request)s: answer it")
    if row.handler is None:
        kind = "objection_new"
        words = _("Objection about %(request)s: somebody has to handle it")
        code = objections.bar(row, member, took_part=took_part, own=own)
        barred = refusals.say(code, {"round": row.decision.round.code}) if code else ""
    elif row.handler_id != member.pk:
        barred = _("%(name)s handles it.") % {"name": row.handler.name}
    return Item(
        kind,
        words % {"request": row.decision.request.reference},
        reverse("board-objection", args=[fund.region.slug, row.pk]),
        row.filed_at,
        row.decide_by,
        barred,
    )


def _consultations(fund: Fund) -> Iterator[Item]:
    """Comments that wait for an answer, and consultations whose term is over."""
    rows = Consultation.objects.filter(policy__fund=fund, concluded_at__isnull=True)
    for row in rows.select_related("policy"):
        where = reverse("board-consultation", args=[fund.region.slug, row.pk])
        waiting = concluding.unanswered(row)
        first = concluding.oldest_unanswered(row)
        if first is not None:
            yield piled("comments", f"{where}?state=unanswered", waiting, since=first.sent_at)
        elif not row.is_open:
            words = _("%(policy)s: say what you do with the comments") % {"policy": row.policy}
            yield Item("consultation", words, f"{where}#conclude", row.closes_at)


def _since(round: Round) -> datetime:
    """When the round came into its state."""
    moments = {
        Round.Status.OPEN: round.window.closes_at,
        Round.Status.CLOSED: round.drawn_at or round.closed_at,
        Round.Status.PROPOSED: _proposed_at(round),
        Round.Status.SIGNED: round.signed_at,
    }
    return moments.get(Round.Status(round.status)) or round.window.announced_at


def _proposed_at(round: Round) -> datetime | None:
    if round.status != Round.Status.PROPOSED:
        return None
    given = round.signatures.filter(withdrawn_at__isnull=True)
    return given.values_list("signed_at", flat=True).first()


def _by(round: Round) -> date:
    """The last day: before the window opens for a draft, else the day of the decision."""
    if round.status == Round.Status.DRAFT:
        return timezone.localdate(round.window.opens_at)
    return round.window.decision_by
