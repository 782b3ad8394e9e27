"""Divisions of a round side by side: the figures by which a board and the public compare them.

Everything here is read from what was computed and kept with each scenario; nothing is decided.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import F
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from allocation.models import Round, Scenario
from budgetpool.portals.components import charts, groups, numbers
from budgetpool.portals.components.policy import promised_to
from budgetpool.portals.components.suppression import Group, suppress
from budgetpool.portals.components.tables import Column, Table

# What a page shows of how a division came out.
OF_RESULT = ("coverage", "floors", "gap", "value", "waiting")
LETTERS = "ABCDEFGHIJ"


@dataclass(frozen=True)
class Division:
    """One scenario with its letter and the figures that matter."""

    letter: str
    scenario: Scenario
    best_value: int
    is_old: bool = False

    @property
    def label(self) -> str:
        marks = [] if self.scenario.is_proven else [not_proven(self.scenario)]
        if self.is_old:
            marks.append(_("old: the board decided on requests since"))
        return " – ".join([label(self.scenario), *marks])

    @property
    def promises(self) -> list[dict[str, Any]]:
        """What the rule promises to groups: `name`, `required_cents`, `reached_cents`, `cause`."""
        rows = self.scenario.result.get("floors") or []
        return [row for row in rows if row.get("kind") == "floor"]

    @property
    def waited(self) -> tuple[int, int] | None:
        """Of the people who waited so long that they go first: how many are served, and all.

        Nothing where this scenario's rule lets nobody go first.
        """
        rows = self.scenario.result.get("waiting")
        if rows is None:
            return None
        return sum(row["served"] for row in rows), sum(row["people"] for row in rows)

    @property
    def name(self) -> str:
        return f"{self.letter}. {self.label}"

    @property
    def numbers(self) -> dict[str, Any]:
        return dict(self.scenario.measures.get("numbers", {}))

    @property
    def value_index(self) -> float:
        """The value, with the best scenario's as 100."""
        return 100 * value(self.scenario) / (self.best_value or 1)

    @property
    def gap(self) -> float:
        """How much more value another division could have, at most, as a share; 0 when none."""
        return float(self.scenario.result.get("gap") or 0)

    @property
    def smallest_share(self) -> float | None:
        """The share of the group in which the fewest get a training."""
        shares = [group["share"] for group in self.scenario.result.get("coverage", {}).values()]
        return min(shares, default=None)

    def coverage(self, column: str) -> list[Group]:
        """People asking and awarded per group of a column."""
        rows = self.scenario.measures.get("coverage", {}).get(column, [])
        found = [Group(str(r["group"]), int(r["applying"]), int(r["awarded"])) for r in rows]
        return sorted(found, key=lambda group: groups.rank(column, group.code))


def label(scenario: Scenario) -> str:
    """What people call a scenario: the board's name for it, or the name of the old rule."""
    if scenario.is_baseline:
        return _("%(rule)s (to compare)") % {"rule": capfirst(scenario.get_rule_display())}
    return scenario.name


def not_proven(scenario: Scenario) -> str:
    """That a division is the best that was found, with the most that another could be better."""
    return _("not proven: another could be worth at most %(gap)s more") % {
        "gap": numbers.percent(float(scenario.result.get("gap") or 0), 2)
    }


def value(scenario: Scenario) -> int:
    """What a division is worth by the round's own rule, also where the scenario's rule differs."""
    numbers = scenario.measures.get("numbers", {})
    return int(numbers.get("value", scenario.result.get("value", 0)))


def of_round(round: Round, *, old: Collection[int] = ()) -> list[Division]:
    """The round's divisions: the fund's rule first, then the old rules as a comparison.

    Args:
        old: the scenarios that know other decisions of the board than stand now.
    """
    scenarios = [s for s in _read(round) if s.is_divided]
    ordered = [
        *(s for s in scenarios if not s.is_baseline),
        *(s for s in scenarios if s.is_baseline),
    ]
    best = max((value(s) for s in ordered), default=0)
    return lettered([Division("", s, best, s.pk in old) for s in ordered])


def _read(round: Round) -> list[Scenario]:
    """The round's scenarios with what is shown of them: the rest of `result` grows with schools."""
    rows = round.scenarios.defer("result", *Scenario.FILES)
    found = list(rows.annotate(**{f"shown_{key}": F(f"result__{key}") for key in OF_RESULT}))
    for scenario in found:
        parts = {key: getattr(scenario, f"shown_{key}") for key in OF_RESULT}
        scenario.result = {key: part for key, part in parts.items() if part is not None}
    return found


def lettered(divisions: Sequence[Division]) -> list[Division]:
    """The same divisions as A, B, C and so on."""
    return [
        replace(division, letter=letter)
        for letter, division in zip(LETTERS, divisions, strict=False)
    ]


