"""What a board reads about its rounds: lists, key figures, scenarios side by side, requests.

Selectors: they read, check who may see it, and never change a row.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet

from allocation import access
from allocation.models import Adjustment, Award, Interest, Round, Scenario, Signature
from allocation.rounds import record, steps
from budgetpool.fund import ledger
from budgetpool.fund.models import Region
from budgetpool.money import to_cents
from budgetpool.users.models import User
from workers.models import TrainingRequest


@dataclass(frozen=True)
class RoundFigures:
    """The key figures of one round; amounts in cents.

    Attributes:
        requests: people who asked and can be funded (frozen, or so far).
        asked_cents: the sum of their first choices.
        awarded, spent_cents: of the published decisions; of the proposal before publication.
        left_cents, reserve_cents: what the round's two accounts hold now.
        adjustments: deviations by the board that stand.
        possible_steps: verbs that the state allows, for buttons.
    """

    round: Round
    requests: int
    asked_cents: int
    awarded: int
    spent_cents: int
    left_cents: int
    reserve_cents: int
    adjustments: int
    possible_steps: list[str]


@dataclass(frozen=True)
class ScenarioFigures:
    """One line of the comparison: the same figures for the fund's rule and for the old ones."""

    scenario: Scenario
    people: int
    spent_cents: int
    value: int
    value_percent: float
    smallest_group: str
    smallest_share: float
    first_timers: float | None
    gini: float
    top_20_providers: float | None
    cross_sector: float | None
    is_baseline: bool
    is_proposed: bool
    verified: bool
    coverage: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Vote:
    """What one board member may do about signing, and why not."""

    may_propose: bool
    may_sign: bool
    reason: str
    hidden_requests: int


@dataclass(frozen=True)
class Change:
    """A request that one scenario awards and another does not."""

    request: TrainingRequest
    gains: bool
    amount_cents: int


def of_region(region: Region) -> QuerySet[Round]:
    """The rounds of a region's fund, the newest first."""
    return (
        Round.objects.filter(fund__region=region)
        .select_related("fund__region", "window", "policy")
        .order_by("-window__opens_at")
    )


def key_figures(round: Round) -> RoundFigures:
    """The figures of one round, for its head and its card in the list."""
    requests = TrainingRequest.objects.filter(
        window=round.window_id, status=TrainingRequest.Status.SUBMITTED
    )
    asked = sum(
        request.first_choice.amount_cents
        for request in requests.prefetch_related("choices__cost_lines")
        if request.first_choice
    )
    awarded, spent = round.awards.count(), 0
    if awarded:
        spent = sum(to_cents(award.amount) for award in round.awards.all())
    elif round.proposal is not None and round.published_at is None:
        awarded, spent = round.proposal.people, round.proposal.spent_cents
    return RoundFigures(
        round=round,
        requests=requests.count(),
        asked_cents=asked,
        awarded=awarded,
        spent_cents=spent,
        left_cents=ledger.balance_cents(round.account) if round.account else 0,
        reserve_cents=ledger.balance_cents(round.reserve_account) if round.reserve_account else 0,
        adjustments=round.adjustments.filter(withdrawn_at__isnull=True).count(),
        possible_steps=steps.possible(round),
    )


def comparison(round: Round) -> list[ScenarioFigures]:
    """All scenarios of a round, the fund's rule first, each beside the old rules.

    `value_percent` is measured against the highest value of the fund's own scenarios.
    """
    rows = list(round.scenarios.filter(outcome=Scenario.Outcome.PROVEN))
    best = max(
        (_value(row) for row in rows if not row.is_baseline),
        default=max((_value(row) for row in rows), default=0),
    )
    ordered = sorted(rows, key=lambda row: (row.is_baseline, row.pk))
    return [_figures(row, round, best) for row in ordered]


