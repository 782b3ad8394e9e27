"""Who paid and why, from the free text (`:86:`) of an MT940 entry.

Dutch banks use six shapes: words between slashes (`/IBAN/…/NAME/…/REMI/…`), the IBAN and the
name on the first line (ASN, SNS), the same with name, address and text in columns (BNG), numbered
fields of 27 signs (Triodos), the text with a line for the IBAN and the name below it (Knab), or
plain text. German banks use `?20` fields, which the `mt-940` package has already taken apart.
"""

import re
from dataclasses import dataclass
from typing import Any

WORDS = (
    "TRTP|IBAN|BIC|NAME|REMI|EREF|MARF|CSID|BENM|ORDP|CNTP|ISDT|PREF|PURP|ULTC|ULTD|ULTB"
    "|RTRN|CREF|SVCL|ADDR|ID|UDTR|UCRD|TOTAL|NRTX|INIT|CHGS|OCMT"
)
SLASHED = re.compile(rf"/({WORDS})/")
IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", re.ASCII)
IBAN_FIRST = re.compile(rf"({IBAN.pattern})(?:\s+(.*))?", re.ASCII | re.DOTALL)
LINE_WIDTH = 65
# Triodos: `>10` is an old account number or zeros, `>20` to `>29` the text in pieces of 27 signs,
# of which the first two are BIC and IBAN, and `>31` the account of the statement itself.
NUMBERED = re.compile(r"[0-9]{3,10}>10", re.ASCII)
FIELD = re.compile(r">([0-9]{2})", re.ASCII)
PIECES = range(20, 30)
PIECE_WIDTH = 27
# Knab: where the text ends, or before it.
ACCOUNT_LINE = re.compile(rf"REK: ?({IBAN.pattern})(?:/NAAM: ?(.*))?", re.ASCII)
# Columns are filled up with blanks; within one there is a single blank between words.
COLUMNS = re.compile(r"[^\S\n]{2,}")


@dataclass(frozen=True, slots=True)
class Details:
    """What the text says about the other party; None where it says nothing."""

    name: str | None = None
    iban: str | None = None
    remittance: str | None = None
    structured_reference: str | None = None
    end_to_end_id: str | None = None
    payment_information_id: str | None = None
    return_reason: str | None = None


def read_details(data: dict[str, Any]) -> Details:
    """Take the text of one entry apart.

    Args:
        data: the entry as the `mt-940` package read it.

    >>> read_details({"transaction_details": "/IBAN/NL91ABNA0417164300/NAME/Bakker/REMI/mei/"})
    Details(name='Bakker', iban='NL91ABNA0417164300', remittance='mei', ...)
    """
    text = str(data.get("transaction_details") or "")
    extra = _clean(str(data.get("extra_details") or ""))
    if data.get("purpose") or data.get("applicant_name"):
        return Details(
            name=_clean(data.get("applicant_name")),
            iban=_iban(data.get("applicant_iban") or data.get("gvc_applicant_iban")),
            remittance=_clean(data.get("purpose")),
            end_to_end_id=_clean(data.get("end_to_end_reference")),
        )
    if NUMBERED.match(text):
        return _numbered(text)
    account = next(filter(None, map(ACCOUNT_LINE.match, text.split("\n"))), None)
    if account is not None:
        rest = "\n".join(line for line in text.split("\n") if line != account.string)
        return Details(
            name=_clean(account.group(2)), iban=account.group(1), remittance=_joined(rest) or None
        )
    if SLASHED.search(text):
        return _slashed(_joined(text), extra)
    first = IBAN_FIRST.match(text)
    if first is not None:
        line, _, rest = (first.group(2) or "").partition("\n")
        name, *columns = COLUMNS.split(line)
        rest = "\n".join([" ".join(columns), rest])
        return Details(name=_clean(name), iban=first.group(1), remittance=_joined(rest) or None)
    return Details(iban=_iban(extra), remittance=_joined(text) or extra)


def _slashed(text: str, extra: str | None) -> Details:
    parts = SLASHED.split(text)
    words: dict[str, str] = {}
    for word, value in zip(parts[1::2], parts[2::2], strict=True):
        words.setdefault(word, value.strip().strip("/").strip())
    remittance = words.get("REMI", "")
    structured = re.match(r"STRD/(?:CUR|ISO)/([^/]+)", remittance)
    remittance = re.sub(r"^(USTD//?|STRD/(CUR|ISO)/)", "", remittance)
    # ING puts IBAN, BIC and name behind one word.
    party = (words.get("CNTP", "") + "///").split("/")
    return Details(
        name=_clean(words.get("NAME") or party[2]),
        iban=_iban(words.get("IBAN") or party[0]) or _iban(extra),
        remittance=_clean(remittance),
        structured_reference=_clean(structured.group(1)) if structured else None,
        end_to_end_id=_clean(words.get("EREF")),
        payment_information_id=_clean(words.get("PREF")),
        return_reason=_clean(words.get("RTRN")),
    )


def _numbered(text: str) -> Details:
    """The name and the text stand in one row, with nothing between them: only the text is told."""
    parts = FIELD.split(text.replace("\n>", ">"))
    pieces = [
        value.replace("\n", "")
        for number, value in zip(parts[1::2], parts[2::2], strict=True)
        if int(number) in PIECES
    ]
    iban = _iban(pieces[1]) if len(pieces) > 1 else None
    # The package takes the blanks at the end of a line away, also those of a piece.
    row = "".join(piece.ljust(PIECE_WIDTH) for piece in pieces[2 if iban else 0 :])
    return Details(iban=iban, remittance=_clean(row))


def _joined(text: str) -> str:
    """Put cut lines together: a full line was cut within a word, a shorter one at a blank."""
    joined = ""
    for number, line in enumerate(text.split("\n")):
        width = LINE_WIDTH if number else LINE_WIDTH - len(":86:")
        joined += line if len(line) >= width else f"{line} "
    return " ".join(joined.split())


def _iban(value: object) -> str | None:
    text = re.sub(r"\s", "", str(value or "")).upper()
    return text if IBAN.fullmatch(text) else None


def _clean(value: object) -> str | None:
    return " ".join(str(value or "").split()) or None
