"""What everybody may know about a published round; groups under ten people are not shown."""

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet

from allocation.models import Adjustment, Objection, Round, Scenario, Snapshot
from budgetpool.fund.models import Region
from budgetpool.money import to_cents
from budgetpool.refusals import NotReady

SMALLEST_GROUP: Final = 10
PUBLISHED: Final = (Round.Status.PUBLISHED, Round.Status.FINISHED)
SHOWN_COLUMNS: Final = ("education", "contract", "sector", "target", "first_timer")


@dataclass(frozen=True)
class PublicResults:
    """The public page and the open data of one round; amounts in cents, shares from 0 to 1.

    Attributes:
        numbers: people who asked and were awarded, spent, ceiling, adjustments by the board.
        coverage: per column the groups with `group`, `applying`, `awarded`, `share`; a group of
            fewer than ten people, and a second one where one alone could be reckoned back, is
            left out, and `suppressed` counts what was left out per column.
        baselines: the same numbers for the old rules on the same requests.
        give_back: per sector what its employers paid in and what came back to its workers.
    """

    round: Round
    numbers: dict[str, Any]
    coverage: dict[str, list[dict[str, Any]]]
    suppressed: dict[str, int]
    floors: list[dict[str, Any]]
    baselines: list[dict[str, Any]]
    give_back: list[dict[str, Any]]
    fingerprints: dict[str, str]


def rounds(region: Region) -> QuerySet[Round]:
    """The rounds of a region that the public may see: all that were opened, the newest first."""
    return (
        Round.objects.filter(fund__region=region)
        .exclude(status__in=[Round.Status.DRAFT, Round.Status.CANCELLED])
        .select_related("fund__region", "window", "policy", "proposal")
        .defer(*(f"proposal__{name}" for name in Scenario.FILES))
        .order_by("-window__opens_at")
    )


def results(round: Round) -> PublicResults:
    """The results of a published round.

    Raises:
        NotReady: `not_published`: before publication nobody sees an outcome.
    """
    if round.status not in PUBLISHED or round.proposal is None:
        raise NotReady("not_published", round=round.code)
    scenario = round.proposal
    coverage, suppressed = {}, {}
    for column in SHOWN_COLUMNS:
        groups = scenario.measures.get("coverage", {}).get(column)
        if groups:
            coverage[column], suppressed[column] = suppress(groups)
    return PublicResults(
        round=round,
        numbers=_numbers(round, scenario),
        coverage=coverage,
        suppressed=suppressed,
        floors=scenario.result.get("floors", []),
        baselines=[
            {"rule": row.rule, **_compared(row)}
            for row in round.scenarios.exclude(rule=Scenario.Rule.OPTIMISER).defer(*Scenario.FILES)
        ],
        give_back=scenario.measures.get("give_back", []),
        fingerprints={
            "code_sha256": round.code_sha256,
            "policy_sha256": scenario.result.get("policy_sha256", ""),
            "snapshot_sha256": _frozen(round).sha256,
            "outcome_sha256": scenario.sha256,
            "seed": round.seed,
        },
    )


def suppress(groups: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], int]:
    """Leave out groups of fewer than ten people; never exactly one, which a total would betray.

    >>> shown, hidden = suppress([
    ...     {"group": "a", "applying": 50}, {"group": "b", "applying": 12},
    ...     {"group": "c", "applying": 3},
    ... ])
    >>> [row["group"] for row in shown], hidden
    (['a'], 2)
    """
    small = [row for row in groups if row["applying"] < SMALLEST_GROUP]
    shown = [row for row in groups if row["applying"] >= SMALLEST_GROUP]
    if small and sum(row["applying"] for row in small) < SMALLEST_GROUP and shown:
        smallest = min(shown, key=lambda row: (row["applying"], row["group"]))
        shown = [row for row in shown if row is not smallest]
        small.append(smallest)
    return shown, len(small)


def deviation_rate(round: Round) -> float:
    """The share of requests for which the board deviated from the rule."""
    asked = _frozen(round).requests
    made = Adjustment.objects.filter(round=round, withdrawn_at__isnull=True).count()
    return made / asked if asked else 0.0


def _frozen(round: Round) -> Snapshot:
    """The frozen input, without the files that grow with the round."""
    return Snapshot.objects.defer(*Snapshot.FILES).get(round=round)


def _numbers(round: Round, scenario: Scenario) -> dict[str, Any]:
    objections = Objection.objects.filter(decision__round=round)
    return {
        "requests": _frozen(round).requests,
        "people": scenario.people,
        "spent_cents": scenario.spent_cents,
        "ceiling_cents": to_cents(round.ceiling),
        "reserve_cents": to_cents(round.reserve),
        "adjustments": len(scenario.adjusted),
        "deviation_rate": deviation_rate(round),
        "objections": objections.count(),
        "objections_upheld": objections.filter(status=Objection.Status.UPHELD).count(),
        **_compared(scenario),
    }


def _compared(scenario: Scenario) -> dict[str, Any]:
    return {
        "people": scenario.people,
        "spent_cents": scenario.spent_cents,
        "value": scenario.result.get("value", 0),
        **scenario.measures.get("numbers", {}),
    }
