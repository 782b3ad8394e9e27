"""Open items by their age, as a table: one line per kind, one column per class of age."""

from datetime import date
from typing import Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budgetpool.fund.models import Fund
from budgetpool.portals.components import numbers
from budgetpool.portals.components.tables import Column, Table
from employers import open_items

KINDS: Final[dict[str, Promise]] = {
    "suspense": gettext_lazy("received, not explained"),
    "unexplained": gettext_lazy("left the bank, not explained"),
    "provider": gettext_lazy("owed by providers"),
    "person": gettext_lazy("owed by people"),
    "request": gettext_lazy("asked of employers, not in the books"),
}
AGES: Final = (
    gettext_lazy("at most 30 days"),
    gettext_lazy("31 to 60 days"),
    gettext_lazy("61 to 90 days"),
    gettext_lazy("more than 90 days"),
)


def table(fund: Fund, until: date) -> Table:
    """What was open at the end of a day; kinds of which nothing was open are left out."""
    aged_on = min(until, timezone.localdate())
    sums = open_items.by_age(open_items.of(fund, until), aged_on)
    rows = [
        [
            str(KINDS[kind]),
            *(numbers.euros_exact(cents) for cents in classes),
            numbers.euros_exact(sum(classes)),
        ]
        for kind, classes in sums.items()
        if any(classes)
    ]
    columns = [
        Column(_("Kind")),
        *(Column(str(age), numeric=True) for age in AGES),
        Column(_("Total"), numeric=True),
    ]
    return Table(columns, rows, empty=_("Nothing was open."))
