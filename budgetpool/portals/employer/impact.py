"""What the money of a fund did: people, sectors, levels, outcomes. Never one person.

All employers of a fund see the same figures, because the money goes into one pool.
"""

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, F
from django.utils.translation import gettext as _

from allocation.models import Award
from budgetpool.fund.models import Fund
from budgetpool.portals.components import charts, numbers
from budgetpool.portals.components.parts import Figure
from budgetpool.register.codes import EducationLevel, Outcome, Sector

LEAST: Final = 10
"""A group of fewer people is not shown on its own."""

ENDED: Final = (
    Award.Status.DECLINED,
    Award.Status.CANCELLED,
    Award.Status.NO_SHOW,
    Award.Status.RECOVERED,
)
FINISHED: Final = (Award.Status.COMPLETED, Award.Status.DETERMINED)


@dataclass(frozen=True, slots=True)
class Impact:
    """The figures and pictures of one fund; no pictures while there are fewer than ten people."""

    fund: Fund
    people: int
    figures: list[Figure]
    charts: list[charts.Chart]

    @property
    def is_shown(self) -> bool:
        return self.people >= LEAST


def of(fund: Fund) -> Impact:
    """What the fund's awards did so far."""
    awards = Award.objects.filter(round__fund=fund).exclude(status__in=ENDED)
    people = trained_people(fund)
    if people < LEAST:
        return Impact(fund, people, [], [])
    known = awards.filter(choice__training__isnull=False).exclude(request__worker__sector="")
    crossed = known.exclude(request__worker__sector=F("choice__training__sector")).count()
    finished = awards.filter(status__in=FINISHED).count()
    figures = [
        Figure(_("People with a training"), numbers.count(people)),
        Figure(
            _("Went to another sector"),
            numbers.percent(crossed / known.count()) if known.count() else numbers.NOTHING,
            _("of those whose sector is known"),
        ),
        Figure(
            _("Training finished"),
            numbers.count(finished) if finished >= LEAST else _("fewer than 10 people"),
        ),
    ]
    pictures = [
        _picture(
            _("In which sectors people learn"),
            _("Most people learn for: %(name)s."),
            _counts(awards, "choice__training__sector", dict(Sector.choices)),
            _("Sector of the training"),
        ),
        _picture(
            _("Who gets a training"),
            _("Most people have this diploma: %(name)s."),
            _counts(awards, "request__worker__education", dict(EducationLevel.choices)),
            _("Highest diploma"),
        ),
        _picture(
            _("What the training ends in"),
            _("Most trainings end in: %(name)s."),
            _counts(awards, "choice__training__outcome", dict(Outcome.choices)),
            _("Outcome"),
        ),
    ]
    return Impact(fund, people, figures, [picture for picture in pictures if picture])


def trained_people(fund: Fund, *, year: int | None = None) -> int:
    """People with an award that was not declined or ended otherwise."""
    awards = Award.objects.filter(round__fund=fund).exclude(status__in=ENDED)
    if year is not None:
        awards = awards.filter(granted_at__year=year)
    return awards.values("request__worker").distinct().count()


def _counts(awards: Any, path: str, labels: dict[str, Any]) -> list[charts.Bar]:
    """People per value, the largest first; small groups together, and left out if still small."""
    rows = list(awards.order_by().values_list(path).annotate(people=Count("pk")))
    shown = sorted(
        ((value, people) for value, people in rows if people >= LEAST and value),
        key=lambda row: (-row[1], row[0]),
    )
    small = sum(people for value, people in rows if people < LEAST or not value)
    bars = [charts.Bar(str(labels.get(value, value)), people) for value, people in shown]
    # One small group alone could be reckoned from the total: it takes the smallest shown along.
    if 0 < small < LEAST and bars:
        small += int(bars.pop().value)
    if small >= LEAST:
        bars.append(charts.Bar(_("other or unknown"), small))
    return bars


def _picture(
    title: str, sentence: str, bars: list[charts.Bar], group_name: str
) -> charts.Chart | None:
    if not bars:
        return None
    return charts.bars(
        title,
        sentence % {"name": bars[0].name},
        bars,
        group_name=group_name,
        value_name=_("People"),
        write=lambda value: numbers.count(int(value)),
    )
