"""Requests of a round with what a scenario decides about each, in a neutral order."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from allocation.models import Decision, Round, Scenario, Verdict
from allocation.rounds import verdicts
from allocation.rules import access
from budgetpool.keys import key_of
from budgetpool.mail import reasons
from budgetpool.users.models import User
from workers.models import Choice, TrainingRequest

BY_BOARD = (Decision.Reason.GIVEN_BY_BOARD.value, Decision.Reason.WITHHELD_BY_BOARD.value)


@dataclass(frozen=True)
class Line:
    """One request: what is asked, and what the scenario decides; no name and no moment."""

    request: TrainingRequest
    outcome: Verdict

    @property
    def choice(self) -> Choice | None:
        """The awarded choice, else the first."""
        choices = list(self.request.choices.all())
        given = next((c for c in choices if c.pk == self.outcome.choice_id), None)
        return given or (choices[0] if choices else None)

    @property
    def why(self) -> list[str]:
        """Why, in the sentences of the letter."""
        return why(self.outcome)

    @property
    def what_would_change(self) -> list[str]:
        return reasons.what_would_change(params_of(self.outcome))


def params_of(outcome: Verdict) -> dict[str, Any]:
    """What the reason speaks about, with what would have changed it once that was found."""
    return dict(outcome.told if outcome.told is not None else outcome.params)


def why(outcome: Verdict) -> list[str]:
    """Why a request is awarded or refused; an old rule, which sends no letters, gives nothing."""
    if outcome.reason not in Decision.Reason.values:
        return []
    return reasons.why(outcome.reason, {"points": outcome.points, **params_of(outcome)})


def outcomes(scenario: Scenario, member: User) -> QuerySet[Verdict]:
    """What a scenario decides, less the requests in which the member has an interest.

    The order is by a hash of round and request, so that neither the moment of filing nor the
    outcome puts anybody first.
    """
    return verdicts.of(scenario).exclude(request__in=access.own_requests(member, scenario.round))


def moved(before: Scenario, after: Scenario, member: User) -> list[QuerySet[Verdict]]:
    """Everybody whose outcome differs, as `after` decides.

    Who is awarded only in `after`, who only in `before`, and who gets another training or amount.
    """
    had = verdicts.of(before).exclude(choice=None)
    same = had.filter(
        request=OuterRef("request"),
        choice=OuterRef("choice"),
        amount_cents=OuterRef("amount_cents"),
    )
    found, requests = outcomes(after, member), had.values("request")
    awarded = found.exclude(choice=None)
    return [
        awarded.exclude(request__in=requests),
        found.filter(choice=None, request__in=requests),
        awarded.filter(request__in=requests).exclude(Exists(same)),
    ]


def moved_counts(before: Scenario, after: Scenario, member: User) -> list[int]:
    """How many `moved` gives in each of its lists, counted in one pass."""
    had = Verdict.objects.filter(scenario=before, request=OuterRef("request"))
    rows = outcomes(after, member).annotate(
        had_choice=Subquery(had.values("choice")), had_cents=Subquery(had.values("amount_cents"))
    )
    same = Q(choice=F("had_choice"), amount_cents=F("had_cents"))
    awarded, was_awarded = Q(choice__isnull=False), Q(had_choice__isnull=False)
    counted = rows.order_by().aggregate(
        gained=Count("pk", filter=awarded & ~was_awarded),
        lost=Count("pk", filter=~awarded & was_awarded),
        other=Count("pk", filter=awarded & was_awarded & ~same),
    )
    return [counted["gained"], counted["lost"], counted["other"]]


def matching(
    found: QuerySet[Verdict], *, outcome: str = "", words: str = "", round: Round
) -> QuerySet[Verdict]:
    """Those that a filter asks for: `awarded`, `refused` or `board`, and words of the request."""
    if outcome == "awarded":
        found = found.exclude(choice=None)
    elif outcome == "refused":
        found = found.filter(choice=None)
    elif outcome == "board":
        found = found.filter(reason__in=BY_BOARD)
    if words.strip():
        found = found.filter(request__in=_with_words(round, words.strip()))
    return found


def lines(found: Iterable[Verdict]) -> list[Line]:
    """The lines of one page, with everything that they show, in a fixed number of queries."""
    page = list(found)
    requests = TrainingRequest.objects.with_choices().in_bulk([o.request_id for o in page])
    return [Line(requests[o.request_id], o) for o in page if o.request_id in requests]


def _with_words(round: Round, words: str) -> set[int]:
    digits = words.upper().removeprefix("R-")
    if (key := key_of(digits)) is not None:
        return {key}
    choices = Choice.objects.filter(request__window=round.window_id)
    return {
        request
        for field in ("training__title", "training__provider__name", "proposed_title")
        for request in choices.filter(**{f"{field}__icontains": words}).values_list(
            "request_id", flat=True
        )
    }
