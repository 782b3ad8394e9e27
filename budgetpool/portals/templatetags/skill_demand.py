"""What the employers of a region expect to need, for every page that shows it."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from budgetpool.fund.models import Fund
from budgetpool.portals.components import numbers
from budgetpool.portals.components.tables import Column, Table
from employers import demand
from employers.models import SkillDemand

register = template.Library()
SHOWN = 10


@register.inclusion_tag("employer/skill_demand.html")
def skill_demand(fund: Fund) -> dict[str, Any]:
    """The largest expected needs of a fund's region, all employers together; never who said it."""
    words = dict(SkillDemand.Direction.choices)
    known = demand.of_region(fund)
    rows = [
        [row.skill, words[row.direction], numbers.count(row.people_count)] for row in known[:SHOWN]
    ]
    columns = [
        Column(_("Skill or diploma")),
        Column(_("What changes")),
        Column(_("People"), numeric=True),
    ]
    return {
        "table": Table(columns, rows) if rows else None,
        "shown": SHOWN,
        "count": len(known),
        "is_cut": len(known) > SHOWN,
    }
