"""The names of the groups that a division speaks about, by column and code."""

from typing import Any, Final

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budgetpool.register.codes import Contract, EducationLevel, Sector

COLUMNS: Final[dict[str, Any]] = {
    "education_level": gettext_lazy("Education"),
    "education": gettext_lazy("Highest diploma"),
    "contract": gettext_lazy("Contract"),
    "sector": gettext_lazy("Sector of the work"),
    "training_sector": gettext_lazy("Sector of the training"),
    "target": gettext_lazy("At most MBO 4 and no training in two years"),
    "first_timer": gettext_lazy("No training in the last two years"),
    "refused_for_money": gettext_lazy("Earlier refusals for lack of money"),
    "provider_id": gettext_lazy("School"),
    "training_id": gettext_lazy("Training"),
}
LEVELS: Final[dict[str, Any]] = {
    "low": gettext_lazy("No diploma, VMBO or MBO 1"),
    "middle": gettext_lazy("MBO 2 to 4, HAVO or VWO"),
    "high": gettext_lazy("HBO or university"),
}
YES_NO: Final[dict[str, Any]] = {"yes": gettext_lazy("Yes"), "no": gettext_lazy("No")}
# Of each column whose groups have names; made once, for a page asks it hundreds of times.
NAMES: Final[dict[str, dict[str, Any]]] = {
    "education_level": LEVELS,
    "education": dict(EducationLevel.choices),
    "contract": dict(Contract.choices),
    "sector": dict(Sector.choices),
    "training_sector": dict(Sector.choices),
    "target": YES_NO,
    "first_timer": YES_NO,
}


def rank(column_code: str, code: str | None) -> tuple[int, str]:
    """Where a group stands among those of its column: by level, by kind of contract, by letter."""
    order = [str(known) for known in _names(column_code)]
    text = code or ""
    return (order.index(text) if text in order else len(order), text)


def column(code: str) -> str:
    """The name of a column; the code itself where it has none."""
    return str(COLUMNS.get(code, code))


def group(column_code: str, code: str | None) -> str:
    """The name of a group within a column."""
    if code is None:
        return _("Small groups together")
    return capfirst(str(_names(column_code).get(code, code)) or _("Not known"))


def _names(column_code: str) -> dict[str, Any]:
    return NAMES.get(column_code, {})