def comparison(divisions: Sequence[Division], *, chosen: Scenario | None = None) -> Table:
    """All divisions in one table, also where ours is worse."""
    promised = {
        floor["name"]: promised_to(floor)
        for division in divisions
        for floor in division.scenario.round.policy.rules.get("floor", [])
    }
    columns = [
        Column(_("Way of dividing")),
        *(
            Column(_("Promised to: %(group)s") % {"group": who}, numeric=True)
            for who in promised.values()
        ),
        *(
            [Column(_("Served of who waited too long"), numeric=True)]
            if any(division.waited for division in divisions)
            else []
        ),
        Column(_("People with a training"), numeric=True),
        Column(_("Spent"), numeric=True),
        Column(_("Points (best = 100)"), numeric=True),
        Column(_("Smallest group that gets"), numeric=True),
        Column(_("First training in 2 years"), numeric=True),
        Column(_("To the 20 largest schools"), numeric=True),
        Column(_("Gini"), numeric=True),
    ]
    rows = [
        [
            division.name,
            *(_kept(division, name) for name in promised),
            *([_served(division)] if any(each.waited for each in divisions) else []),
            numbers.count(division.scenario.people),
            numbers.euros(division.scenario.spent_cents),
            numbers.decimal(division.value_index, 1),
            numbers.percent(division.smallest_share),
            numbers.percent(division.numbers.get("first_timers")),
            numbers.percent(division.numbers.get("top_20_providers")),
            numbers.decimal(division.numbers.get("gini")),
        ]
        for division in divisions
    ]
    return Table(
        columns,
        rows,
        chosen={i for i, d in enumerate(divisions) if chosen and d.scenario.pk == chosen.pk},
        empty=_("No scenario has been computed yet."),
    )


def _kept(division: Division, name: str) -> str:
    """The money that a promised group gets, and whether that keeps the promise."""
    row = next((row for row in division.promises if row["name"] == name), None)
    if row is None:
        return "–"
    reached, required = int(row["reached_cents"]), int(row["required_cents"])
    words = _("%(amount)s, kept") if reached >= required else _("%(amount)s, not kept")
    return words % {"amount": numbers.euros(reached)}


def _served(division: Division) -> str:
    """How many of the people who go first get a training."""
    if division.waited is None:
        return "–"
    served, people = division.waited
    words = _("%(served)s of %(people)s")
    return words % {"served": numbers.count(served), "people": numbers.count(people)}


def coverage_chart(
    division: Division, column: str, *, old: Division | None = None, hide_small: bool = True
) -> charts.Chart | None:
    """Per group the share of its people that gets a training, beside the old rule's."""
    ours = division.coverage(column)
    theirs = {group.code: group for group in (old.coverage(column) if old else [])}
    if hide_small:
        ours = suppress(ours)
        if old and {g.code for g in suppress(theirs.values())} == {g.code for g in ours}:
            theirs = {group.code: group for group in suppress(theirs.values())}
        elif old:
            theirs = {}
    if not ours:
        return None
    largest = max(ours, key=lambda group: group.share)
    smallest = min(ours, key=lambda group: group.share)
    return charts.bars(
        groups.column(column),
        _("Of “%(high)s” %(high_share)s gets a training, of “%(low)s” %(low_share)s.")
        % {
            "high": groups.group(column, largest.code),
            "high_share": numbers.percent(largest.share),
            "low": groups.group(column, smallest.code),
            "low_share": numbers.percent(smallest.share),
        },
        [
            charts.Bar(
                groups.group(column, group.code),
                group.share,
                theirs[group.code].share if group.code in theirs else None,
            )
            for group in ours
        ],
        group_name=_("Group"),
        value_name=_("Gets a training"),
        compare_name=old.label if old and theirs else "",
        write=numbers.percent,
    )


def fairness_chart(
    divisions: Sequence[Division], *, chosen: Scenario | None = None
) -> charts.Chart | None:
    """What a larger chance for the smallest group costs in points."""
    known = [d for d in divisions if d.smallest_share is not None]
    ours = [d for d in known if not d.scenario.is_baseline]
    if len(known) < 2 or not ours:
        return None
    # Divisions at one place are one point with several letters, so that no letter hides another.
    places: dict[tuple[int, int, bool], list[Division]] = {}
    for d in known:
        at = (round(1000 * (d.smallest_share or 0)), round(10 * d.value_index))
        places.setdefault((*at, d.scenario.is_baseline), []).append(d)
    points = [
        charts.Point(
            ", ".join(d.letter for d in here),
            "; ".join(d.name for d in here),
            here[0].smallest_share or 0.0,
            1 - here[0].value_index / 100,
            chosen=any(chosen and chosen.pk == d.scenario.pk for d in here),
            apart=here[0].scenario.is_baseline,
        )
        for here in places.values()
    ]
    pick = next((d for d in ours if chosen and d.scenario.pk == chosen.pk), ours[0])
    return charts.curve(
        _("What does sharing fairly cost?"),
        _("With %(name)s, %(share)s of the smallest group gets a training. It costs %(cost)s.")
        % {
            "name": pick.letter,
            "share": numbers.percent(pick.smallest_share),
            "cost": _("%(percent)s of the points")
            % {"percent": numbers.percent(1 - pick.value_index / 100, 1)},
        },
        points,
        x_name=_("Smallest group: share that gets"),
        y_name=_("Points less than the most"),
        write_x=numbers.percent,
        write_y=lambda value: numbers.percent(value, 1),
        point_name=_("Way of dividing"),
    )


def lorenz_chart(division: Division, *, old: Division | None) -> charts.Chart | None:
    """How evenly the money is spread over all who asked."""
    shown = [d for d in (division, old) if d is not None and d.scenario.measures.get("lorenz")]
    if not shown:
        return None
    return charts.lorenz(
        _("How even is it?"),
        _("The nearer to the straight line, the more evenly the money is spread."),
        [
            charts.Shares.from_curve(
                d.label,
                d.scenario.measures["lorenz"]["people_share"],
                d.scenario.measures["lorenz"]["euros_share"],
                old=d.scenario.is_baseline,
            )
            for d in shown
        ],
        people_name=_("Share of those who asked"),
        even_name=_("Exactly even"),
        write=numbers.percent,
    )
