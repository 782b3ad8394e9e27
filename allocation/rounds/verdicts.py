"""What a scenario decides about each request, as rows that a page reads at once."""

import hashlib
from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet

from allocation.models import Round, Scenario, Verdict
from allocation.rounds import record


def of(scenario: Scenario) -> QuerySet[Verdict]:
    """The verdicts of a scenario, in an order that says nothing about the requests.

    Those of a scenario that was computed before verdicts were kept are written now.
    """
    found = Verdict.objects.filter(scenario=scenario).order_by("neutral")
    if not found.exists() and scenario.decisions_csv:
        write(scenario)
    return found


def of_request(scenarios: Iterable[Scenario], request: int) -> list[tuple[Scenario, Verdict]]:
    """What each of these scenarios decides about one request, read at once."""
    asked = list(scenarios)
    kept = Verdict.objects.filter(scenario__in=asked, request=request)
    found = {row.scenario_id: row for row in kept}
    for scenario in asked:
        if scenario.pk not in found:
            for row in of(scenario).filter(request=request):
                found[scenario.pk] = row
    return [(one, found[one.pk]) for one in asked if one.pk in found]


def write(scenario: Scenario) -> None:
    """Keep what a scenario decides about each request, once."""
    Verdict.objects.bulk_create(
        (
            Verdict(
                scenario=scenario,
                request_id=one.request,
                choice_id=one.choice,
                amount_cents=one.amount_cents,
                points=one.points,
                reason=one.reason,
                params={k: v for k, v in one.params.items() if k not in record.EXPLAINED},
                told=one.params if _explained(one) else None,
                neutral=neutral(scenario.round, one.request),
            )
            for one in record.outcomes(scenario)
        ),
        batch_size=500,
        ignore_conflicts=True,
    )


def tell(scenario: Scenario) -> None:
    """Fill in what would have changed each refusal, now that it was found."""
    changed = {one.request: one.params for one in record.outcomes(scenario) if _explained(one)}
    rows = [
        row
        for row in of(scenario).filter(choice=None, told__isnull=True)
        if row.request_id in changed
    ]
    for row in rows:
        row.told = changed[row.request_id]
    with transaction.atomic():
        Verdict.objects.bulk_update(rows, ["told"], batch_size=200)


def _explained(one: record.Outcome) -> bool:
    return any(name in one.params for name in record.EXPLAINED)


def neutral(round: Round, request: int) -> str:
    """A key to sort by that says nothing about the request."""
    return hashlib.sha256(f"{round.pk}:{request}".encode()).hexdigest()
