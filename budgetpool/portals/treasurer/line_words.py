"""The words for the kinds of parts of a line, and choices as a list to pick from."""

from itertools import groupby
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from allocation.payouts.lines.choices import Choice
from allocation.payouts.lines.suggesting import Suggestion
from budgetpool.portals.components import numbers

KINDS: Final[dict[str, Promise]] = {
    "request": _("Contribution request"),
    "gift": _("Gift of an employer"),
    "returned": _("Payment of ours that came back"),
    "recovery": _("Pays back a debt"),
    "provider": _("Pays several debts of a school"),
    "batch": _("A whole file of payments"),
    "allbut": _("A whole file but for one payment"),
    "payout": _("Payment of ours"),
    "refund": _("Deposit that we send back"),
    "own": _("Between accounts of the fund"),
    "chargeback": _("A deposit that was taken back"),
    "mended": _("A slip that the bank put right"),
    "costs": _("Costs"),
    "interest": _("Interest"),
    "tax": _("Tax"),
    "back": _("Not ours: send it back"),
}


def options(choices: list[Choice]) -> list[tuple[str, str] | tuple[str, list[tuple[str, str]]]]:
    """Choices as the options of a select; those of one kind stand together."""
    found: list[tuple[str, str] | tuple[str, list[tuple[str, str]]]] = []
    for kind, rows in groupby(choices, key=lambda choice: choice.kind):
        label = str(KINDS[kind])
        listed = list(rows)
        if listed[0].words:
            found.append((label, [(one.part, _with_amount(one)) for one in listed]))
        else:
            found.append((listed[0].part, label))
    return found


def say(suggestion: Suggestion) -> str:
    """A suggestion on one button: each part with its amount."""
    parts = [
        f"{KINDS[choice.kind]}{': ' if choice.words else ''}{choice.words}, "
        f"{numbers.euros_exact(cents)}"
        for choice, cents in zip(suggestion.choices, suggestion.cents, strict=True)
    ]
    before = _("As before: %(parts)s") if suggestion.is_as_before else "%(parts)s"
    return str(before) % {"parts": " + ".join(parts)}


def _with_amount(choice: Choice) -> str:
    amount = "" if choice.cents is None else f", {numbers.euros_exact(choice.cents)}"
    return f"{choice.words}{amount}"
