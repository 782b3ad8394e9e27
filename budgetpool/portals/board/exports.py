"""Lists of the board as files for a spreadsheet: exactly what the list shows."""

import csv
import io
from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from allocation.models import Comment
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


def comments_csv(rows: Iterable[tuple[Comment, str]]) -> bytes:
    """One line per comment of a consultation: what it is about, its words, the answer."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    head = (_("Sent"), _("About"), _("Name"), _("Comment"), _("State"), _("Answer"))
    writer.writerow([guard(name) for name in head])
    for comment, about in rows:
        state = " ".join([comment.get_state_display(), comment.get_why_display()]).strip()
        texts = (about, comment.shown_name, comment.text, state, comment.answer or "")
        sent = timezone.localtime(comment.sent_at)
        writer.writerow([f"{sent:%Y-%m-%d %H:%M}", *(guard(text) for text in texts)])
    return out.getvalue().encode("utf-8-sig")
