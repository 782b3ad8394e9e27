"""The outcome of a published round, beside the old rule's, also where ours is worse."""

from typing import Any

from django.utils.translation import gettext as _

from allocation.models import Award, Decision, Round, Scenario
from allocation.rounds import blind
from budgetpool.money import to_cents
from budgetpool.portals.components import charts, divisions, numbers
from budgetpool.portals.components.parts import Figure

# By which groups the public sees the chances.
COLUMNS = ("education_level", "contract", "sector")


def of(round: Round) -> dict[str, Any]:
    """Everything that the public page of a published round shows of its outcome."""
    sides = divisions.of_round(round)
    ours = next(d for d in sides if d.scenario.pk == round.proposal_id)
    old = next((d for d in sides if d.scenario.rule == Scenario.Rule.FCFS), None)
    shown = divisions.lettered([ours, *(d for d in sides if d.scenario.is_baseline)])
    refused = round.decisions.filter(awarded=False).count()
    deviations = round.decisions.filter(
        reason__in=[Decision.Reason.GIVEN_BY_BOARD, Decision.Reason.WITHHELD_BY_BOARD]
    ).count()
    return {
        "ours": ours,
        "old": old,
        "figures": [
            Figure(_("Asked"), numbers.count(round.snapshot.requests), _("requests")),
            Figure(_("Awarded"), numbers.count(ours.scenario.people), _("people")),
            Figure(_("Refused"), numbers.count(refused), _("requests")),
            Figure(
                _("Spent"),
                numbers.euros(ours.scenario.spent_cents),
                _("of %(ceiling)s") % {"ceiling": numbers.euros(to_cents(round.ceiling))},
            ),
        ],
        "comparison": divisions.comparison(shown, chosen=ours.scenario),
        "charts": _charts(ours, old),
        "agreement": blind.agreement(round),
        "deviations": deviations,
        "deviation_share": deviations / max(1, round.snapshot.requests),
        "completed": round.awards.filter(
            status__in=[Award.Status.COMPLETED, Award.Status.DETERMINED]
        ).count(),
        "signers": round.signatures.filter(withdrawn_at__isnull=True).count(),
        "floors": ours.scenario.result.get("floors", []),
    }


def _charts(ours: divisions.Division, old: divisions.Division | None) -> list[charts.Chart]:
    made = [
        *(divisions.coverage_chart(ours, column, old=old) for column in COLUMNS),
        divisions.lorenz_chart(ours, old=old),
    ]
    return [chart for chart in made if chart is not None]
