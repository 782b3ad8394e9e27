"""What a decision of the board changes: the frontier in words, a picture and a table."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from allocation.models import Round, Scenario
from allocation.rounds import scenarios, tasks
from budgetpool.jobs.models import Job
from budgetpool.portals.components import charts, numbers
from budgetpool.portals.components.tables import Column, Table


def of(round: Round) -> dict[str, Any]:
    """The newest comparison of the smallest change with the best division; empty without one."""
    done = (
        Job.objects.filter(key=f"{tasks.prefix(round)}change", state=Job.State.DONE)
        .order_by("-attempt")
        .first()
    )
    rows = done.result["rows"] if done else []
    if done is None or not rows:
        return {}
    wanted = done.arguments["wanted"]
    known = {row.name: row for row in scenarios.ours_of(round)}
    best, small = known.get(wanted["best"]), known.get(wanted["small"])
    if best is None or small is None or best.pk in scenarios.outdated(round):
        return {}
    return {
        "before": wanted["instead_of"],
        "best": best,
        "small": small,
        "sentence": _sentence(rows[0], rows[-1]),
        "chart": _chart(rows) if len({row["changed"] for row in rows}) > 1 else None,
        "table": _table(rows, small, best),
    }


def _sentence(small: dict[str, Any], best: dict[str, Any]) -> str:
    share = small["cost"] / best["value"] if best["value"] else 0.0
    return _(
        "People who get another outcome: at least %(few)s, and %(many)s in the division with the "
        "most points. Changing as few as possible costs %(cost)s of the points."
    ) % {
        "few": numbers.count(small["changed"]),
        "many": numbers.count(best["changed"]),
        "cost": numbers.percent(share, 2),
    }


def _chart(rows: list[dict[str, Any]]) -> charts.Chart:
    best = rows[-1]["value"] or 1
    places: dict[tuple[int, int], dict[str, Any]] = {}
    for row in rows:
        places[row["changed"], row["cost"]] = row
    return charts.curve(
        _("What does it cost to change fewer people?"),
        _("Each point is a division that keeps every promise of the rule."),
        [
            charts.Point(
                numbers.count(row["changed"]), _people(row["changed"]), row["changed"],
                row["cost"] / best,
            )
            for row in places.values()
        ],
        x_name=_("People with another outcome"),
        y_name=_("Points less than the most"),
        write_x=lambda value: numbers.count(round(value)),
        write_y=lambda value: numbers.percent(value, 1),
        point_name=_("Way of dividing"),
    )  # fmt: skip


def _people(number: int) -> str:
    return ngettext("%(number)s person changes", "%(number)s people change", number) % {
        "number": numbers.count(number)
    }


def _table(rows: list[dict[str, Any]], small: Scenario, best: Scenario) -> Table:
    names = {0: small.name, len(rows) - 1: best.name}
    return Table(
        [
            Column(_("Way of dividing")),
            Column(_("Other outcome"), numeric=True),
            Column(_("Gain"), numeric=True),
            Column(_("Lose"), numeric=True),
            Column(_("Another training"), numeric=True),
            Column(_("Points less"), numeric=True),
        ],
        [
            [
                names.get(place) or _at_most(row["most"]),
                *(numbers.count(row[key]) for key in ("changed", "gained", "lost", "other")),
                numbers.percent(row["cost"] / (rows[-1]["value"] or 1), 2),
            ]
            for place, row in enumerate(rows)
        ],
    )


def _at_most(most: int) -> str:
    return _("People who change: at most %(number)s") % {"number": numbers.count(most)}
