"""The requests of a round as a file for a spreadsheet: exactly those that the list shows."""

import csv
import io
from collections.abc import Iterable

from django.utils.translation import gettext as _

from budgetpool.portals.board.listing import Line
from budgetpool.portals.components.spreadsheets import guard


def requests_csv(lines: Iterable[Line]) -> bytes:
    """One line per request, with semicolons and decimal commas, as Dutch spreadsheets expect."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    head = (_("Request"), _("Training"), _("School"), _("Costs"), _("Outcome"), _("Why"))
    writer.writerow([guard(name) for name in head])
    for line in lines:
        choice = line.choice
        title, school = (choice.title, choice.provider_name) if choice else ("", "")
        cents = choice.amount_cents if choice else 0
        writer.writerow(
            [
                *(guard(text) for text in (line.request.reference, title, school)),
                f"{cents // 100},{cents % 100:02}",
                _("Yes") if line.outcome.awarded else _("No"),
                guard(" ".join(line.why)),
            ]
        )
    return out.getvalue().encode("utf-8-sig")
