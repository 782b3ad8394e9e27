"""Requests of a round with what a scenario decides about each, in a neutral order."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from allocation import access
from allocation.models import Decision, Round, Scenario
from allocation.rounds import record
from allocation.rounds.record import Outcome
from budgetpool.mail import reasons
from budgetpool.users.models import User
from workers.models import Choice, TrainingRequest

BY_BOARD = {Decision.Reason.GIVEN_BY_BOARD.value, Decision.Reason.WITHHELD_BY_BOARD.value}


@dataclass(frozen=True)
class Line:
    """One request: what is asked, and what the scenario decides; no name and no moment."""

    request: TrainingRequest
    outcome: Outcome

    @property
    def choice(self) -> Choice | None:
        """The awarded choice, else the first."""
        choices = list(self.request.choices.all())
        given = next((c for c in choices if c.pk == self.outcome.choice), None)
        return given or (choices[0] if choices else None)

    @property
    def by_board(self) -> bool:
        return self.outcome.reason in BY_BOARD

    @property
    def why(self) -> list[str]:
        """Why, in the sentences of the letter."""
        return why(self.outcome)

    @property
    def what_would_change(self) -> list[str]:
        return reasons.what_would_change(self.outcome.params)


def why(outcome: Outcome) -> list[str]:
    """Why a request is awarded or refused; an old rule, which sends no letters, gives nothing."""
    if outcome.reason not in Decision.Reason.values:
        return []
    return reasons.why(outcome.reason, {"points": outcome.points, **outcome.params})


def outcomes(scenario: Scenario, member: User) -> list[Outcome]:
    """What a scenario decides, less the requests in which the member has an interest.

    The order is by a hash of round and request, so that neither the moment of filing nor the
    outcome puts anybody first.
    """
    hidden = access.own_requests(member, scenario.round)
    shown = [o for o in record.outcomes(scenario) if o.request not in hidden]
    return sorted(shown, key=lambda o: neutral(scenario.round, o.request))


def neutral(round: Round, request: int) -> str:
    """A key to sort by that says nothing about the request."""
    return hashlib.sha256(f"{round.pk}:{request}".encode()).hexdigest()


def matching(
    found: list[Outcome], *, outcome: str = "", words: str = "", round: Round
) -> list[Outcome]:
    """Those that a filter asks for: `awarded`, `refused` or `board`, and words of the request."""
    if outcome == "awarded":
        found = [o for o in found if o.awarded]
    elif outcome == "refused":
        found = [o for o in found if not o.awarded]
    elif outcome == "board":
        found = [o for o in found if o.reason in BY_BOARD]
    if words.strip():
        wanted = _with_words(round, words.strip())
        found = [o for o in found if o.request in wanted]
    return found


def lines(found: Iterable[Outcome]) -> list[Line]:
    """The lines of one page, with everything that they show, in a fixed number of queries."""
    page = list(found)
    requests = TrainingRequest.objects.with_choices().in_bulk([o.request for o in page])
    return [Line(requests[o.request], o) for o in page if o.request in requests]


def _with_words(round: Round, words: str) -> set[int]:
    digits = words.upper().removeprefix("R-")
    if digits.isascii() and digits.isdigit():
        return {int(digits)}
    choices = Choice.objects.filter(request__window=round.window_id)
    return {
        request
        for field in ("training__title", "training__provider__name", "proposed_title")
        for request in choices.filter(**{f"{field}__icontains": words}).values_list(
            "request_id", flat=True
        )
    }
