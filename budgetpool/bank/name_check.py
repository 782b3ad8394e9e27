"""The banks' check of a name with an IBAN (verification of payee), behind one small door.

A backend is a function that gets an IBAN and the name that somebody wrote, and gives what the
payee's bank says of the two. `BUDGETPOOL_NAME_CHECK` names it. The one that stands here reads the
answers that a bank gives in bulk, from the CSV file of `BUDGETPOOL_NAME_CHECK_FILE`:

    iban,name,result,suggestion
    NL20INGB0001234567,Lasschool BV,close_match,Lasschool Twente B.V.

The result is `match`, `close_match`, `no_match` or `not_known`; of several lines about one IBAN
and name the last one counts.
"""

import csv
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.module_loading import import_string

CLOSE, NO_MATCH, NOT_KNOWN = "close_match", "no_match", "not_known"
RESULTS: Final = ("match", CLOSE, NO_MATCH, NOT_KNOWN)
COLUMNS: Final = ("iban", "name", "result")
# The backend of `BUDGETPOOL_NAME_CHECK_FILE`.
FROM_FILE: Final = "budgetpool.bank.name_check.from_file"
SUGGESTION_LENGTH: Final = 70
LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a bank says of a name: one of `RESULTS`, and with a close match the name it knows."""

    result: str
    suggestion: str = ""


type Backend = Callable[[str, str], Answer]


def ask(*, iban: str, name: str) -> Answer | None:
    """What the payee's bank says of an IBAN and a name; None where no check is set up.

    A backend that fails or says something unheard-of is `not_known`: nobody waits for a bank, and
    a fault never counts as a match.

    Args:
        iban: in its electronic form.
        name: of the account holder, as somebody wrote it.
    """
    if not settings.NAME_CHECK:
        return None
    backend: Backend = import_string(settings.NAME_CHECK)
    try:
        answer = backend(iban, name)
    except Exception:
        LOG.exception("the check of a name with an IBAN failed")
        return Answer(NOT_KNOWN)
    if answer.result not in RESULTS:
        LOG.error("the check of a name with an IBAN gave an unknown result")
        return Answer(NOT_KNOWN)
    suggestion = answer.suggestion[:SUGGESTION_LENGTH] if answer.result == CLOSE else ""
    return Answer(answer.result, suggestion)


def from_file(iban: str, name: str) -> Answer:
    """The answer that the file holds for this IBAN and exactly this name, however it is spaced.

    Raises:
        ValueError: the file has no such columns.
        OSError: it cannot be read.
    """
    found = Answer(NOT_KNOWN)
    for row in _rows(Path(settings.NAME_CHECK_FILE)):
        is_asked = _plain(row["iban"]).replace(" ", "") == iban.casefold()
        if is_asked and _plain(row["name"]) == _plain(name):
            result = _plain(row["result"]).replace(" ", "_").replace("-", "_")
            found = Answer(result, (row.get("suggestion") or "").strip())
    return found


def look_at(file: Path) -> int:
    """How many answers a file holds, read to its end.

    Raises: as `from_file`; ValueError too where it is no text, or holds no answer.
    """
    count = sum(1 for _row in _rows(file))
    if not count:
        raise ValueError("it holds no answer")
    return count


def _rows(path: Path) -> Iterator[dict[str, str | None]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        head = file.readline()
        mark = ";" if ";" in head else ","
        columns = [part.strip().casefold() for part in head.split(mark)]
        if not set(COLUMNS) <= set(columns):
            raise ValueError("the first line has to name iban, name and result")
        yield from csv.DictReader(file, columns, delimiter=mark)


def _plain(text: str | None) -> str:
    return " ".join((text or "").split()).casefold()
