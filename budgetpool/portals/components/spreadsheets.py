"""Files for a spreadsheet: the one guard that every export of the product passes, and CSV."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

# A cell that begins so is read as a formula, also in wide forms and behind blanks.
FORMULA_STARTS = ("=", "+", "-", "@", "|", "%")


def guard(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe stands in front.

    Signs that no sheet can hold are left out. Numbers do not come here: a negative amount stays
    a number.

    >>> guard("=HYPERLINK(1)")
    "'=HYPERLINK(1)"
    """
    kept = "".join(sign for sign in text if sign in "\t\r\n" or unicodedata.category(sign) != "Cc")
    # Wide, small and other forms of a sign are the sign itself to some programs.
    seen = unicodedata.normalize("NFKC", kept).lstrip().replace("\u2212", "-")
    is_formula = seen.startswith(FORMULA_STARTS) or kept.startswith(("\t", "\r", "\n"))
    return f"'{kept}" if is_formula else kept


def as_csv(rows: Iterable[Sequence[Any]]) -> bytes:
    """Rows, the head first, as Dutch spreadsheets expect them: semicolons, and UTF-8 with its mark.

    What people wrote has to be guarded before.
    """
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def decimal(cents: int) -> str:
    """An amount as Dutch spreadsheets read it.

    >>> decimal(-1205)
    '-12,05'
    """
    euros, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{euros},{rest:02d}"