def vote(round: Round, member: User) -> Vote:
    """Whether this member may propose or sign the round now; `reason` is a code when not."""
    hidden = access.interests(member, round).count()
    possible = steps.possible(round)
    signed = round.signatures.filter(signer=member, withdrawn_at__isnull=True).exists()
    reason = "own_interest" if hidden else "same_person" if signed else ""
    return Vote(
        may_propose="propose" in possible and not reason,
        may_sign="sign" in possible and not reason,
        reason=reason,
        hidden_requests=hidden,
    )


def visible_requests(round: Round, member: User) -> QuerySet[TrainingRequest]:
    """The round's requests that this member may see, in a neutral order.

    The order is that of the reference numbers' last digits, not of filing, points or outcome; a
    request in which the member has an interest is not there.
    """
    hidden = Interest.objects.filter(round=round, member=member).values("request")
    return (
        TrainingRequest.objects.with_choices()
        .filter(window=round.window_id, status=TrainingRequest.Status.SUBMITTED)
        .exclude(pk__in=hidden)
        .exclude(worker__user=member)
        .order_by("worker_id")
    )


def changes(scenario: Scenario, other: Scenario) -> list[Change]:
    """Who gains and who loses when `scenario` is chosen instead of `other`."""
    ours = {one.request: one for one in record.outcomes(scenario)}
    theirs = {one.request: one for one in record.outcomes(other)}
    differing = [pk for pk, one in ours.items() if one.awarded != theirs[pk].awarded]
    requests = TrainingRequest.objects.with_choices().in_bulk(differing)
    return [
        Change(
            request=requests[pk],
            gains=ours[pk].awarded,
            amount_cents=(ours if ours[pk].awarded else theirs)[pk].amount_cents,
        )
        for pk in sorted(differing)
    ]


def signatures(round: Round) -> list[Signature]:
    """The signatures that stand, the proposer's first."""
    return list(
        round.signatures.filter(withdrawn_at__isnull=True)
        .select_related("signer")
        .order_by("signed_at")
    )


def adjustments(round: Round) -> list[Adjustment]:
    """The board's deviations that stand, with who made them and why."""
    return list(
        round.adjustments.filter(withdrawn_at__isnull=True)
        .select_related("member", "request__worker")
        .order_by("pk")
    )


def award_states(round: Round) -> dict[str, int]:
    """How many awards of a round stand in each state."""
    counts = dict(round.awards.order_by().values_list("status").annotate(Count("pk")))
    return {status.value: counts.get(status.value, 0) for status in Award.Status}


def moments(round: Round) -> list[tuple[str, datetime]]:
    """The steps that were taken and when, in order; names are those of the audit trail."""
    names = ("opened", "closed", "drawn", "signed", "published", "finished", "cancelled")
    taken = [(name, getattr(round, f"{name}_at")) for name in names]
    return [(name, moment) for name, moment in taken if moment is not None]


def _figures(row: Scenario, round: Round, best: int) -> ScenarioFigures:
    numbers = row.measures.get("numbers", {})
    coverage = row.measures.get("coverage", {})
    column = round.policy.rules.get("coverage") or "education_level"
    groups = coverage.get(column, [])
    nobody: dict[str, Any] = {"group": "", "share": 0.0}
    smallest = min(groups, key=lambda group: group["share"], default=nobody)
    value = _value(row)
    return ScenarioFigures(
        scenario=row,
        people=row.people,
        spent_cents=row.spent_cents,
        value=value,
        value_percent=100 * value / best if best else 0.0,
        smallest_group=smallest["group"],
        smallest_share=smallest["share"],
        first_timers=numbers.get("first_timers"),
        gini=numbers.get("gini", 0.0),
        top_20_providers=numbers.get("top_20_providers"),
        cross_sector=numbers.get("cross_sector"),
        is_baseline=row.is_baseline,
        is_proposed=round.proposal_id == row.pk,
        verified=row.verified,
        coverage=coverage,
    )


def _value(row: Scenario) -> int:
    """What a division is worth by the round's own rule, whatever rule made it."""
    return int(row.measures["numbers"]["value"])
