"""How the bank's side is written: amounts, what is left out of the books, why a file is held."""

from datetime import date
from typing import Any

from django.utils.formats import get_format, number_format
from django.utils.translation import gettext_lazy as _

from budgetpool import written

LEFT_OUT = {
    "other_account": _("not an account of this fund: shown, not booked"),
    "other_currency": _("not in euros: shown, not booked"),
    "set_aside": _("set aside by two people: not booked"),
    "interim": _("an interim report that may still change: shown, not booked"),
}
HELD = {
    "balance_not_proven": _(
        "It does not add up: it begins at %(opening_cents)s, its lines are %(total_cents)s "
        "together, and it ends at %(closing_cents)s (a difference of %(difference_cents)s)."
    ),
    "control_total_wrong": _("Its own count or sum contradicts its lines."),
    "gap": _(
        "A statement is missing: one ended at %(closing_cents)s and the next begins at "
        "%(from_cents)s (a gap of %(gap_cents)s). Import the missing one first."
    ),
    "opening_differs": _(
        "It begins at %(from_cents)s, which is not the opening balance of the account "
        "(a gap of %(gap_cents)s)."
    ),
    "before_opening": _(
        "It is from before the opening balance of %(opening_cents)s with which the books begin."
    ),
    "contradicts": _(
        "It tells something else about %(first_on)s up to and including %(last_on)s than a file "
        "that is booked. One of the two is not the bank’s."
    ),
    "month_closed": _(
        "It tells of days up to and including %(closed_on)s, which are closed. Two people open the "
        "month again first, and then it is imported once more."
    ),
    "no_balances": _(
        "It gives no balances, so nothing proves that it follows the statements before it."
    ),
    "known_or_next": _(
        "Its lines are booked already, or it is the next statement: the balances fit both ways, "
        "for the account was at the same balance before. It ends at %(closing_cents)s."
    ),
}

PARTS = {
    "opening_not_booked": _(
        "The opening balance is not booked: the first statement begins at %(from_cents)s"
    ),
    "gap": _("A statement is missing between %(closing_on)s and %(first_on)s"),
    "beside_the_chain": _(
        "Lines of statement %(statement)s, which no balances prove or another file contradicts"
    ),
    "not_all_booked": _(
        "Statement %(statement)s moved more than its booked lines: lines in another currency, or "
        "lines that it lacks"
    ),
    "no_entry": _("Bookings on the account that no line of a statement is behind"),
}


def part_of(code: str, params: dict[str, Any]) -> str:
    """What a part of the difference between bank and books is, in the active language."""
    return str(PARTS[code]) % {name: _write(name, value) for name, value in params.items()}


def why_held(code: str, params: dict[str, Any]) -> str:
    """Why a file is held, in the active language."""
    return str(HELD[code]) % {name: _write(name, value) for name, value in params.items()}


def _write(name: str, value: Any) -> str:
    if name.endswith("_on"):
        return written.day(date.fromisoformat(value))
    return euros(value) if name.endswith("_cents") else str(value)


def euros(cents: int) -> str:
    """Cents as written euros, with a non-breaking space.

    >>> euros(-125050)
    '€ -1.250,50'
    """
    sign = "-" if cents < 0 else ""
    whole, part = divmod(abs(cents), 100)
    return f"€\u00a0{sign}{number_format(whole, force_grouping=True)}{_decimal_mark()}{part:02}"


def _decimal_mark() -> str:
    return str(get_format("DECIMAL_SEPARATOR"))
