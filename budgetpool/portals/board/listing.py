"""Requests of a round with what a scenario decides about each, in a neutral order."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.lookups import IsNull

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


def moved(before: Scenario, after: Scenario, member: User) -> QuerySet[Verdict]:
    """Everybody whose outcome differs, as `after` decides, each with how as `move`.

    `gained` is who is awarded only in `after`, `lost` who only in `before`, and `other` who gets
    another training or amount.
    """
    verdicts.of(before)  # those of an older scenario are written when first asked for
    had, got = Q(choice__isnull=False), IsNull(OuterRef("choice"), False)
    move = Case(
        When(~had & Q(got), then=Value("gained")),
        When(had & ~Q(got), then=Value("lost")),
        When(~had, then=Value("")),
        When(choice=OuterRef("choice"), amount_cents=OuterRef("amount_cents"), then=Value("")),
        default=Value("other"),
        output_field=CharField(),
    )
    # Compared where the other scenario's row is: the database finds that once for each request.
    there = Verdict.objects.filter(scenario=before, request=OuterRef("request"))
    rows = outcomes(after, member).annotate(move=Subquery(there.values_list(move)))
    return rows.exclude(move="")


def moving(found: QuerySet[Any], way: str) -> QuerySet[Any]:
    """Those of `moved` that move in one way; all where none is named."""
    return found.filter(move=way) if way else found


def counts_of(found: QuerySet[Any]) -> dict[str, int]:
    """How many of `moved` move in each way, counted in one pass."""
    ways = found.order_by().values("move").annotate(many=Count("pk")).values_list("move", "many")
    return {"gained": 0, "lost": 0, "other": 0} | dict(ways)


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
    requests = TrainingRequest.objects.only("pk").with_lines().in_bulk([o.request_id for o in page])
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
