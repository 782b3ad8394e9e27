"""Lists of the board as files for a spreadsheet: exactly what the list shows."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from allocation.models import Comment
from budgetpool.portals.board.listing import Line
from budgetpool.portals.components.spreadsheets import as_csv, decimal, guard


def requests_csv(lines: Iterable[Line]) -> bytes:
    """One line per request, with semicolons and decimal commas, as Dutch spreadsheets expect."""
    head = (_("Request"), _("Training"), _("School"), _("Costs"), _("Outcome"), _("Why"))
    rows = [[guard(name) for name in head]]
    for line in lines:
        choice = line.choice
        title, school = (choice.title, choice.provider_name) if choice else ("", "")
        cents = choice.amount_cents if choice else 0
        rows.append(
            [
                *(guard(text) for text in (line.request.reference, title, school)),
                decimal(cents),
                _("Yes") if line.outcome.awarded else _("No"),
                guard(" ".join(line.why)),
            ]
        )
    return as_csv(rows)


def comments_csv(rows: Iterable[tuple[Comment, str]]) -> bytes:
    """One line per comment of a consultation: what it is about, its words, the answer."""
    head = (_("Sent"), _("About"), _("Name"), _("Comment"), _("State"), _("Answer"))
    table = [[guard(name) for name in head]]
    for comment, about in rows:
        state = " ".join([comment.get_state_display(), comment.get_why_display()]).strip()
        texts = (about, comment.shown_name, comment.text, state, comment.answer or "")
        sent = timezone.localtime(comment.sent_at)
        table.append([f"{sent:%Y-%m-%d %H:%M}", *(guard(text) for text in texts)])
    return as_csv(table)
