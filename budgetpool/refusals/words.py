"""From a code with its parameters to a sentence: the one door to the words of refusals."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from budgetpool import written
from budgetpool.refusals import (
    awards,
    books,
    consultations,
    employers,
    files,
    partners,
    payments,
    requests,
    rounds,
    schools,
    statements,
)

TABLES: Final = (
    rounds.SENTENCES,
    consultations.SENTENCES,
    awards.SENTENCES,
    payments.SENTENCES,
    requests.SENTENCES,
    files.SENTENCES,
    employers.SENTENCES,
    books.SENTENCES,
    schools.SENTENCES,
    statements.SENTENCES,
    partners.SENTENCES,
)
SENTENCES: Final[dict[str, Promise]] = {
    code: text for table in TABLES for code, text in table.items()
}


# After "up to and including"; every other moment is said as it is.
WINDOW_ENDS: Final = ("closes_at", "closed_at")


def say(code: str, params: Mapping[str, Any]) -> str:
    """The sentence of a code in the active language; one that has none gets a general one."""
    if code not in SENTENCES:
        return _("This is not possible now. Load the page again, or call us if you need help.")
    return str(SENTENCES[code]) % {name: _write(name, value) for name, value in params.items()}


def _write(name: str, value: Any) -> str:
    """A parameter as people read it; the end of its name tells what it is."""
    if name.endswith("_cents"):
        return written.euros(value)
    if name.endswith("_on"):
        return written.day(date.fromisoformat(value) if isinstance(value, str) else value)
    if name in WINDOW_ENDS:
        return written.until(datetime.fromisoformat(value) if isinstance(value, str) else value)
    if name.endswith("_at"):
        return written.moment(datetime.fromisoformat(value) if isinstance(value, str) else value)
    if isinstance(value, Iterable) and not isinstance(value, str | Promise):
        return ", ".join(str(part) for part in value)
    return str(value)
