"""What waits for one board member: since when, until when, and one press to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from allocation.consultations import concluding
from allocation.models import Consent, Consultation, Objection, Round
from allocation.payouts import queue
from allocation.rounds import four_eyes
from budgetpool.fund.models import Fund
from budgetpool.portals.board import rounds
from budgetpool.portals.components import numbers
from budgetpool.portals.components.tables import Column, Table
from budgetpool.users.models import User

OVER = (Round.Status.FINISHED, Round.Status.CANCELLED)
UNANSWERED = (Objection.Status.FILED, Objection.Status.ASSIGNED, Objection.Status.HEARING)


@dataclass(frozen=True)
class Item:
    """One thing that this member can do now, and where."""

    what: str
    url: str
    since: datetime
    until: date | None = None


def of(fund: Fund, member: User) -> list[Item]:
    """All that waits for a member, what has to be done first on top; nothing is left out."""
    found = [
        *_rounds(fund, member),
        *_objections(fund, member),
        *_payments(fund, member),
        *_consultations(fund),
    ]
    return sorted(found, key=lambda item: (item.until or date.max, item.since))


def table(items: list[Item]) -> Table:
    """The inbox as a list."""
    return Table(
        [Column(_("What waits for you")), Column(_("Since")), Column(_("Until"))],
        [
            [
                format_html('<a href="{}">{}</a>', item.url, item.what),
                numbers.day(item.since),
                _until(item.until),
            ]
            for item in items
        ],
        empty=_("Nothing waits for you."),
    )


def _rounds(fund: Fund, member: User) -> Iterator[Item]:
    for round in rounds.of_fund(fund).exclude(status__in=OVER):
        step = rounds.next_step(round, member)
        if step.url and round.status != Round.Status.PUBLISHED:
            what = _("Round %(code)s: %(step)s") % {"code": round.code, "step": step.title}
            yield Item(what, step.url, _since(round), _by(round))
        if rounds.own(round, member):
            continue
        standing = [one for one in four_eyes.standing(round) if one.step != "record_draw"]
        answered = {_about(one) for one in standing if one.member_id == member.pk}
        for one in {_about(one): one for one in reversed(standing)}.values():
            if _about(one) not in answered:
                what = _asked(one) % {"code": round.code, "name": one.member.name}
                yield Item(what, rounds.page_of(round, one), one.given_at)


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
    for row in waiting.select_related("decision__request").exclude(
        handler__isnull=False, handler__in=User.objects.exclude(pk=member.pk)
    ):
        words = _("Objection about %(request)s: answer it")
        if row.handler_id is None:
            words = _("Objection about %(request)s: somebody has to handle it")
        yield Item(
            words % {"request": row.decision.request.reference},
            reverse("board-objection", args=[fund.region.slug, row.pk]),
            row.filed_at,
            row.decide_by,
        )


def _payments(fund: Fund, member: User) -> Iterator[Item]:
    for batch in queue.batches_to_approve(fund).exclude(made_by=member):
        yield Item(
            _("File for the bank of %(amount)s: approve it as the second")
            % {"amount": numbers.euros_exact(batch.total_cents)},
            reverse("treasurer-batch", args=[fund.region.slug, batch.pk]),
            batch.made_at,
            batch.execution_on,
        )


def _consultations(fund: Fund) -> Iterator[Item]:
    """Comments that wait for an answer, and consultations whose term is over."""
    rows = Consultation.objects.filter(policy__fund=fund, concluded_at__isnull=True)
    for row in rows.select_related("policy"):
        where = reverse("board-consultation", args=[fund.region.slug, row.pk])
        waiting = concluding.unanswered(row)
        first = concluding.oldest_unanswered(row)
        if first is not None:
            words = ngettext(
                "%(policy)s: %(count)s comment waits for an answer",
                "%(policy)s: %(count)s comments wait for an answer",
                waiting,
            ) % {"policy": row.policy, "count": numbers.count(waiting)}
            yield Item(words, f"{where}?state=unanswered", first.sent_at)
        elif not row.is_open:
            words = _("%(policy)s: say what you do with the comments") % {"policy": row.policy}
            yield Item(words, f"{where}#conclude", row.closes_at)


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


def _until(day: date | None) -> str:
    if day is None:
        return "–"
    if day < timezone.localdate():
        return _("%(day)s, too late") % {"day": numbers.day(day)}
    return numbers.day(day)
