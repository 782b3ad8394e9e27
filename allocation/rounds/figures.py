"""The key figures of a round, and its scenarios side by side. Nothing here changes a row."""

from dataclasses import dataclass, field
from typing import Any

from allocation.models import Round, Scenario
from allocation.rounds import steps
from budgetpool.fund import ledger
from budgetpool.money import to_cents
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
